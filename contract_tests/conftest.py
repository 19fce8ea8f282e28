from __future__ import annotations

import os
import random
from collections.abc import Generator, Iterator

import pytest
from hypothesis import HealthCheck, settings

from contract_tests import guard, run
from ventia_mock.keys import SAMPLE_KEY, redact
from ventia_mock.server import running
from ventia_mock.stand_in import StandIn

_SEED_VARIABLE = "VENTIA_CONTRACT_SEED"  # so that the workers of one run agree on one seed


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contract", "the contract")
    group.addoption("--url", help="server to test, with its base path; its key in VENTIA_API_KEY (default: a stand-in)")
    group.addoption(
        "--pin", action="append", default=[], metavar="NAME=VALUE", help="the one value of a path parameter"
    )
    group.addoption("--seed", type=int, help="repeat the run of this seed (default: a new one, printed)")
    group.addoption("--examples", type=int, default=100, help="cases of each kind an operation (default: %(default)s)")


def pytest_configure(config: pytest.Config) -> None:
    url = config.getoption("url")
    pins = {name: value for name, _, value in (pin.partition("=") for pin in config.getoption("pin"))}
    key = os.environ.get("VENTIA_API_KEY") if url else SAMPLE_KEY
    if not key:
        raise pytest.UsageError("--url: no API key for it; set VENTIA_API_KEY")
    if url and (refusal := guard.refusal(url, pins)):
        raise pytest.UsageError(refusal)
    if config.getoption("examples") < 1:
        raise pytest.UsageError("--examples: must be at least 1")
    # A proxy of the environment is not for this machine's own servers.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = ",".join([os.environ.get("NO_PROXY", ""), "127.0.0.1,localhost"])
    if (given := config.getoption("seed")) is not None:
        os.environ[_SEED_VARIABLE] = str(given)
    seed = int(os.environ.setdefault(_SEED_VARIABLE, str(random.getrandbits(32))))
    run.current = run.Run(url, key, pins, seed, config.getoption("examples"))
    settings.register_profile(
        "contract",
        max_examples=run.current.examples,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("contract")
    config.option.hypothesis_seed = seed


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The base URL of the server under test."""
    if run.current.url is None:
        stand_in = StandIn(run.SOURCE)
        with running(stand_in) as url:
            yield url + stand_in.base_path
    elif run.is_local(run.current.url):
        yield run.current.url.rstrip("/")
    else:
        with running(guard.Guard(run.current.url, run.OPERATIONS, run.current.pins)) as url:
            yield url


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the key out of everything that is made of a report: the terminal, JUnit XML, a log."""
    report = yield
    key = {run.current.key}
    if report.longrepr and redact(str(report.longrepr), key) != str(report.longrepr):
        report.longrepr = redact(str(report.longrepr), key)
    report.sections = [(name, redact(text, key)) for name, text in report.sections]
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    shown, server = run.current.shown, run.current.url or "a stand-in of its own"
    terminalreporter.section("what was shown")
    terminalreporter.line(f"server: {server}; seed: {run.current.seed} (repeat with SEED={run.current.seed})")
    for subject in dict.fromkeys(subject for subject, _ in shown):
        said = ", ".join(f"{count} {what}" for (of, what), count in shown.items() if of == subject)
        terminalreporter.line(f"{subject}: {said}")
