"""A trial: a violation says what the server did, without the key in any encoding."""

from __future__ import annotations

import json
from base64 import b64encode
from urllib.parse import quote

import httpx
import pytest

from contract_tests.replay import Purpose
from contract_tests.run import JUDGE
from contract_tests.trial import ContractViolation, Trial
from contract_tests.wire.request import Request
from contract_tests.wire.server import Server

ODD_KEY = "Se\"cr%4é x'y<z>&\\-Kb+Bq7-CcC"


@pytest.mark.parametrize(
    "written",
    [
        ODD_KEY,
        ODD_KEY.lower(),
        ODD_KEY[:-4],
        quote(quote(ODD_KEY)),
        "".join(f"&#{ord(character)};" for character in ODD_KEY),
        b64encode(ODD_KEY.encode()).decode(),
        json.dumps(json.dumps(ODD_KEY)),
    ],
    ids=["plain", "in small letters", "most of it", "encoded twice", "in HTML", "in Base64", "escaped twice"],
)
def test_a_failure_shows_no_key_in_any_encoding(written: str) -> None:
    server = Server("http://127.0.0.1", ODD_KEY, httpx.MockTransport(lambda _: httpx.Response(200, text=written)))
    trial = Trial(server, JUDGE, ODD_KEY, "make contract")
    with pytest.raises(ContractViolation) as violation:
        trial.send(Purpose("a rule", "a sentence", "kept"), Request("POST", "/contact/x/message"), None)
    report = f"{violation.value}{violation.value.details}"
    for part in (ODD_KEY[:12], written):
        assert part.lower() not in report.lower()


def test_what_is_not_http_is_not_quoted() -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError(f"illegal status line: {bytearray(ODD_KEY.encode())!r}")

    trial = Trial(Server("http://127.0.0.1", ODD_KEY, httpx.MockTransport(broken)), JUDGE, ODD_KEY, "make contract")
    with pytest.raises(ContractViolation) as violation:
        trial.send(Purpose("a rule", "a sentence", "kept"), Request("POST", "/contact/x/message"), None)
    assert "Kb+Bq7" not in f"{violation.value}{violation.value.details}"
