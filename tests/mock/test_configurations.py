"""The contract suite against the stand-in, however it is configured; `make contract` runs it against the plain one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.stand_in import SOURCE, stand_in
from tests.support.stride import some, thinned
from tests.support.suite import STAND_IN, run_suite
from ventia_document.source import Source
from ventia_mock.app import App
from ventia_mock.http.server import running
from ventia_mock.journal.journal import Journal
from ventia_mock.platform.rate_limiter import RateLimiter
from ventia_mock.platform.upstream import Upstream
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY, read_world

pytestmark = [thinned, pytest.mark.acceptance]

CONTACTS = ["string", "66f1a2b33c4d5e0067f8a9b0", "66F1A2B33C4D5E0067F8A9B0"]


@contextmanager
def with_a_file_and_a_rate_limit(folder: Path) -> Iterator[StandIn]:
    """Of so many requests in a tenth of a second as the document allows a minute, or the test would be long."""
    limit = SOURCE.value["x-rate-limit"]
    kept = Journal(folder / "journal.db", most=50)
    yield StandIn(SOURCE, journal=kept, limiter=lambda _: RateLimiter(limit["requests"], 0.1))


@contextmanager
def with_latency_after_a_reload(_: Path) -> Iterator[StandIn]:
    app = stand_in()
    _reload_with_latency(app)
    yield app


def _reload_with_latency(app: StandIn) -> None:
    app.serve_world(read_world())
    app.serve_document(Source(SOURCE.path, SOURCE.value, SOURCE.places))
    app.platform.accounts.first.faults.plan({"latency": {"uniform": [0, 0.01]}})


@contextmanager
def with_both(folder: Path) -> Iterator[StandIn]:
    with with_a_file_and_a_rate_limit(folder) as app:
        _reload_with_latency(app)
        yield app


@contextmanager
def as_a_proxy(_: Path) -> Iterator[StandIn]:
    real = stand_in()
    with running(App(real)) as url:
        yield StandIn(SOURCE, upstream=Upstream(url + real.base_path, CONTACTS))


_SERVERS_SIDE = [f"contract_tests/test_{name}.py" for name in ("rules", "examples")]
CONFIGURATIONS = some([with_both, with_a_file_and_a_rate_limit, with_latency_after_a_reload], [as_a_proxy])


@pytest.mark.parametrize("configured", CONFIGURATIONS, ids=lambda configured: configured.__name__)
def test_contract_is_kept(configured: object, tmp_path: Path) -> None:
    with configured(tmp_path) as app, running(App(app)) as url:  # type: ignore[operator]  # pytest passes any object
        target = tmp_path / "target.toml"
        here = f'base_url = "{url}{app.base_path}"\nnobody_is_reached = true'  # which a proxy cannot prove
        target.write_text(re.sub(r'base_url = ".*"', here, STAND_IN.read_text(encoding="utf-8")), encoding="utf-8")
        done = run_suite(*_SERVERS_SIDE, "--examples=5", "--target", str(target), VENTIA_API_KEY=SAMPLE_KEY)
    assert 0 == done.returncode, done.stdout
