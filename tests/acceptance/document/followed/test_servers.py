"""The first server of a document, with the defaults of its variables, is the client's and the stand-in's."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from tests.acceptance.document.built import VENTIA, built_of
from tests.acceptance.document.wire import between
from tools.generate.errors import GenerationError
from ventia_mock.world.file import SAMPLE_KEY

VARIABLES = {"host": {"default": "eu"}, "version": {"default": "v2", "enum": ["v1", "v2"]}}


def test_variables_have_their_defaults(tmp_path: Path) -> None:
    document = copy.deepcopy(VENTIA)
    document["servers"] = [{"url": "https://{host}.example.com/api/{version}", "variables": VARIABLES}]
    with built_of(document, tmp_path / "it") as made:
        assert "https://eu.example.com/api/v2" == made.package._runtime.document.SERVER_URL
        assert "/api/v2" == made.base_path
        with between(made.app) as server, made.package.Client(SAMPLE_KEY, base_url=f"{server.url}/api/v2") as client:
            client.get_httpx_client().get("/contact/x/message")
        assert server.requests[0].target.startswith(b"/api/v2/contact/x/message")
        assert [405] == [response.status for response in server.responses]


@pytest.mark.parametrize("url", ["https://{host}.example.com/{other}", "/api", "https://example.com/", "ftp://a.de"])
def test_a_server_that_cannot_be_called_is_refused_at_its_line(url: str, tmp_path: Path) -> None:
    document = copy.deepcopy(VENTIA)
    document["servers"] = [{"url": url, "variables": {"host": {"default": "eu"}}}]
    with pytest.raises(GenerationError) as raised, built_of(document, tmp_path / "it"):
        pass
    [line] = str(raised.value).splitlines()
    assert ": /servers/0/url: Must be an http(s) URL" in line
    assert f"it is {url.replace('{host}', 'eu')!r}" in line
