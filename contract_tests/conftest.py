from __future__ import annotations

import os
import random
import shlex
import sys
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.database import ExampleDatabase
from redis import RedisError

from contract_tests import run
from contract_tests.guard import Guard, NotSent
from contract_tests.inbox import Inbox
from contract_tests.inside import Inside
from contract_tests.knowledge import OPERATION
from contract_tests.known import KnownLies, database
from contract_tests.ledger import Ledger
from contract_tests.reporter import Reporter
from contract_tests.server import Server
from contract_tests.shown import Shown, written
from contract_tests.target import STAND_IN, TargetError, read_target
from contract_tests.trial import Lie, Trial
from ventia_mock.app import App
from ventia_mock.http.server import running
from ventia_mock.journal.redaction import redact
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY

_SEED, _LEDGER = "VENTIA_CONTRACT_SEED", "VENTIA_CONTRACT_LEDGER"  # so that the workers of one run agree on them
_EXAMPLES, _FEW_EXAMPLES = 100, 10


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contract", "the contract")
    group.addoption(
        "--target", type=Path, help="file (TOML) of the server to test (default: a stand-in of the run's own)"
    )
    group.addoption("--url", help="its base URL, if it is not the one of the file")
    group.addoption("--seed", type=int, help="repeat the run of this seed (default: a new one, printed)")
    group.addoption("--examples", type=int, help="cases of each property (default: 100, and 10 where each is dear)")
    group.addoption("--few", action="store_true", help="a few requests for each rule, as where each is dear")
    group.addoption("--report", type=Path, metavar="FOLDER", help="write report.html and summary.md there")
    group.addoption("--redis", metavar="URL", help="where machines share the failures that they have found")
    group.addoption("--replay", default="", metavar="WORD", help="repeat one failure, by the word that it has printed")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "first: asks only what the document refuses, and so goes before all that may be delivered"
    )
    try:
        run.current = _run(config)
        kept_in = _database(config)
    except TargetError as error:
        raise pytest.UsageError(str(error)) from None
    # A proxy of the environment is not for this machine's own servers.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = ",".join([os.environ.get("NO_PROXY", ""), "127.0.0.1,localhost"])
    phases = [
        Phase.explicit,
        Phase.reuse,
        Phase.generate,
        *([Phase.shrink] if run.shrinks and not run.current.is_guarded else []),
    ]
    settings.register_profile(
        "contract",
        max_examples=run.current.examples,
        deadline=None,
        database=kept_in,
        print_blob=False,
        report_multiple_bugs=False,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("contract")
    if not hasattr(config, "workerinput"):  # the workers' reports come here
        if run.current.is_guarded:
            folder = tempfile.TemporaryDirectory(prefix="contract-")
            config.add_cleanup(folder.cleanup)
            os.environ[_LEDGER] = str(Path(folder.name) / "ledger.sqlite")
        config.pluginmanager.register(Reporter(config, run.current, config.getoption("report")))


def _run(config: pytest.Config) -> run.Run:
    path, url, seed = config.getoption("target"), config.getoption("url"), config.getoption("seed")
    examples = config.getoption("examples")
    if examples is not None and examples < 1:
        raise pytest.UsageError("--examples: must be at least 1")
    if seed is not None:
        os.environ[_SEED] = str(seed)
    seed = int(os.environ.setdefault(_SEED, str(random.getrandbits(32))))
    replay, is_own = config.getoption("replay"), path is None and url is None
    try:
        _ = replay and Trial.asked_by(replay)
    except ValueError as error:
        raise pytest.UsageError(f"--replay: {error}") from None
    target = read_target(path or STAND_IN, run.SOURCE.value.get("x-rate-limit"), url)
    is_thin = target.safety is not None or config.getoption("few")
    examples = examples or (_FEW_EXAMPLES if target.safety else _EXAMPLES)
    key = SAMPLE_KEY if is_own else os.environ.get(target.api_key_env)
    if not key or not key.isprintable():
        raise pytest.UsageError(
            f"{target.api_key_env}: Must be the API key for {target.base_url}, in printable characters; "
            f"it is {'of others' if key else 'not set'}"
        )
    if (report := config.getoption("report")) and report.exists() and not report.is_dir():
        raise pytest.UsageError(f"--report: Must be a folder; got {report}")
    again = [
        "make contract",
        *([f"TARGET={shlex.quote(str(path))}"] if path else []),
        *([f"URL={shlex.quote(url)}"] if url else []),
    ]
    made = run.Run(target, is_own, key, seed, examples, is_thin, " ".join(again), replay, measures=run.served is None)
    try:
        if made.knowledge is None and made.is_guarded:
            raise TargetError(f"the document has no operation {OPERATION}, so nothing says what is safe to send")
    except TargetError as error:
        raise TargetError(f"{path or STAND_IN}: {error}") from None
    return made


def _database(config: pytest.Config) -> ExampleDatabase | None:
    """Where failures are kept; a run that repeats one exactly, by its seed or by its word, knows of no other."""
    if config.getoption("seed") is not None or config.getoption("replay") or run.served:
        return None
    folder = Path(os.environ.get("HYPOTHESIS_STORAGE_DIRECTORY", config.rootpath / ".hypothesis"))
    try:
        return database(folder / "contract", config.getoption("redis"))
    except (ValueError, RedisError) as error:
        raise pytest.UsageError(f"--redis: {error}") from None


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    """The base URL of the server under test."""
    if not run.current.is_own:
        yield run.current.target.base_url
        return
    stand_in = StandIn(run.SOURCE)
    if run.served:
        yield "http://localhost" + stand_in.base_path
        return
    with running(App(stand_in)) as url:
        yield url + stand_in.base_path


@pytest.fixture(scope="session")
def transport() -> httpx.BaseTransport:
    """The way to the server under test."""
    return Inside(run.served) if run.served else httpx.HTTPTransport()


@pytest.fixture(scope="session")
def server(base_url: str, transport: httpx.BaseTransport, ledger: Ledger | None) -> Iterator[Server]:
    """The server under test, behind a guard if it reaches real people."""
    safety, knowledge = run.current.target.safety, run.current.knowledge
    if safety and knowledge and ledger:
        transport = Guard(transport, knowledge, safety, ledger, run.current.key)
    server = Server(base_url, run.current.key, transport)
    yield server
    server.close()


@pytest.fixture(scope="session")
def ledger(pytestconfig: pytest.Config) -> Iterator[Ledger | None]:
    """What the workers of a guarded run share; None for another run."""
    if not run.current.is_guarded:
        yield None
        return
    ledger = Ledger(Path(os.environ[_LEDGER]))
    first = [item for item in pytestconfig.stash[_ITEMS] if _goes_first(item)]
    ledger.expect(len(first))
    yield ledger
    ledger.close()


@pytest.fixture(scope="session")
def inbox(base_url: str, transport: httpx.BaseTransport) -> Iterator[Inbox | None]:
    """What the server says that it has delivered; None for one that cannot be asked, or is asked by several at once."""
    inbox = Inbox(base_url, transport)
    is_alone = run.current.is_own or "PYTEST_XDIST_WORKER" not in os.environ
    yield inbox if is_alone and not run.current.is_guarded and inbox.can_be_asked else None
    inbox.close()


@pytest.fixture(scope="session")
def known_lies() -> KnownLies:
    """The failures of earlier runs."""
    return _known_lies()


def _known_lies() -> KnownLies:
    return KnownLies(settings.default.database if settings.default else None)


@pytest.fixture(scope="session")
def trial(server: Server) -> Trial:
    """The conversation with the server under test."""
    current = run.current
    return Trial(server, run.JUDGE, current.key, current.again, measures=current.measures, remembers=current.is_guarded)


_ITEMS = pytest.StashKey[list[pytest.Item]]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what the document refuses first where people are reached, else what is soon done; seed what is drawn."""
    replay = [item for item in items if item.name == "test_replay"]
    items[:] = replay if run.current.replay else [item for item in items if item not in replay]
    items.sort(key=(lambda item: not _goes_first(item)) if run.current.is_guarded else _requests)
    config.stash[_ITEMS] = items
    for item in items:
        function = getattr(item, "obj", None)
        if function and hypothesis.is_hypothesis_test(function):
            hypothesis.seed(run.current.seed)(function)


def _requests(item: pytest.Item) -> int:
    """How many requests a test makes, as far as it is known before; those of earlier failures count as none."""
    if item.path.name == "test_known.py":
        return 0
    portion = (
        item.callspec.params.get("portion") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else None
    )
    return sys.maxsize if portion is None else len(getattr(portion, "probes", ()))


def _goes_first(item: pytest.Item) -> bool:
    return item.get_closest_marker("first") is not None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    """Say plainly what was not sent, and why."""
    try:
        yield
    except NotSent as reason:
        pytest.skip(str(reason))


@pytest.fixture(autouse=True)
def counted(request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep what a test has shown with it, and say when it was one of those that go first."""
    run.current.shown.clear()
    yield
    shown: Shown = Counter({("other", *key): count for key, count in run.current.shown.items()})
    if "trial" in request.fixturenames:
        shown.update(request.getfixturevalue("trial").take())
        ledger = request.getfixturevalue("ledger")
        if ledger and _goes_first(request.node):
            ledger.ended()
    request.node.stash[_SHOWN] = shown


_SHOWN = pytest.StashKey[Shown]()


def _redacted(told: object, key: set[str]) -> Any:
    """What a report tells without the key; of a skip it is file, line and reason, and stays so."""
    if isinstance(told, tuple):
        return tuple(redact(part, key) if isinstance(part, str) else part for part in told)
    return redact(str(told), key)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Give a report what the test has shown, and keep the key out of all that is made of it: terminal, XML, log."""
    report = yield
    told: dict[str, Any] = {}
    if call.when == "teardown" and _SHOWN in item.stash:
        told["shown"] = written(item.stash[_SHOWN])
    if call.excinfo and isinstance(call.excinfo.value, Lie):
        told["lie"] = call.excinfo.value.told
        _known_lies().add(call.excinfo.value.word)
        report.longrepr = str(call.excinfo.value)
    report.__dict__["contract"] = told  # which xdist carries to the process that reports
    key = {run.current.key}
    if report.longrepr and redact(str(report.longrepr), key) != str(report.longrepr):
        report.longrepr = _redacted(report.longrepr, key)
    report.sections = [(name, redact(text, key)) for name, text in report.sections]
    return report
