"""World files: which are refused, and how."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.support.stand_in import (
    ANSWERS,
    BASE,
    INVALID_BODY,
    KEY,
    OPERATION,
    SENT,
    SOURCE,
    client_of,
    got,
)
from ventia_document import DOCUMENT
from ventia_document.source import DocumentError, Json, dump
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import WORLD, read_world


def world_file(folder: Path, world: Json | str) -> Path:
    path = folder / "world.yaml"
    path.write_text(world if isinstance(world, str) else dump(world), encoding="utf-8")
    return path


BROKEN_WORLDS = {
    "no companies": ("companies: []\n", "1:12: /companies: Must have at least 1 items"),
    "nothing": ("", "1:1: the world: Must be of type object; got null"),
    "a yes for a name": ("companies:\n  - id: true\n", "2:9: /companies/0/id: Must be of type string; got true"),
    "another key": ("companies:\n  - id: a\n    chanels: []\n", "2:5: /companies/0: Must not have the fields chanels"),
    "no identifier": ("companies:\n  - name: A\n", "2:5: /companies/0/id: Must be given"),
    "an unknown type": (
        "companies:\n  - id: a\n    channels:\n      - {id: x, type: sms}\n",
        "4:23: /companies/0/channels/0/type: Must be one of unofficial_wpp, whatsapp_business, fb, ig; got 'sms'",
    ),
    "a user that is not there": (
        "companies:\n  - id: a\n    integrations:\n      - {id: x, user: nobody}\n",
        "4:23: /companies/0/integrations/0/user: Must be one of the company's users; got 'nobody'",
    ),
    "an identifier twice": (
        "companies:\n  - id: a\n    contacts:\n      - {id: x}\n      - {id: x}\n",
        "5:14: /companies/0/contacts/1/id: Must not stand twice; got 'x' again",
    ),
    "an identifier twice, once in capitals": (
        "companies:\n  - id: a\n    contacts:\n      - {id: 66f1a2b33c4d5e0067f8a9b0}\n"
        "      - {id: 66F1A2B33C4D5E0067F8A9B0}\n",
        "/companies/0/contacts/1/id: Must not stand twice",
    ),
    "the name of a copy": ("companies:\n  - id: copy-mine\n", "/companies/0/id: Must not begin with 'copy-'"),
    "the first company's key for another": (
        "companies:\n  - id: a\n  - {id: b, api_keys: [AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD]}\n",
        "3:24: /companies/1/api_keys/0: Must not be the key of a company twice",
    ),
    "no YAML": ("companies: [\n", "not YAML"),
}


@pytest.mark.parametrize("what", BROKEN_WORLDS)
def test_world_that_is_not_valid_is_refused_with_the_place_and_the_rule(tmp_path: Path, what: str) -> None:
    text, refusal = BROKEN_WORLDS[what]
    with pytest.raises(DocumentError) as raised:
        read_world(world_file(tmp_path, text))
    assert refusal in str(raised.value)
    assert str(raised.value).startswith(str(tmp_path / "world.yaml"))


def test_key_of_two_companies_is_refused_without_being_shown(tmp_path: Path) -> None:
    path = world_file(
        tmp_path, "companies:\n  - {id: a, api_keys: [s3cret-key]}\n  - {id: b, api_keys: [s3cret-key]}\n"
    )
    with pytest.raises(DocumentError) as raised:
        read_world(path)
    assert "Must not be the key of a company twice" in str(raised.value)
    assert "s3cret" not in str(raised.value)


def test_answer_that_the_document_does_not_know_is_refused_with_those_it_knows(tmp_path: Path) -> None:
    text = "companies:\n  - id: a\n    contacts:\n      - {id: x, answers: teapot}\n"
    with pytest.raises(DocumentError) as raised:
        StandIn(SOURCE, read_world(world_file(tmp_path, text)))
    assert "4:26: /companies/0/contacts/0/answers: " in str(raised.value)
    assert all(name in str(raised.value) for name in ANSWERS)


def test_user_of_an_integration_is_the_same_in_capitals(tmp_path: Path) -> None:
    things = {"users": [{"id": "AB" * 12}], "integrations": [{"id": "i", "user": "ab" * 12}]}
    [company] = read_world(world_file(tmp_path, {"companies": [{"id": "a", **things}]})).companies
    assert "ab" * 12 == company.find("integration", "i").user


def test_world_of_ones_own_is_served(tmp_path: Path) -> None:
    channels = [{"id": "656b0e1f8e5a2c001f3a9d12", "type": "ig"}]
    text = dump({"companies": [{"id": "a", "contacts": [{"id": "string"}], "channels": channels}]})
    with client_of(StandIn(SOURCE, read_world(world_file(tmp_path, text)))) as client:
        body = {"channelId": "656b0e1f8e5a2c001f3a9d12", "text": "Hi"}
        path = BASE + OPERATION.path
        assert SENT == got(client.post(path.format(idcontact="string"), params=KEY, json=body))
        other = client.post(path.format(idcontact="66f1a2b33c4d5e0067f8a9b0"), params=KEY, json=body)
        assert INVALID_BODY[0] == other.status_code


@pytest.mark.parametrize("path", [DOCUMENT, *WORLD.parent.glob("*.yaml")], ids=lambda path: path.name)
def test_files_that_are_read_at_the_start_need_no_libyaml(path: Path) -> None:
    """PyYAML without it is stricter: it reads no unquoted question mark between braces."""
    text = path.read_text(encoding="utf-8")
    assert yaml.load(text, yaml.SafeLoader)
