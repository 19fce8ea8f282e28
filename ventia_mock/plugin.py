"""The pytest plugin: a fixture `ventia_mock`, a stand-in with an inbox of the test's own.

It imports the stand-in only for a test that uses the fixture, so that it costs other tests nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ventia_mock.fixture import Mock, StandInServer


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the ini file."""
    parser.addini("ventia_mock_world", "world file of the ventia_mock fixture, relative to the rootdir", default="")


@pytest.fixture(scope="session")
def _ventia_mock_server(pytestconfig: pytest.Config) -> Iterator[StandInServer | _Absence]:
    """The stand-in that all tests of this process share, on a free port of 127.0.0.1."""
    with ExitStack() as stack:
        yield _started(pytestconfig, stack)


@pytest.fixture
def ventia_mock(_ventia_mock_server: StandInServer | _Absence, request: pytest.FixtureRequest) -> Iterator[Mock]:
    """A company on the stand-in for this test alone: no other test has its API key, its world or its messages."""
    if isinstance(_ventia_mock_server, _Absence):
        pytest.fail(_ventia_mock_server.report(request.node.nodeid), pytrace=False)
    from ventia_mock.fixture import opened

    with opened(_ventia_mock_server) as mock:
        yield mock


@dataclass
class _Absence:
    """No stand-in, and why; the first test that needs one reports it whole."""

    why: str
    reported_by: str = ""

    def report(self, test: str) -> str:
        """The reason, or for another test than the first a line that names the first."""
        self.reported_by = self.reported_by or test
        return self.why if test == self.reported_by else f"ventia_mock: no stand-in; {self.reported_by} reports why"


def _started(config: pytest.Config, stack: ExitStack) -> StandInServer | _Absence:
    """The stand-in with the world of the ini file, until the stack is closed."""
    try:
        from ventia_document.source import DocumentError
        from ventia_mock.fixture import load, serve
    except ModuleNotFoundError as missing:
        return _Absence(f"{missing}; the fixture needs libraries that come with it: pip install ventia-mock")
    world = config.getini("ventia_mock_world")
    try:
        stand_in = load(config.rootpath / world if world else None)
    except DocumentError as error:
        return _Absence(f"ventia_mock_world: {error}")
    try:
        return stack.enter_context(serve(stand_in))
    except OSError as error:
        return _Absence(f"ventia_mock: cannot listen on 127.0.0.1: {error}")
