"""The pytest plugin: a fixture `ventia_mock`, a stand-in with an inbox of the test's own.

It imports nothing of the stand-in until a test asks for it, so that it costs other tests nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ventia_mock.fixture import Mock, Shared


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the ini file."""
    parser.addini("ventia_mock_world", "world file of the ventia_mock fixture, relative to the rootdir", default="")


@pytest.fixture(scope="session")
def ventia_mock_server(pytestconfig: pytest.Config) -> Iterator[Shared]:
    """The one server of all tests of this process, on a free port of 127.0.0.1."""
    try:  # here, so that tests which do not ask for it load nothing of it
        from ventia_document.source import DocumentError
        from ventia_mock.fixture import loaded, serving
    except ModuleNotFoundError as missing:
        pytest.fail(f"{missing}; the fixture needs the extra [mock]: pip install 'ventia-client[mock]'", pytrace=False)
    world = pytestconfig.getini("ventia_mock_world")
    try:
        stand_in = loaded(pytestconfig.rootpath / world if world else None)
    except DocumentError as error:
        pytest.fail(f"ventia_mock_world: {error}", pytrace=False)
    with serving(stand_in) as shared:
        yield shared


@pytest.fixture
def ventia_mock(ventia_mock_server: Shared) -> Iterator[Mock]:
    """A stand-in for this test alone: its API key, its world and its messages are no other test's."""
    mock = ventia_mock_server.open()
    yield mock
    mock.close()
