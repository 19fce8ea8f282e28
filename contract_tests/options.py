"""The suite's pytest options, and the run that they describe."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis.database import ExampleDatabase
from redis import RedisError
from starlette.types import ASGIApp

from contract_tests.replay import Replay, database
from contract_tests.run import SOURCE, Run
from contract_tests.target.file import STAND_IN, Target, TargetError, host_of, read_target
from ventia_mock.world.file import SAMPLE_KEY

_SEED = "VENTIA_CONTRACT_SEED"  # in the environment, so that the workers of one run agree on it
_EXAMPLES, _FEW_EXAMPLES = 100, 10


@dataclass(frozen=True)
class Subject:
    """A pytest plugin that has the suite test something in this process; `contract_tests.mutants` passes one.

    Attributes:
        app: the application to test instead of a server; None for a stand-in.
        shrinks: whether to search for the smallest request that shows a failure.
    """

    app: ASGIApp | None = None
    shrinks: bool = True


def add_options(parser: pytest.Parser) -> None:
    """Add the suite's options to pytest's."""
    group = parser.getgroup("contract", "the contract")
    group.addoption(
        "--target", type=Path, help="file (TOML) of the server to test (default: a stand-in that the run starts)"
    )
    group.addoption("--url", help="base URL of the server, if not the one in the file")
    group.addoption("--seed", type=int, help="repeat the run of this seed (default: a new one, printed)")
    group.addoption("--examples", type=int, help="cases of each property (default: 100; 10 with a table [safety])")
    group.addoption("--few", action="store_true", help="test each rule by a few requests only")
    group.addoption(
        "--strict-facts", action="store_true", help="hold what is inferred or assumed against the server too"
    )
    group.addoption("--report", type=Path, metavar="FOLDER", help="write report.html and summary.md there")
    group.addoption("--har", type=Path, metavar="FILE", help="write every request and answer there, without the key")
    group.addoption("--redis", metavar="URL", help="Redis in which machines share the failures that they found")
    group.addoption("--replay", default="", metavar="WORD", help="repeat one failure, by the word it printed")


def run_of(config: pytest.Config) -> Run:
    """The run that the options describe.

    Raises:
        pytest.UsageError, TargetError: the options or the target file are not usable; the text says why.
    """
    path, url, replay = config.getoption("target"), config.getoption("url"), config.getoption("replay")
    _check(config)
    target = _target(path, url)
    is_own = path is None and url is None
    plugins = config.pluginmanager.get_plugins()
    subject = next((plugin for plugin in plugins if isinstance(plugin, Subject)), Subject())
    run = Run(
        target,
        is_own,
        _key(target, is_own=is_own),
        _seed(config),
        config.getoption("examples") or (_FEW_EXAMPLES if target.safety else _EXAMPLES),
        target.safety is not None or config.getoption("few"),
        _command(path, url),
        replay,
        subject.app,
        subject.shrinks,
        config.getoption("strict_facts"),
    )
    try:
        if run.knowledge is None and not (run.is_own or target.nobody_is_reached):
            raise TargetError("the document has no operation that sends messages, so nothing says what is safe to send")
    except TargetError as error:
        raise TargetError(f"{path or STAND_IN}: {error}") from None
    return run


def database_of(config: pytest.Config, run: Run) -> ExampleDatabase | None:
    """The database of failures; None for a run that is to be repeatable, by its seed or by a replay word.

    Raises:
        pytest.UsageError: the Redis cannot be reached.
    """
    if config.getoption("seed") is not None or run.replay or run.subject:
        return None
    folder = Path(os.environ.get("HYPOTHESIS_STORAGE_DIRECTORY", config.rootpath / ".hypothesis"))
    try:
        return database(folder / "contract", config.getoption("redis"), _identity(run))
    except (ValueError, RedisError) as error:
        raise pytest.UsageError(f"--redis: {error}") from None


def _target(path: Path | None, url: str | None) -> Target:
    limit = SOURCE.value.get("x-rate-limit")
    if path is None:
        return read_target(STAND_IN, limit, url)
    named, target = read_target(path, limit), read_target(path, limit, url)
    if host_of(target.base_url) != host_of(named.base_url):
        raise TargetError(
            f"--url: Must have the host of {path}, {host_of(named.base_url)!r}, since what the file says is about that "
            f"host; got {host_of(target.base_url)!r} (write a target file for it)"
        )
    return target


def _check(config: pytest.Config) -> None:
    examples, report, replay = (config.getoption(name) for name in ("examples", "report", "replay"))
    if examples is not None and examples < 1:
        raise pytest.UsageError("--examples: must be at least 1")
    har: Path | None = config.getoption("har")
    if har and (har.is_dir() or not har.absolute().parent.is_dir()):
        raise pytest.UsageError(f"--har: Must be a file in a folder that is there; got {har}")
    if report and report.exists() and not report.is_dir():
        raise pytest.UsageError(f"--report: Must be a folder; got {report}")
    try:
        _ = replay and Replay.of_word(replay)
    except ValueError as error:
        raise pytest.UsageError(f"--replay: {error}") from None


def _identity(run: Run) -> str:
    """A digest of the server under test, so that what failed on one server is never sent to another."""
    server = "a stand-in that the run starts" if run.is_own else run.target.base_url
    parts = [server, run.target.contact, run.key, json.dumps(SOURCE.value, sort_keys=True, default=str)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _seed(config: pytest.Config) -> int:
    seed = config.getoption("seed")
    if seed is not None:
        os.environ[_SEED] = str(seed)
    return int(os.environ.setdefault(_SEED, str(random.getrandbits(32))))


def _key(target: Target, *, is_own: bool) -> str:
    key = SAMPLE_KEY if is_own else os.environ.get(target.api_key_env)
    if not key or not key.isprintable():
        raise pytest.UsageError(
            f"{target.api_key_env}: Must be the API key for {target.base_url}, in printable characters; "
            f"it {'has others' if key else 'is not set'}"
        )
    return key


def _command(path: Path | None, url: str | None) -> str:
    target = [f"TARGET={shlex.quote(str(path))}"] if path else []
    return " ".join(["make contract", *target, *([f"URL={shlex.quote(url)}"] if url else [])])
