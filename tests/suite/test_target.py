"""Target files: what must not or cannot be tested is refused, and no key in the wrong place is repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.run import SOURCE
from contract_tests.target.file import TargetError, read_target

ELSEWHERE = 'base_url = "https://a.example"\ncontact = "string"\n'
REFUSED = {
    "elsewhere without a table": (ELSEWHERE, r"\[safety\].*max_messages"),
    "a host that is not allowed": (
        f"{ELSEWHERE}[safety]\nmax_messages = 1\nallow_hosts = ['b.example']",
        "allow_hosts",
    ),
    "as fast as the limit": (f"{ELSEWHERE}[safety]\nmax_messages = 1\nrate = 200", "200 requests in 60 seconds"),
    "no budget": (f"{ELSEWHERE}[safety]\nrate = 1", "max_messages"),
    "no contact": ('base_url = "http://127.0.0.1"', "contact: Must be given"),
    "no URL": ('base_url = "127.0.0.1:8080"\ncontact = "string"', "base_url.*http"),
    "an unknown word": ('base_url = "http://127.0.0.1"\ncontact = "string"\n[channels]\ntiktok = "1"', "tiktok"),
    "a word that nobody is reached that does not say so": (
        'nobody_is_reached = false\nbase_url = "http://127.0.0.1"\ncontact = "string"',
        "nobody_is_reached: Must be true, or left out",
    ),
    "no TOML": ("base_url", "not TOML"),
    "half an IPv6 address": ('base_url = "http://[::1/api"\ncontact = "string"', "base_url: Must be .*http"),
    "a port that is none": ('base_url = "http://127.0.0.1:99999"\ncontact = "string"', "base_url: Must be .*http"),
    "a path that is not encoded": (
        'base_url = "http://127.0.0.1/ä"\ncontact = "string"',
        "base_url: Must be .*encoded",
    ),
    "a date": ('base_url = 1979-05-27\ncontact = "string"', "base_url: Must be .*1979-05-27"),
    "a number that is none": (f"{ELSEWHERE}[safety]\nmax_messages = nan", "max_messages: Must be"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_target_that_must_not_be_tested_is_refused(tmp_path: Path, case: str) -> None:
    text, why = REFUSED[case]
    path = tmp_path / "target.toml"
    path.write_text(text)
    with pytest.raises(TargetError, match=why):
        read_target(path, SOURCE.value["x-rate-limit"])


@pytest.mark.parametrize(
    "text",
    [
        'api_key_env = "AAAAAAA-BBBBBBB"',
        'base_url = "http://127.0.0.1/?api-key=AAAAAAA-BBBBBBB"',
        'base_url = "http://user:AAAAAAA@127.0.0.1/"',
        'base_url = "http://AAAAAAA@[::1"',
    ],
)
def test_a_key_in_the_wrong_place_is_not_repeated(tmp_path: Path, text: str) -> None:
    path = tmp_path / "target.toml"
    path.write_text(text)
    with pytest.raises(TargetError) as refused:
        read_target(path, None)
    assert "AAAAAAA" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://[::1]:8080", True),
        ("http://localhost", True),
        ("http://localhost.example.com", False),
        ("http://10.0.0.1", False),
        ("http://0.0.0.0", False),
        ("http://127.0.0.1.example.com", False),
    ],
)
def test_only_this_machine_is_local(tmp_path: Path, url: str, *, local: bool) -> None:
    path = tmp_path / "target.toml"
    path.write_text(f'base_url = "{url}"\ncontact = "string"')
    if local:
        assert read_target(path, None).base_url == url
    else:
        with pytest.raises(TargetError):
            read_target(path, None)


def test_what_a_file_says_of_one_url_is_not_said_of_another(tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    path.write_text(f"nobody_is_reached = true\n{ELSEWHERE}")
    assert read_target(path, None).nobody_is_reached
    assert read_target(path, None, "https://a.example").nobody_is_reached
    assert not read_target(path, None, "http://127.0.0.1:9").nobody_is_reached
    with pytest.raises(TargetError, match="nobody_is_reached"):
        read_target(path, None, "https://a.example:444")
