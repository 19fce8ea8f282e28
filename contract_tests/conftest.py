from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings

from contract_tests.cases import by_schemathesis
from contract_tests.options import add_options, database_of, run_of
from contract_tests.oracle import leaks
from contract_tests.replay import ReplayStore
from contract_tests.report.counters import Counters, written
from contract_tests.report.interruption import InterruptionPlugin
from contract_tests.report.plugin import ReportPlugin, error_text
from contract_tests.rules.drawing import Drawing
from contract_tests.run import EVIDENCE, JUDGE, RUN, SOURCE, Run
from contract_tests.target.file import TargetError
from contract_tests.trial import ContractViolation, NoAnswer, Trial
from contract_tests.wire.guard import Guard, Withheld
from contract_tests.wire.in_process import InProcess, NewConnections
from contract_tests.wire.inbox import Inbox
from contract_tests.wire.ledger import Ledger
from contract_tests.wire.preflight import Preflight, PreflightError
from contract_tests.wire.server import Connect, Server, Wait, new_connections
from contract_tests.wire.traffic import Recorder, joined
from ventia_mock.app import App
from ventia_mock.http.server import running
from ventia_mock.stand_in import StandIn

_LEDGER = "VENTIA_CONTRACT_LEDGER"  # in the environment, so that the workers of one run share it
_RECORD = "VENTIA_CONTRACT_RECORD"  # likewise
_ITEMS = pytest.StashKey[list[pytest.Item]]()
_COUNTERS = pytest.StashKey[Counters]()
_DIFFERENCES = pytest.StashKey[list[Any]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "first: sends only what the document refuses, before anything is delivered")
    config.addinivalue_line("markers", "by_schemathesis(mode): takes the cases that schemathesis generates")
    try:
        run = config.stash[RUN] = run_of(config)
        kept_in = database_of(config, run)
    except TargetError as error:
        raise pytest.UsageError(str(error)) from None
    # A proxy of the environment is not for the servers of this machine.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = ",".join([os.environ.get("NO_PROXY", ""), "127.0.0.1,localhost"])
    # Behind a guard each request that shrinking makes could be a message.
    shrink = [Phase.shrink] if run.shrinks and not run.is_guarded else []
    settings.register_profile(
        "contract",
        max_examples=run.examples,
        deadline=None,
        database=kept_in,
        print_blob=False,
        report_multiple_bugs=False,
        phases=[Phase.explicit, Phase.reuse, Phase.generate, *shrink],
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("contract")
    if not hasattr(config, "workerinput"):  # the workers' reports come here
        if not run.subject:
            config.pluginmanager.register(InterruptionPlugin())
        if run.is_guarded:
            folder = tempfile.TemporaryDirectory(prefix="contract-")
            config.add_cleanup(folder.cleanup)
            os.environ[_LEDGER] = str(Path(folder.name) / "ledger.sqlite")
        _start_record(config)
        config.pluginmanager.register(ReportPlugin(config, run, config.getoption("report")))


def _start_record(config: pytest.Config) -> None:
    os.environ.pop(_RECORD, None)
    har: Path | None = config.getoption("har")
    if har is None:
        return
    folder = tempfile.TemporaryDirectory(prefix="contract-")
    os.environ[_RECORD] = folder.name

    def finish() -> None:
        har.write_text(joined(Path(folder.name)), encoding="utf-8")
        folder.cleanup()

    config.add_cleanup(finish)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Check before the first test, once, that the server is there and is the right one."""
    run, config = session.config.stash[RUN], session.config
    if run.is_own or run.drawing is None or hasattr(config, "workerinput") or config.option.collectonly:
        return
    ledger = Ledger(Path(os.environ[_LEDGER])) if run.is_guarded else None
    with httpx.HTTPTransport() as transport:
        server = _server(run, run.target.base_url, transport, ledger, _wait(config))
        inbox = Inbox(run.target.base_url, transport)
        try:
            limit = None if run.replay else SOURCE.value.get("x-rate-limit")
            Preflight(run.drawing.messages, server, inbox, run.key, limit).check()
        except PreflightError as error:
            raise pytest.UsageError(str(error)) from None


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> Run:
    """The run that the test is part of."""
    return pytestconfig.stash[RUN]


@pytest.fixture(scope="session")
def drawing(run: Run) -> Drawing:
    """Draws messages; a test that needs some is skipped if the server can be asked to send none."""
    if run.drawing is None or not run.drawing.messages.sendable:
        pytest.skip("the target file names no sender that sends")
    return run.drawing


@pytest.fixture(scope="session")
def base_url(run: Run) -> Iterator[str]:
    """The base URL of the server under test."""
    if not run.is_own:
        yield run.target.base_url
        return
    stand_in = StandIn(SOURCE)
    if run.subject:
        yield "http://localhost" + stand_in.base_path
        return
    with running(App(stand_in)) as url:
        yield url + stand_in.base_path


@pytest.fixture(scope="session")
def transport(run: Run) -> httpx.BaseTransport:
    """The way to the server under test."""
    return InProcess(run.subject) if run.subject else httpx.HTTPTransport()


@pytest.fixture(scope="session")
def connect(run: Run) -> Connect:
    """The way to the server under test over new connections."""
    if run.subject is None:
        return new_connections
    in_process = NewConnections(run.subject)
    return lambda: in_process


def _server(
    run: Run,
    base_url: str,
    transport: httpx.BaseTransport,
    ledger: Ledger | None,
    wait: Wait | None,
    connect: Connect | None = None,
) -> Server:
    """The server under test, behind a guard if it may reach real people."""
    if run.target.safety and run.knowledge and ledger:
        transport = Guard(transport, run.knowledge, run.target.safety, ledger, run.key)
    recorder = Recorder(Path(os.environ[_RECORD]), base_url, run.key) if os.environ.get(_RECORD) else None
    return Server(base_url, run.key, transport, wait, recorder, None if run.target.safety else connect)


def _wait(config: pytest.Config) -> Wait:
    """Waits for a server that limits the rate, and says so."""
    captured: Any = config.pluginmanager.get_plugin("capturemanager")

    def wait(seconds: float) -> None:
        with captured.global_and_fixture_disabled():
            sys.stderr.write(f"the server answers 429: waiting {seconds:.0f} s\n")
        time.sleep(seconds)

    return wait


@pytest.fixture(scope="session")
def server(
    run: Run,
    base_url: str,
    transport: httpx.BaseTransport,
    ledger: Ledger | None,
    pytestconfig: pytest.Config,
    connect: Connect,
) -> Iterator[Server]:
    """The server under test."""
    server = _server(run, base_url, transport, ledger, None if run.subject else _wait(pytestconfig), connect)
    yield server
    server.close()


@pytest.fixture(scope="session")
def ledger(run: Run, pytestconfig: pytest.Config) -> Iterator[Ledger | None]:
    """The ledger that the workers of a guarded run share; None for another run."""
    if not run.is_guarded:
        yield None
        return
    ledger = Ledger(Path(os.environ[_LEDGER]))
    ledger.expect(sum(_goes_first(item) for item in pytestconfig.stash[_ITEMS]))
    yield ledger
    ledger.close()


@pytest.fixture(scope="session")
def inbox(run: Run, base_url: str, transport: httpx.BaseTransport) -> Iterator[Inbox | None]:
    """The server's list of delivered messages; None if it has no such list, or several workers send at once."""
    inbox = Inbox(base_url, transport)
    is_alone = run.is_own or "PYTEST_XDIST_WORKER" not in os.environ
    yield inbox if is_alone and not run.is_guarded and inbox.is_there else None
    inbox.close()


@pytest.fixture(scope="session")
def replay_store() -> ReplayStore:
    """The failures of earlier runs."""
    return _replay_store()


def _replay_store() -> ReplayStore:
    return ReplayStore(settings.default.database if settings.default else None)


@pytest.fixture(scope="session")
def trial(run: Run, server: Server) -> Trial:
    """Sends requests to the server under test, and judges the responses."""
    measures, remembers = run.subject is None, run.is_guarded
    evidence = None if run.is_strict else EVIDENCE
    return Trial(server, JUDGE, run.key, run.again, measures=measures, remembers=remembers, evidence=evidence)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Leave out garbage collection, which takes a fifth of the time, and for what is collected ever after."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Give the tests that are marked `by_schemathesis` the cases of this run."""
    if isinstance(collector, pytest.Module) and collector.path.parent == Path(__file__).parent:
        for name, test in list(vars(collector.obj).items()):
            for mark in [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "by_schemathesis"]:
                schema = by_schemathesis.schema(collector.config.stash[RUN], *mark.args)
                setattr(collector.obj, name, schema.parametrize()(test))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Order the tests, and give each the run's seed.

    In a guarded run what the document refuses goes first; in another the tests with the fewest requests do.
    """
    run = config.stash[RUN]
    replay = [item for item in items if item.name == "test_replay"]
    items[:] = replay if run.replay else [item for item in items if item not in replay]
    # A document has no operations of some kinds; of them pytest makes tests that it skips.
    items[:] = [item for item in items if "[NOTSET" not in item.name]
    # A server is not held to what the client does.
    items[:] = [item for item in items if run.is_own or item.path.name != "test_client.py"]
    items.sort(key=(lambda item: not _goes_first(item)) if run.is_guarded else _requests)
    config.stash[_ITEMS] = items
    for item in items:
        function = getattr(item, "obj", None)
        if function and hypothesis.is_hypothesis_test(function):
            hypothesis.seed(run.seed)(function)


def _requests(item: pytest.Item) -> int:
    """How many requests a test sends; 0 for earlier failures, and the largest number where it is not known."""
    if item.path.name == "test_earlier_failures.py":
        return 0
    parameters: dict[str, Any] = (
        item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    )
    return len(parameters["portion"].probes) if "portion" in parameters else sys.maxsize


def _goes_first(item: pytest.Item) -> bool:
    return item.get_closest_marker("first") is not None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    """Skip a test whose request the guard withheld, with the reason."""
    try:
        yield
    except Withheld as reason:
        pytest.skip(str(reason))


@pytest.fixture
def counters() -> Counters:
    """Counters of what a test checks beside the server: `("the client", "responses read back")`."""
    return Counter()


@pytest.fixture(autouse=True)
def counted(request: pytest.FixtureRequest, counters: Counters) -> Iterator[None]:
    """Stash the counters of a test, and count a test that goes first as ended in the ledger."""
    ledger: Ledger | None = request.getfixturevalue("ledger") if _goes_first(request.node) else None
    yield
    if ledger:
        ledger.ended()
    found: Counters = Counter({("other", *key): count for key, count in counters.items()})
    if "trial" in request.fixturenames:
        found.update(request.getfixturevalue("trial").take_counters())
        request.node.stash[_DIFFERENCES] = request.getfixturevalue("trial").take_differences()
    request.node.stash[_COUNTERS] = found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add a test's counters and violation to its report, and keep the key out of terminal, XML and log."""
    report = yield
    contract: dict[str, Any] = {}
    if call.when == "teardown" and _COUNTERS in item.stash:
        contract["counters"] = written(item.stash[_COUNTERS])
        contract["differences"] = item.stash.get(_DIFFERENCES, [])
    if call.excinfo and isinstance(call.excinfo.value, ContractViolation):
        violation = call.excinfo.value
        is_violation = not isinstance(violation, NoAnswer)
        found = [violation, *violation.others]
        accepted = item.config.stash[RUN].accepted if is_violation else ()
        contract["accepted"] = [each.details["rule"] for each in found if each.details["rule"] in accepted]
        found = [each for each in found if each.details["rule"] not in accepted]
        contract["violations" if is_violation else "silences"] = [each.details for each in found]
        for each in found if is_violation else ():
            _replay_store().add(each.word)
        report.longrepr = str(violation) if found else None
        report.outcome = "failed" if found else "passed"
    elif report.failed and call.excinfo:
        contract["error"] = leaks.without(error_text(call.excinfo.value), item.config.stash[RUN].key)
    report.__dict__["contract"] = contract  # xdist carries it to the process that reports
    key = item.config.stash[RUN].key
    if report.longrepr and leaks.without(str(report.longrepr), key) != str(report.longrepr):
        report.longrepr = _redacted(report.longrepr, key)
    report.sections = [(name, leaks.without(text, key)) for name, text in report.sections]
    return report


def _redacted(text: object, key: str) -> Any:
    """The text of a report without the key; a skip's file, line and reason stay a tuple."""
    if isinstance(text, tuple):
        return tuple(leaks.without(part, key) if isinstance(part, str) else part for part in text)
    return leaks.without(str(text), key)
