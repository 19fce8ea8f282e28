"""The lines of the log."""

from __future__ import annotations

from urllib.parse import quote, unquote, unquote_plus

import pytest

from tests.support import stand_in
from tests.support.stand_in import (
    BASE,
    INVALID_BODY,
    NASTY_KEY,
    OPERATION,
    SENT,
    TEXT,
    Send,
    client_of,
    encodings,
    got,
)
from ventia_mock.world.file import SAMPLE_KEY


@pytest.mark.parametrize("key", [SAMPLE_KEY, NASTY_KEY])
def test_log_has_a_line_for_each_request_and_never_the_key(key: str, caplog: pytest.LogCaptureFixture) -> None:
    """Wherever in the request the key stands, and however it is percent-encoded there."""
    caplog.set_level("DEBUG", "ventia_mock")
    caplog.set_level("DEBUG", "uvicorn")
    path = BASE + OPERATION.path.format(idcontact="string")
    forms = [form for form in encodings(key) if key in (unquote(form), unquote_plus(form))]
    with client_of(stand_in.stand_in(key=key)) as client:
        assert SENT == got(client.post(path, params={"api-key": key}, json=TEXT))
        for form in forms:
            client.post(f"{path}?api-key={form}&again={form}", json=TEXT)
            client.post(f"{BASE}/contact/{form}/message?api-key={form}", json=TEXT)
            client.post(f"/{form}?api-key={form}", json=TEXT)
        for headers in ({"Prefer": f"example={quote(key)}"}, {"api-key": quote(key)}):
            client.post(path, params={"api-key": key}, json=TEXT | {"text": key, "medium": key}, headers=headers)
    lines = [record.getMessage() for record in caplog.records if record.name != "httpx"]
    assert f"method=POST path={path} status={SENT[0]} outcome=sent company=acme" in lines
    assert 3 + 3 * len(forms) == len(lines)
    for line in lines:
        assert key not in line
        assert key not in unquote(line)
        assert key not in unquote_plus(line)


def test_log_has_the_reason_for_a_refusal(send: Send, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "ventia_mock")
    send(json=TEXT | {"text": 1})
    [line] = [record.getMessage() for record in caplog.records if record.name == "ventia_mock"]
    assert f"method=POST path={BASE}/contact/string/message status={INVALID_BODY[0]} outcome=refused" in line
    assert 'rule="/components/schemas/Message/properties/text/type"' in line
    assert 'why="text: Must be of type string (/text is 1' in line


def test_exchange_as_it_came_shows_no_key() -> None:
    """Of what is kept until somebody looks at it, an error or a debugger may show the representation."""
    with client_of(app := stand_in.stand_in()) as http:
        http.post(f"{BASE}/contact/string/message", params={"api-key": SAMPLE_KEY}, json=TEXT | {"text": SAMPLE_KEY})
        [entry] = app.journal.entries()
        assert SAMPLE_KEY not in repr(entry.draft)
        assert SAMPLE_KEY not in repr(entry.record)


def test_key_that_is_forgotten_before_anybody_looks_is_in_no_record() -> None:
    app = stand_in.stand_in()
    with client_of(app) as http:
        added = http.post("/_mock/companies").json()
        key = {"api-key": added["api_key"]}
        http.post(f"{BASE}/contact/string/message", params=key, json=TEXT | {"text": added["api_key"]})
        app.platform.accounts.remove_copy(app.platform.accounts.of(added["company"]))
        [message] = http.get("/_mock/messages").json()["messages"]
        assert "***" == message["body"]["text"]
