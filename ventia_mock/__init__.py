"""A stand-in for the Ventia platform to develop and test against. It is no Ventia account, and it sends nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ventia_mock.fixture import Mock


@contextmanager
def running(world: str | Path | None = None) -> Iterator[Mock]:
    """Run a stand-in for the length of the `with`, as the pytest fixture does: for unittest, notebooks, other tools.

    Args:
        world: the path of a world file; the sample world without one.

    Raises:
        DocumentError: the world is not valid; the message says where.
        ModuleNotFoundError: the libraries that come with it are not installed.
    """
    from ventia_mock.fixture import load, opened, serve  # here, since the pytest plugin costs other tests nothing

    with serve(load(world)) as server, opened(server) as mock:
        yield mock
