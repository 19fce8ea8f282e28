"""A change is only a change to the document: client, stand-in and suite follow, with no line of code."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.document.followed.slips import ROWS
from tests.acceptance.document.rows import Followed
from tests.support.stride import some, thinned
from ventia_document.source import Json, dump, read

pytestmark = thinned

Run = Callable[..., subprocess.CompletedProcess[str]]

CONTACT_MESSAGES: Json = {
    "summary": "List the messages of a contact",
    "description": "The newest first.",
    "operationId": "listMessages",
    "tags": ["Interactions"],
    "parameters": [
        {"$ref": "#/components/parameters/ContactId"},
        {
            "name": "limit",
            "in": "query",
            "description": "How many at the most.",
            "schema": {"type": "integer", "minimum": 1, "maximum": 100},
            "examples": {"few": {"value": 5}},
        },
        {
            "name": "before",
            "in": "query",
            "description": "Only messages before this one.",
            "schema": {"$ref": "#/components/schemas/ObjectId"},
            "examples": {"noSuchContact": {"value": "66f3a9b11c4d8e0023b7c9ff"}},
        },
    ],
    "responses": {
        "200": {
            "description": "The messages.",
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/MessageList"},
                    "examples": {"some": {"value": {"texts": ["Hi!"], "more": False}}},
                }
            },
        },
        "404": {
            "description": "There is no such contact.",
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "examples": {"noSuchContact": {"value": {"success": False, "error": "No such contact"}}},
                }
            },
        },
    },
}
WITHOUT_EXAMPLES: Json = {
    "summary": "Count the messages of a contact",
    "description": "All of them.",
    "operationId": "countMessages",
    "tags": ["Interactions"],
    "parameters": [
        {"$ref": "#/components/parameters/ContactId"},
        {"name": "since", "in": "query", "required": True, "schema": {"type": "string"}},
        {"name": "sentBefore", "in": "query", "schema": {"type": "string", "format": "date-time"}},
        {"name": "pageSize", "in": "query", "schema": {"type": "integer", "minimum": 1, "default": 20}},
        {
            "name": "medium",
            "in": "query",
            "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Medium"}},
        },
    ],
    "responses": {
        "200": {
            "description": "How many there are.",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["count"],
                        "properties": {"count": {"type": "integer"}, "oldest": {"type": ["string", "null"]}},
                    }
                }
            },
        },
        "400": {"$ref": "#/components/responses/InvalidRequestBody"},
    },
}
WITHOUT_CONTENT: Json = {
    "summary": "Delete a message",
    "description": "On the platform only.",
    "tags": ["Interactions"],
    "parameters": [
        {"$ref": "#/components/parameters/ContactId"},
        {"name": "messageId", "in": "path", "required": True, "schema": {"$ref": "#/components/schemas/ObjectId"}},
    ],
    "responses": {"204": {"description": "It is gone."}},
}
MESSAGE_LIST: Json = {
    "description": "Messages of a contact.",
    "type": "object",
    "required": ["texts", "more"],
    "properties": {
        "texts": {"description": "Their texts.", "type": "array", "items": {"type": "string"}},
        "more": {"description": "Whether there are more.", "type": "boolean"},
    },
}


def edit(checkout: Path, change: Callable[[Json], None]) -> None:
    path = checkout / "openapi" / "ventia.yaml"
    document = read(path).value
    change(document)
    path.write_text(dump(document), encoding="utf-8")


def add_an_operation_and_a_field(document: Json) -> None:
    document["paths"]["/contact/{idcontact}/messages"] = {"get": CONTACT_MESSAGES}
    document["paths"]["/contact/{idcontact}/messages/count"] = {"get": WITHOUT_EXAMPLES}
    document["paths"]["/contact/{idcontact}/messages/{messageId}"] = {"delete": WITHOUT_CONTENT}
    schemas = document["components"]["schemas"]
    schemas["MessageList"] = MESSAGE_LIST
    schemas["Message"]["properties"]["priority"] = {
        "description": "How urgent it is.",
        "type": "integer",
        "minimum": 0,
        "maximum": 9,
        "examples": [5],
    }


def succeed(done: subprocess.CompletedProcess[str]) -> str:
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("rows", some([[], ROWS[::3]]), ids=len)
def test_a_new_operation_and_a_new_field_are_typed_served_and_tested(
    checkout: Path, run: Run, rows: list[Followed]
) -> None:
    """A second operation becomes a typed module, a validated answer by example, and contract tests of its own.

    Rows of the table are followed beside it, a third of them, since each takes most of a second.
    """
    edit(checkout, add_an_operation_and_a_field)
    for row in rows:
        edit(checkout, row.added_to)
    succeed(run("tools.generate"))

    user = checkout / "user.py"
    user.write_text(
        "from ventia_client import Client\n"
        "from ventia_client.api.interactions import list_messages\n"
        "from ventia_client.models import ChannelMessage, MessageList, Problem\n"
        "def texts(client: Client) -> list[str]:\n"
        "    found = list_messages.sync('66f1a2b33c4d5e0067f8a9b0', client=client, limit=5)\n"
        "    return found.texts if isinstance(found, MessageList) else []\n"
        "urgent = ChannelMessage(channel_id='656b0e1f8e5a2c001f3a9d12', text='Hi!', priority=9)\n",
        encoding="utf-8",
    )
    succeed(run("mypy", "--strict", "--config-file=", "--cache-dir=mypy", str(user)))

    suite = succeed(run("pytest", "contract_tests", "-v", "-p", "no:cacheprovider", "--few", "--examples=3"))
    operation = "GET /contact/{idcontact}/messages"
    for proven in (
        f"test_an_example_is_answered_as_documented[{operation} few] PASSED",
        f"test_an_example_is_answered_as_documented[{operation} noSuchContact] PASSED",
        f"test_what_the_client_is_given_goes_onto_the_wire[{operation}] PASSED",
        f"test_what_the_server_answers_is_what_the_client_returns[{operation}] PASSED",
    ):
        assert proven in suite
    for shown in (
        operation,
        "GET /contact/{idcontact}/messages/count",
        "DELETE /contact/{idcontact}/messages/{messageId}",
    ):
        assert f"test_an_example_is_answered_as_documented[{shown} " in suite
        for said in ("valid", "invalid") if not rows else ():  # the terminal's report leaves out what is too much
            assert re.search(rf"\b{said} requests to {re.escape(shown)} [1-9]", " ".join(suite.split()))


def move_the_inferred_statuses(document: Json) -> None:
    operation = document["paths"]["/contact/{idcontact}/message"]["post"]
    moved = {"SessionNotOnline": "423", "NoActiveIntegration": "424", "InvalidRequestBody": "403"}
    operation["responses"] = {
        moved.get(response["$ref"].rpartition("/")[2], status): response
        for status, response in operation["responses"].items()
    }


def test_an_inferred_status_is_corrected_in_one_place(checkout: Path, run: Run) -> None:
    """Client, stand-in and suite follow when the keys are edited, and nothing knows the old numbers."""
    before = set(
        read(checkout / "openapi" / "ventia.yaml").value["paths"]["/contact/{idcontact}/message"]["post"]["responses"]
    )
    edit(checkout, move_the_inferred_statuses)
    after = set(
        read(checkout / "openapi" / "ventia.yaml").value["paths"]["/contact/{idcontact}/message"]["post"]["responses"]
    )
    assert {"403", "423", "424"} == after - before
    succeed(run("tools.generate"))

    module = (checkout / "generated/ventia_client/api/interactions/create_message.py").read_text(encoding="utf-8")
    assert all(f"status_code == {status}" in module for status in after)
    assert not any(status in module for status in before - after)

    succeed(run("pytest", "contract_tests/test_rules.py", "-q", "-p", "no:cacheprovider", "--few"))
    asked = (
        "from ventia_document.check import read_checked; from ventia_document import DOCUMENT; import httpx;"
        "from ventia_mock.app import App; from ventia_mock.stand_in import StandIn;"
        "from ventia_mock.http.server import running;"
        "from ventia_mock.world.file import read_world;"
        "from contract_tests.cases.examples import requests; from ventia_document.operations import operations;"
        "source = read_checked(DOCUMENT); platform = StandIn(source, read_world(key='k'));"
        "samples = {r.name: r for r in requests(operations(source.value)[0])}\n"
        "with running(App(platform)) as url:\n"
        "    for name in ('sessionNotOnline', 'noActiveIntegration'):\n"
        "        path = platform.base_path + '/contact/string/message?api-key=k'\n"
        "        print(httpx.post(url + path, json=samples[name].body).status_code)\n"
    )
    environment = {"PYTHONPATH": str(checkout)}
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert ["423", "424"] == succeed(done).split()
