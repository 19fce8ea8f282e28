from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from _pytest.fixtures import FixtureRequest

from tests.client.ledger import applications
from tests.support.databases import Server, serving
from tests.support.stride import some, thinned
from ventia_client.ledger import Ledger

_numbers = count()

MakeLedger = Callable[..., Ledger]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with serving("postgres") as server:
        yield server


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the page's applications."""
    folder = tmp_path_factory.mktemp("shop")
    applications.write(folder)
    return folder


_MARKS = [thinned, pytest.mark.acceptance]
_ON_POSTGRESQL = [pytest.param(name, marks=_MARKS) for name in some(["sqlalchemy", "django"])]


@pytest.fixture(params=["sqlite", "redis", *_ON_POSTGRESQL])
def make_ledger(request: FixtureRequest, tmp_path: Path) -> MakeLedger:
    """Makes Ledgers of one store, as several processes would."""
    if request.param == "sqlite":
        return lambda **options: Ledger(tmp_path / "sends.sqlite3", **options)
    if request.param == "redis":
        url, name = request.getfixturevalue("redis_url"), f"test-{next(_numbers)}"
        return lambda **options: Ledger.redis(url, name=name, **options)
    store = applications.STORES[request.param](request.getfixturevalue("shop"), request.getfixturevalue("postgres").url)
    store.forget(("under way", "unknown", "sent", "queued"), float("inf"))
    return lambda **options: Ledger(store, **options)
