"""The pytest plugin: a fixture `ventia_mock`, a stand-in with an inbox of the test's own.

It imports the stand-in only for a test that uses the fixture, so that it costs other tests nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ventia_mock.fixture import Mock, StandInServer
    from ventia_mock.stand_in import StandIn


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the ini file."""
    parser.addini("ventia_mock_world", "world file of the ventia_mock fixture, relative to the rootdir", default="")


@pytest.fixture(scope="session")
def ventia_mock_server(pytestconfig: pytest.Config) -> Iterator[StandInServer]:
    """The stand-in that all tests of this process share, on a free port of 127.0.0.1."""
    stand_in = _loaded(pytestconfig)
    if isinstance(stand_in, str):  # outside of `except`, or pytest would report the error it came from too
        pytest.fail(stand_in, pytrace=False)
    from ventia_mock.fixture import serve

    with serve(stand_in) as server:
        yield server


@pytest.fixture
def ventia_mock(ventia_mock_server: StandInServer) -> Iterator[Mock]:
    """A company on the stand-in for this test alone: no other test has its API key, its world or its messages."""
    from ventia_mock.fixture import opened

    with opened(ventia_mock_server) as mock:
        yield mock


def _loaded(config: pytest.Config) -> StandIn | str:
    """The stand-in with the world of the ini file, or why there is none."""
    try:
        from ventia_document.source import DocumentError
        from ventia_mock.fixture import load
    except ModuleNotFoundError as missing:
        return f"{missing}; the fixture needs libraries that come with it: pip install ventia-mock"
    world = config.getini("ventia_mock_world")
    try:
        return load(config.rootpath / world if world else None)
    except DocumentError as error:
        return f"ventia_mock_world: {error}"
