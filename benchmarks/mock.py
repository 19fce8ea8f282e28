"""Compares the stand-in with Prism and with bare uvicorn: the same document, the same request, the same run.

python -m benchmarks.mock

Ratios to Prism come first, then the figures, then the targets. Each server runs alone on one core, and the load, wrk
over 16 connections, on another; they take turns in short rounds, so that whatever else the machine does hits them all.
Prism is installed with npm, once, into a cache folder of the user's. A server that cannot be had is named with the
reason and is no error; one that breaks is, and then the exit code is 1. Missed targets do not change it.

Beside the peers stands a bare ASGI application on uvicorn, which validates nothing and answers a constant.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "openapi" / "ventia.yaml"
BASE_PATH = "/api/v1.0"

KEY = "AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD"
WRONG_KEY = KEY.replace("A", "Z")
CONTACT = "66f1a2b33c4d5e0067f8a9b0"
BODY = {"channelId": "656b0e1f8e5a2c001f3a9d12", "text": "Hi! Just following up on your inquiry."}
TWO_SENDERS = {**BODY, "userId": "64f1c2a97b3e4d0012ab34cd", "medium": "whatsapp_business"}
ANSWER = {"success": True, "interactionId": "66f3a9b11c4d8e0023b7c9a1"}

CONNECTIONS = 16
STARTS = 5
START_LIMIT, MEMORY_LIMIT, INSTALL_LIMIT = 60, 60, 600  # seconds
RATE_TARGET, START_TARGET, MEMORY_TARGET, MEMORY_MESSAGES = 4.5, 0.25, 60.0, 100_000

PRISM, ENTRY = "@stoplight/prism-cli@5.16.0", "node_modules/.bin/prism"
NAMES = ("ours", "bare", "Prism")

BARE = """
import sys, uvicorn
BODY = sys.argv[2].encode()
HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))]
async def app(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
uvicorn.run(app, port=int(sys.argv[1]), lifespan="off", access_log=False, log_level="warning", ws="none")
"""

REQUEST = f"""
wrk.method = "POST"
wrk.body = [[{json.dumps(BODY)}]]
wrk.headers["Content-Type"] = "application/json"
"""
COUNTED = """
right, wrong = 0, 0
function response(status)
  if status == 200 then right = right + 1 else wrong = wrong + 1 end
  if right + wrong == %d then
    print("Counted: " .. right .. " right, " .. wrong .. " wrong")
    os.exit()
  end
end
function setup(thread) kept = thread end
function done() print("Counted: " .. kept:get("right") .. " right, " .. kept:get("wrong") .. " wrong") end
"""
"""Ends after so many answers or when the time is over, and says how many there were. One thread only."""


class MissingError(Exception):
    """A server is not to be had on this machine; says why."""


class BrokenError(Exception):
    """A server does not do what is measured; says what it did."""


class Server(NamedTuple):
    """How a server is started on a port, and under which path it serves the document."""

    command: Callable[[int], list[str]]
    path: str = BASE_PATH


class Lab(NamedTuple):
    """What all measurements share."""

    wrk: str
    folder: Path
    environment: dict[str, str]
    cores: tuple[int, int] | None
    seconds: int
    messages: int


@dataclass
class Figures:
    """What is measured of one server: seconds, requests a second, MB."""

    refuses_two_senders: bool = False
    refuses_wrong_key: bool = False
    starts: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    small: list[float] = field(default_factory=list)
    full: float | None = None
    messages: int = 0


class Running(NamedTuple):
    """A started server."""

    pid: int
    port: int
    path: str
    seconds: float
    """From the start of its process to its first right answer."""

    def target(self, key: str = KEY) -> str:
        """Where its messages are posted to, below its address."""
        return f"{self.path}/contact/{CONTACT}/message?api-key={key}"

    def status(self, body: object = BODY, key: str = KEY) -> int:
        """The status of the answer to one message."""
        return _status(self.port, self.target(key), body)


Step = Callable[[Lab, Server, Figures], None]


def main(argv: Sequence[str] | None = None) -> int:
    """Install, measure and print; 1 if a server broke."""
    arguments = _parser().parse_args(argv)
    wrk = shutil.which("wrk")
    if wrk is None:
        print("wrk, which makes the load, is not installed: install it, on Debian with apt-get install wrk")
        return 1
    with tempfile.TemporaryDirectory() as name:
        lab = Lab(wrk, Path(name), _environment(name), _cores(), arguments.seconds, arguments.messages)
        _write_scripts(lab)
        servers, missing = _servers(arguments.only or NAMES)
        with _on(lab.cores and lab.cores[1]):
            figures, broken = _measured(lab, servers, arguments.rounds)
    print("\n".join(_table(figures, lab, {**missing, **broken})))
    return 1 if broken else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mock", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=_positive, default=4, help="of each round's load (default: %(default)s)")
    parser.add_argument("--rounds", type=_positive, default=3, help="of load for each server (default: %(default)s)")
    parser.add_argument(
        "--messages",
        type=_positive,
        default=MEMORY_MESSAGES,
        help=f"after which memory is read; a server gets {MEMORY_LIMIT} s for them (default: %(default)s)",
    )
    parser.add_argument("--only", action="append", choices=NAMES, help="measure this one; may be repeated")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is no whole number above 0")
    return int(text)


def _environment(folder: str) -> dict[str, str]:
    """One in which every Python module is compiled once, even where this one forbids to keep the result."""
    unwanted = {"PYTHONDONTWRITEBYTECODE", "VENTIA_API_KEY", "NODE_ENV"}
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return {**kept, "PYTHONPYCACHEPREFIX": str(Path(folder, "compiled"))}


def _cores() -> tuple[int, int] | None:
    """The core of the servers and that of the load; None where there are no two, or none can be chosen."""
    if not hasattr(os, "sched_getaffinity"):
        return None
    cores = sorted(os.sched_getaffinity(0))
    return (cores[0], cores[-1]) if len(cores) > 1 else None


@contextmanager
def _on(core: int | None) -> Iterator[None]:
    """Run this process, and what it starts, on one core."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _write_scripts(lab: Lab) -> None:
    (lab.folder / "rate.lua").write_text(REQUEST, encoding="utf-8")
    (lab.folder / "memory.lua").write_text(REQUEST + COUNTED % lab.messages, encoding="utf-8")


def _servers(names: Sequence[str]) -> tuple[dict[str, Server], dict[str, str]]:
    """The servers, in the order of the table, and why others are missing."""
    servers, missing = {}, {}
    for name in NAMES:
        if name in names:
            try:
                servers[name] = _server(name)
            except (MissingError, OSError) as error:
                missing[name] = str(error)
    return servers, missing


def _server(name: str) -> Server:
    if name == "ours":
        ours = [sys.executable, "-m", "ventia_mock", "--no-rate-limit", "--port"]
        return Server(lambda port: [*ours, str(port)])
    if name == "bare":
        return Server(lambda port: [sys.executable, "-c", BARE, str(port), json.dumps(ANSWER)])
    command = [_program("node"), _prism(), "mock", str(DOCUMENT), "--host", "127.0.0.1", "--port"]
    return Server(lambda port: [*command, str(port)], path="")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise MissingError(f"{name} is not installed")
    return found


def _prism() -> str:
    """The path of Prism's program, which is installed unless a run before this one did."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "ventia-benchmark-peers")
    folder = cache / f"Prism-{_version()}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as partial:
            _install(Path(partial, "whole"))
            Path(partial, "whole").rename(folder)
    if not (folder / ENTRY).exists():
        raise MissingError(f"{PRISM} has no {ENTRY}; what came is in {folder}")
    return str(folder / ENTRY)


def _version() -> str:
    return PRISM.rpartition("@")[2]


def _install(folder: Path) -> None:
    """Install Prism, without running a script of it."""
    folder.mkdir()
    _say(f"npm installs {PRISM}")
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
    command = [_program("npm"), "install", "--prefix", str(folder), *options, PRISM]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=INSTALL_LIMIT)
    except subprocess.TimeoutExpired:
        raise MissingError(f"npm did not install {PRISM} in {INSTALL_LIMIT} s") from None
    if done.returncode:
        raise MissingError(f"npm did not install {PRISM}: {_shortened(done.stderr)}")


def _shortened(text: str) -> str:
    return " ".join(text.split())[:300] or "it did not say why"


def _say(text: str) -> None:
    """Print the progress, apart from the table."""
    print(text, file=sys.stderr, flush=True)


def _measured(lab: Lab, servers: dict[str, Server], rounds: int) -> tuple[dict[str, Figures], dict[str, str]]:
    """The figures of each server, and what was wrong with those that broke. They take turns at each step."""
    figures, broken = {name: Figures() for name in servers}, {}
    steps: list[Step] = [_judge, *[_start] * STARTS, *[_load] * rounds, _fill]
    for number, step in enumerate(steps, 1):
        for name in list(figures):
            _say(f"step {number} of {len(steps)}, {step.__name__.strip('_')}: {name}")
            try:
                step(lab, servers[name], figures[name])
            except BrokenError as error:
                broken[name] = str(error)
                del figures[name]
    return figures, broken


def _judge(lab: Lab, server: Server, figures: Figures) -> None:
    """See what it refuses; this first start is not timed."""
    with (lab.folder / "output").open("w+b") as output, _running(lab, server, output) as running:
        figures.refuses_two_senders = running.status(body=TWO_SENDERS) != http.HTTPStatus.OK
        figures.refuses_wrong_key = running.status(key=WRONG_KEY) != http.HTTPStatus.OK


def _start(lab: Lab, server: Server, figures: Figures) -> None:
    with _running(lab, server) as running:
        figures.starts.append(running.seconds)
        if (memory := _memory(running.pid)) is not None:
            figures.small.append(memory)


def _load(lab: Lab, server: Server, figures: Figures) -> None:
    """The requests a second of a fresh server, after as much load that is not counted."""
    with _running(lab, server) as running:
        for _ in range(2):
            output = _wrk(lab, running, "rate.lua", lab.seconds)
        _check_status(running)
    wrong = re.search(r"(Non-2xx|Socket errors).*", output)
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    if wrong or not found:
        raise BrokenError(f"under load: {wrong[0] if wrong else _shortened(output)}")
    figures.rates.append(float(found[1]))


def _fill(lab: Lab, server: Server, figures: Figures) -> None:
    """The memory of a fresh server after the messages, or as many as it takes in its time."""
    with _running(lab, server) as running:
        output = _wrk(lab, running, "memory.lua", MEMORY_LIMIT)
        figures.full = _memory(running.pid)
        _check_status(running)
    found = re.search(r"Counted: (\d+) right, (\d+) wrong", output)
    if not found or int(found[2]):
        raise BrokenError(f"during many messages: {found[0] if found else _shortened(output)}")
    figures.messages = int(found[1])


def _check_status(running: Running) -> None:
    if (status := running.status()) != http.HTTPStatus.OK:
        raise BrokenError(f"after the load it answers a right message with {status}")


def _wrk(lab: Lab, running: Running, script: str, seconds: int) -> str:
    url = f"http://127.0.0.1:{running.port}{running.target()}"
    options = ["--threads=1", f"--connections={CONNECTIONS}", f"--duration={seconds}s", "--script"]
    command = [lab.wrk, *options, str(lab.folder / script), url]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise BrokenError(f"wrk failed: {_shortened(done.stdout)}")
    return done.stdout


@contextmanager
def _running(lab: Lab, server: Server, output: IO[bytes] | None = None) -> Iterator[Running]:
    """A server on its core, from its first right answer on; what it prints goes nowhere, or into a file."""
    port, start = _free_port(), time.perf_counter()
    with _on(lab.cores and lab.cores[0]):
        process = subprocess.Popen(
            server.command(port),
            cwd=ROOT,
            env=lab.environment,
            stdin=subprocess.DEVNULL,
            stdout=output or subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        running = Running(process.pid, port, server.path, 0)
        _wait(process, running, output)
        yield running._replace(seconds=time.perf_counter() - start)
    except (OSError, http.client.HTTPException) as error:
        raise BrokenError(f"a request failed: {error!r}") from error
    finally:
        with suppress(ProcessLookupError):  # it has ended
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], running: Running, output: IO[bytes] | None) -> None:
    """Ask until the answer is right."""
    end = time.monotonic() + START_LIMIT
    while True:
        try:
            last = str(status := running.status())
            if status == http.HTTPStatus.OK:
                return
        except (OSError, http.client.HTTPException) as error:
            last = repr(error)
        if process.poll() is not None:
            raise BrokenError(f"it ended with exit code {process.returncode}{_printed(output)}")
        if time.monotonic() > end:
            raise BrokenError(f"no right answer in {START_LIMIT} s, at last {last}{_printed(output)}")
        time.sleep(0.002)


def _printed(output: IO[bytes] | None) -> str:
    """The end of what a server printed."""
    if output is None:
        return ""
    output.seek(0)
    return ": " + " ".join(output.read().decode(errors="replace").split())[-300:]


def _status(port: int, target: str, body: object) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_LIMIT)
    try:
        connection.request("POST", target, json.dumps(body), {"Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        connection.close()


def _memory(pid: int) -> float | None:
    """The resident MB of a process and all below it; None where there is no /proc."""
    if not Path("/proc/self/status").exists():
        return None
    return sum(_resident(each) for each in _family(pid)) / 2**10


def _resident(pid: int) -> int:
    """The resident kB of a process; a dead one has none."""
    found = re.search(r"^VmRSS:\s+(\d+) kB", _proc(pid, "status"), re.M)
    return int(found[1]) if found else 0


def _family(pid: int) -> set[int]:
    """A process and all below it."""
    everyone = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal()]
    parents = {each: _parent(each) for each in everyone}
    family: set[int] = set()
    new = {pid}
    while new:
        family |= new
        new = {each for each, parent in parents.items() if parent in new} - family
    return family


def _parent(pid: int) -> int:
    found = re.search(r"^PPid:\s+(\d+)", _proc(pid, "status"), re.M)
    return int(found[1]) if found else 0


def _proc(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8", errors="replace")
    except OSError:  # it has ended
        return ""


def _table(figures: dict[str, Figures], lab: Lab, absent: dict[str, str]) -> list[str]:
    return [
        *_ratios(figures),
        "",
        *([*_figures(figures), ""] if figures else []),
        *_targets(figures),
        "",
        *[f"{name} not measured: {why}" for name, why in absent.items()],
        *_remarks(figures, lab),
    ]


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:<46}" + "".join(f"{cell:>12}" for cell in cells)


def _number(value: float | None, decimals: int = 0) -> str:
    return "-" if value is None else f"{value:,.{decimals}f}"


def _median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None


def _over(value: float | None, other: float | None) -> float | None:
    return None if value is None or other is None else value / other


REMARKS = {
    "bare": "bare is an ASGI application on the same uvicorn, which validates nothing and answers a constant.",
    "Prism": "Prism 5.16 asks for node 24.18 or newer; it ran on the node named above.",
}

COMPARED: dict[str, Callable[[Figures], float | None]] = {
    "requests a second": lambda each: _median(each.rates),
    "start to the first right answer": lambda each: _median(each.starts),
    "memory after the start": lambda each: _median(each.small),
    "memory after the messages (see their number)": lambda each: each.full,
}


def _ratios(figures: dict[str, Figures]) -> list[str]:
    if "Prism" not in figures:
        return ["Ratios to Prism: none, Prism was not measured"]
    prism = figures["Prism"]
    return [
        _row("Ratios to Prism", list(figures)),
        *[
            _row(f"  {name}", [_number(_over(value(each), value(prism)), 2) for each in figures.values()])
            for name, value in COMPARED.items()
        ],
    ]


def _figures(figures: dict[str, Figures]) -> list[str]:
    def row(name: str, cell: Callable[[Figures], str]) -> str:
        return _row(f"  {name}", [cell(each) for each in figures.values()])

    return [
        _row("Figures, medians", list(figures)),
        row("requests a second", lambda each: _number(_median(each.rates))),
        row("  slowest round", lambda each: _number(min(each.rates))),
        row("  fastest round", lambda each: _number(max(each.rates))),
        row("start to the first right answer, ms", lambda each: _number(statistics.median(each.starts) * 1e3)),
        row("memory after the start, MB", lambda each: _number(_median(each.small), 1)),
        row("memory after the messages, MB", lambda each: _number(each.full, 1)),
        row("  messages until then", lambda each: _number(each.messages)),
        row("refuses two senders", lambda each: "yes" if each.refuses_two_senders else "no"),
        row("refuses a wrong key", lambda each: "yes" if each.refuses_wrong_key else "no"),
    ]


def _targets(figures: dict[str, Figures]) -> list[str]:
    if "ours" not in figures:
        return ["Targets: not judged, ours was not measured"]
    ours = figures["ours"]
    prism = _median(figures["Prism"].rates) if "Prism" in figures else None
    rate, start = _over(_median(ours.rates), prism), statistics.median(ours.starts)
    memory = ours.full if ours.messages >= MEMORY_MESSAGES else None
    small = memory is not None and memory < MEMORY_TARGET
    return [
        "Targets, ours",
        _target("requests a second / Prism's", rate, f"at least {RATE_TARGET:g}", met=(rate or 0) >= RATE_TARGET),
        _target("start to the first right answer, s", start, f"under {START_TARGET:g}", met=start < START_TARGET),
        _target(f"memory after {MEMORY_MESSAGES:,} messages, MB", memory, f"under {MEMORY_TARGET:g}", met=small),
    ]


def _target(name: str, value: float | None, wanted: str, *, met: bool) -> str:
    verdict = "not judged" if value is None else "met" if met else "missed"
    return f"{_row(f'  {name}', [_number(value, 2)])}   target: {wanted:<12}{verdict}"


def _remarks(figures: dict[str, Figures], lab: Lab) -> list[str]:
    pinned = "Servers and wrk were NOT pinned to cores, as this machine does not allow it: they shared what there is."
    if lab.cores:
        pinned = f"Each server ran alone on core {lab.cores[0]}, wrk on core {lab.cores[1]}."
    return [
        f"Prism {_version()}. Python {sys.version.split()[0]}, node {_node()}.",
        f"{pinned} Load: {CONNECTIONS} connections.",
        f"For the messages a server has {MEMORY_LIMIT} s, so a slow one got fewer. Every answer to them was a 200.",
        *[remark for name, remark in REMARKS.items() if name in figures],
        *([] if _memory(os.getpid()) else ["Memory was not measured: it is read from /proc, which is not here."]),
    ]


def _node() -> str:
    if (node := shutil.which("node")) is None:
        return "not installed"
    return subprocess.run([node, "--version"], check=False, stdout=subprocess.PIPE, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
