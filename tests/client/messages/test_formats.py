"""The client takes the same texts for a format as the stand-in does."""

from __future__ import annotations

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventia_client._runtime.messages.formats import FORMATS
from ventia_document.support.standing import Standing
from ventia_document.support.values import VALUES

LONG = ".".join(["a" * 60] * 4)
TEXTS = {
    "date": ["2026-01-01", "2026-1-1", "2026-02-30", "2024-02-29", "2026-01-01T00:00:00Z", "20260101", "0000-02-29"],
    "date-time": [
        *("1963-06-19T08:30:06.283185Z", "1937-01-01T12:00:27.87+00:20", "2020-02-29t00:00:00z"),
        *("1998-12-31T23:59:60Z", "1998-12-31T15:59:60.123-08:00", "1998-12-31T23:58:60Z", "1998-12-31T22:59:60Z"),
        *("2021-02-29T00:00:00Z", "1990-12-31T24:00:00Z", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z"),
        *("2026-01-01T00:00Z", "1963-06-19T08:30:06+24:00", "1963-06-19T08:30:06.Z", "0000-01-01T00:00:00Z"),
        *("\u0661963-06-19T08:30:06Z", "1963-06-19T08:30:06+0100", "2026-01-01T00:00:00+05:30:10", "2026-01-01"),
    ],
    "duration": [
        *("P1Y", "P1Y2M", "P1Y2D", "PT1H", "PT1H2S", "P1W", "P1W1D", "P", "PT", "P1DT", "P1D", "PT0S", "p1d", "P-1D"),
        *("P4DT12H30M5S", "P1YT1S", "P1.5D", "PT1.5S", "P2M1Y", "P1D\n", "P\u0661D"),
    ],
    "email": [
        *("a@b.c", "a@b", "a.b@c", "a..b@c", ".a@b", '"a b"@c', "a@[127.0.0.1]", "a@[IPv6:::1]", "a@[1.2.3]"),
        *("a@-b", "a@b-", "a@b_c", "@b", "a@", "a@b@c", "a b@c", "te~st@example.com", "a@b.", 'joe."x"@y', ""),
    ],
    "hostname": [
        *("a", "a.b", "-a", "a-", "a_b", "a.", "A1", "1", "a" * 63, "a" * 64, "a..b", "", ".a", "a b", "ab--c", "ä"),
        *("xn--x", "xn--4gbwdl.xn--wgbh1c", LONG, f"{LONG}.{'b' * 9}", f"{LONG}.{'b' * 10}"),
    ],
    "ipv4": ["1.2.3.4", "256.1.1.1", "1.2.3", "01.2.3.4", "1.2.3.4 ", "1.2.3.04", "10.0.0.1", "1.2.3.\u0664", ""],
    "ipv6": [
        *("::1", "::", "1::1::1", "fe80::1%eth0", "::ffff:1.2.3.4", "12345::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7"),
        *("::1/64", "ABCD::", ""),
    ],
    "json-pointer": ["", "/", "/a", "a", "/~", "/~0", "/~2", "/a~1b", "/ä", "#/a", "/a\nb"],
    "relative-json-pointer": ["0", "1/a", "01", "a", "0#", "0##", "-1", "1/~2", "/a", "", "+1", "1 /a"],
    "time": [
        *("08:30:06Z", "08:30:06", "23:59:60Z", "22:59:60Z", "23:59:60+01:00", "01:29:60+01:30", "08:30:06+01:00"),
        *("08:30:06.5z", "24:00:00Z", "8:30:06Z", "08:60:06Z", "08:30:61Z", "08:30:06-23:60"),
    ],
    "uri": [
        *("http://a", "a", "http://a b", "http://a/[x]", "http://[::1]/", "http://[x]/", "mailto:a@b", "urn:a:b"),
        *("//a", "http://a?b#c", "http://a#b#c", "http://%zz", "http://ä", "http:", "1a:b", "a:b{c}", "a:|", "a:\n"),
        *("http://a:port/", "http://a:80", "http://u:p@h/", "http://u@v@h", "tel:+1", "http://a\\b", "foo://", ""),
        *("http://a/%20", "file:///x", "http://[::1", "http://1.2.3.4:99999", "http://a:80:90"),
    ],
    "uri-reference": [
        *("a", "", "/a", "#a", "?x", "//h", "a b", "a#b#c", "%zz", "[x]", "a:b", "1a:b", ":a", "./a:b", "a/b:c"),
    ],
    "uri-template": [
        *("a", "{a}", "{a", "a}", "{}", "{+a}", "{a,b*}", "{a:3}", "{a:0}", "http://x/{a.b}", "{$a}", "a b"),
        *("%zz", "%20", "{a b}", "{a..b}", "{.a}", "{a*:3}", "{a%20}", "<", ""),
    ],
    "uuid": ["2EB8AA08-aa98-11ea-b4aa-73b441d16380", "2eb8aa08aa9811eab4aa73b441d16380", "x", "{2eb8aa08}", ""],
}


def by_the_stand_in(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True)


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_of_a_format_if_the_stand_in_takes_it(name: str) -> None:
    validator = by_the_stand_in(name)
    valid = [text for text in TEXTS[name] if validator.is_valid(text)]
    assert valid == [text for text in TEXTS[name] if FORMATS[name](text)]
    assert 0 < len(valid) < len(TEXTS[name])


@pytest.mark.parametrize("name", TEXTS)
@given(data=st.data())
def test_the_stand_in_takes_whatever_the_client_takes(name: str, data: st.DataObject) -> None:
    """But for names in Punycode, of which the client does not know which characters may be in a name."""
    text = data.draw(st.sampled_from([text for text in TEXTS[name] if "xn--" not in text.lower()]))
    at = data.draw(st.integers(0, len(text)))
    changed = (
        text[:at] + data.draw(st.sampled_from(["", *"09aZ.:-+/%#@[]~ \né"])) + text[at + data.draw(st.integers(0, 1)) :]
    )
    assert not FORMATS[name](changed) or by_the_stand_in(name).is_valid(changed), changed


def test_the_formats_that_are_followed_are_those_that_are_checked() -> None:
    followed = {name for name, entry in VALUES["schema", "format"].items() if entry.standing is Standing.FOLLOWED}
    assert followed == FORMATS.keys() == TEXTS.keys()
