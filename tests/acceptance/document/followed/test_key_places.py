"""One API key that may be in several places: each operation has it in one that it accepts."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path

from tests.acceptance.document.built import built_of, with_rows
from tests.acceptance.document.rows import Followed
from tests.acceptance.document.wire import between, called, respond
from ventia_mock.world.file import SAMPLE_KEY


def test_one_key_may_be_in_several_places(tmp_path: Path) -> None:
    row = Followed("elsewhere", "security: [{Own: []}], responses: {'204': {description: Done.}}")
    either = Followed("either", "responses: {'204': {description: Done.}}")
    document = with_rows([row, either])
    document["components"]["securitySchemes"]["Own"] = {
        "description": "The same key.",
        "type": "apiKey",
        "in": "header",
        "name": "X-Own-Key",
    }
    document["security"] = [{"ApiKey": []}, {"Own": []}]
    document["paths"]["/contact/{idcontact}/message"]["post"]["security"] = [{"ApiKey": []}]
    with built_of(document, tmp_path / "it") as made, between(made.app) as server:
        called(row, made, server, {})
        called(either, made, server, {})
        own, other = server.requests
        assert (f"{made.base_path}{row.path}".encode(), SAMPLE_KEY) == (own.target, own.headers["x-own-key"])
        assert other.target.endswith(f"?api-key={SAMPLE_KEY}".encode())
        assert "x-own-key" not in other.headers
        assert [204, 204] == [response.status for response in server.responses]
        unsigned = dataclasses.replace(own, head=own.head.replace(b"x-own-key", b"x-other"))
        assert 401 == asyncio.run(respond(made.app, unsigned)).status
