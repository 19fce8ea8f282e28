"""API keys: where they are looked for, and which one is accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.support import stand_in
from tests.support.stand_in import (
    BASE,
    INVALID_KEY,
    JSON_TYPE,
    NASTY_KEY,
    OPERATION,
    SENT,
    TEXT,
    Send,
    client_of,
    got,
)
from ventia_document.source import Json, dump, read
from ventia_mock.http.limits import LARGEST_BODY
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY, WORLD, read_world


def test_key_in_the_encoded_part_of_a_path_is_no_key(send: Send) -> None:
    assert INVALID_KEY == got(send(f"string%3Fapi-key={SAMPLE_KEY}&a=", key={}))


@pytest.mark.parametrize("body", [TEXT, {}, 1], ids=["valid", "invalid", "of a wrong type"])
@pytest.mark.parametrize(
    "key",
    [
        {},
        {"api-key": ""},
        {"api-key": SAMPLE_KEY[:-1]},
        {"api-key": SAMPLE_KEY[:7]},
        {"api-key": SAMPLE_KEY[1:]},
        {"api-key": SAMPLE_KEY + "A"},
        {"api-key": SAMPLE_KEY + " "},
        {"api-key": SAMPLE_KEY + "\0"},
        {"api-key": SAMPLE_KEY.lower()},
        {"api-key": SAMPLE_KEY.replace("-", "")},
        {"api-key": "schlüssel"},
        {"api-key": [SAMPLE_KEY, SAMPLE_KEY]},
        {"api-key": [SAMPLE_KEY, "other"]},
        {"api-key": ["other", SAMPLE_KEY]},
        {"api-key": [SAMPLE_KEY, ""]},
        {"Api-Key": SAMPLE_KEY},
        {"api_key": SAMPLE_KEY},
        {"key": SAMPLE_KEY},
    ],
    ids=str,
)
def test_request_without_the_one_known_key_is_refused_whatever_else_it_holds(send: Send, key: Any, body: Json) -> None:
    assert INVALID_KEY == got(send(key=key, json=body))


@pytest.mark.parametrize("name", ["api-key", "Authorization", "Cookie"])
def test_key_in_a_header_is_no_key(send: Send, name: str) -> None:
    for value in (SAMPLE_KEY, f"Bearer {SAMPLE_KEY}", f"api-key={SAMPLE_KEY}"):
        assert INVALID_KEY == got(send(key={}, headers=JSON_TYPE | {name: value}))


def test_unknown_key_is_refused_before_all_else(send: Send) -> None:
    assert INVALID_KEY == got(send("nobody", key={}, content=b"{", headers={"Prefer": "code=0"}))
    assert INVALID_KEY == got(send(key={}, content=b"x" * (2 * LARGEST_BODY)))


def test_other_query_parameters_change_nothing(send: Send) -> None:
    assert SENT == got(send(key=[("a", "1"), ("api-key", SAMPLE_KEY), ("a", "2"), ("text", "")]))


def test_each_known_key_opens_whatever_its_characters(tmp_path: Path) -> None:
    path = BASE + OPERATION.path.format(idcontact="string")
    world = read(WORLD).value
    world["companies"][0]["api_keys"] = ["first", NASTY_KEY]
    (tmp_path / "world.yaml").write_text(dump(world), encoding="utf-8")
    with client_of(StandIn(stand_in.SOURCE, read_world(tmp_path / "world.yaml"))) as client:
        for key in ("first", NASTY_KEY):
            assert SENT == got(client.post(f"{path}?{urlencode({'api-key': key})}", json=TEXT))
        for key in (SAMPLE_KEY, quote(NASTY_KEY, safe="")):
            assert INVALID_KEY == got(client.post(f"{path}?{urlencode({'api-key': key})}", json=TEXT))
