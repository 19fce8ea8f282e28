"""Compares the client with a bare httpx that posts the same bytes to the same local server, in the same run.

python -m benchmarks.client

Ratios come first, ours over bare; then the figures. The two take turns in short rounds, so that whatever else the
machine does hits both. It measures and judges nothing: the exit code is 0 whatever comes out.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from benchmarks import ledger

if TYPE_CHECKING:  # imported where it is used: on Linux a child's peak memory begins at what its parent holds
    import httpx

    from ventia_client import Client

KEY = "AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD"
CONTACT = "66f1a2b33c4d5e0067f8a9b0"
BODY = {"channelId": "656b0e1f8e5a2c001f3a9d12", "text": "Hi! Just following up on your inquiry."}
SYNC_ROUNDS, SYNC_CALLS = 40, 50
ASYNC_ROUNDS, AT_ONCE, ASYNC_CALLS = 24, 64, 2
IMPORT_ROUNDS, MEMORY_ROUNDS, MEMORY_CALLS = 40, 3, 1000
CALL_TARGET, IMPORT_TARGET = 1.2, 1.3

HIDDEN = "import sys; sys.modules['click'] = sys.modules['rich'] = None\n"
"""Hides what httpx imports for its command line: a development environment has it, most senders have not."""

SENDER = """
from ventia_client import Client
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage
"""
FIRST_CLIENT = f"from ventia_client import Client\nClient({KEY!r})"
READY = f"{SENDER}Client({KEY!r})"
BARE_CALLS = f"""
import resource, sys, httpx
client = httpx.Client()
for _ in range({MEMORY_CALLS}):
    client.post(sys.argv[1] + "/contact/{CONTACT}/message", params={{"api-key": {KEY!r}}}, json={BODY!r}).json()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
OUR_CALLS = f"""
import resource, sys
from ventia_client import Client, RateLimit
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage
client = Client({KEY!r}, base_url=sys.argv[1], rate_limit=RateLimit(10**6, 0.01))
message = ChannelMessage.from_dict({BODY!r})
for _ in range({MEMORY_CALLS}):
    create_message.sync({CONTACT!r}, client=client, body=message)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""

ANSWER = json.dumps({"success": True, "interactionId": "66f3a9b11c4d8e0023b7c9a1"}).encode()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(ANSWER)


class Pair(NamedTuple):
    """The same figure of both, measured several times."""

    ours: list[float]
    bare: list[float]

    def ratio(self) -> float:
        """Ours over bare, of the medians."""
        return statistics.median(self.ours) / statistics.median(self.bare)

    def medians(self) -> tuple[float, float]:
        """Ours, and bare."""
        return statistics.median(self.ours), statistics.median(self.bare)

    def percentiles(self, percent: int) -> tuple[float, float]:
        """Ours, and bare."""
        return _percentile(self.ours, percent), _percentile(self.bare, percent)


class Results(NamedTuple):
    """All that is measured: seconds, but for `memory`, which is in the unit of `ru_maxrss`."""

    sync_rounds: Pair
    sync_calls: Pair
    async_rounds: Pair
    sender: Pair
    first_client: Pair
    ready: Pair
    start: list[float]
    memory: Pair
    ledgers: dict[str, list[float]]


class Answering(asyncio.Protocol):
    """Answers every request of a connection with the same 200."""

    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is whole."""
        self._received += data
        while (length := _length(self._received)) and len(self._received) >= length:
            self._received = self._received[length:]
            self._transport.write(HEAD + ANSWER)


def main() -> int:
    """Measure and print."""
    with _server() as url:
        memory = _memory(url)  # first, while this process is small
        imports = _imports()
        sync = _sync(url)
        ledgers = ledger.costs(url, KEY, CONTACT, BODY)
        results = Results(_means(sync), _flat(sync), asyncio.run(_async(url)), *imports, memory, ledgers)
    print("\n".join([*_ratios(results), "", *_figures(results), "", *_ledgers(results.ledgers)]))
    return 0


def serve() -> None:
    """Print a free port, and answer on it until killed."""

    async def forever() -> None:
        server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(forever())


def _length(received: bytes) -> int:
    """The bytes of the first request; 0 if its head is not whole."""
    head, end, _ = received.partition(b"\r\n\r\n")
    if not end:
        return 0
    _, _, value = head.lower().partition(b"\r\ncontent-length:")
    return len(head) + len(end) + int(value.partition(b"\r\n")[0] or 0)


@contextmanager
def _server() -> Iterator[str]:
    """The URL of a server in its own process, so that it shares no interpreter with what is measured."""
    code = "from benchmarks.client import serve; serve()"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.communicate()


def _sync(url: str) -> tuple[list[list[float]], list[list[float]]]:
    """The seconds of each call of each round: ours, and bare."""
    ours, bare = _our_call(url), _bare_call(url)
    for call in (ours, bare):
        _timed(call, 2 * SYNC_CALLS)
    rounds = [(_timed(ours, SYNC_CALLS), _timed(bare, SYNC_CALLS)) for _ in range(SYNC_ROUNDS)]
    return [each for each, _ in rounds], [each for _, each in rounds]


def _our_call(url: str) -> Callable[[], object]:
    from ventia_client import Client, RateLimit
    from ventia_client.api.interactions import create_message
    from ventia_client.models import ChannelMessage

    client = Client(KEY, base_url=url, rate_limit=RateLimit(10**6, 0.01))  # it counts, but no call waits for it
    message = ChannelMessage.from_dict(BODY)
    return lambda: create_message.sync(CONTACT, client=client, body=message)


def _bare_call(url: str) -> Callable[[], object]:
    import httpx

    client, target = httpx.Client(), f"{url}/contact/{CONTACT}/message"
    return lambda: client.post(target, params={"api-key": KEY}, json=BODY).json()


def _timed(call: Callable[[], object], calls: int) -> list[float]:
    seconds = []
    for _ in range(calls):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return seconds


def _means(sync: tuple[list[list[float]], list[list[float]]]) -> Pair:
    ours, bare = sync
    return Pair([statistics.fmean(each) for each in ours], [statistics.fmean(each) for each in bare])


def _flat(sync: tuple[list[list[float]], list[list[float]]]) -> Pair:
    ours, bare = sync
    return Pair([call for each in ours for call in each], [call for each in bare for call in each])


async def _async(url: str) -> Pair:
    """The seconds per call of each round."""
    import httpx

    from ventia_client import Client, RateLimit

    async with Client(KEY, base_url=url, rate_limit=RateLimit(10**6, 0.01)) as client, httpx.AsyncClient() as bare:
        return await _rounds(_our_awaited(client), _bare_awaited(bare, url))


def _our_awaited(client: Client) -> Callable[[], Awaitable[object]]:
    from ventia_client.api.interactions import create_message
    from ventia_client.models import ChannelMessage

    message = ChannelMessage.from_dict(BODY)
    return lambda: create_message.asyncio(CONTACT, client=client, body=message)


def _bare_awaited(client: httpx.AsyncClient, url: str) -> Callable[[], Awaitable[object]]:
    target = f"{url}/contact/{CONTACT}/message"

    async def call() -> object:
        return (await client.post(target, params={"api-key": KEY}, json=BODY)).json()

    return call


async def _rounds(ours: Callable[[], Awaitable[object]], bare: Callable[[], Awaitable[object]]) -> Pair:
    for call in (ours, bare):
        await _at_once(call)
    rounds = [(await _at_once(ours), await _at_once(bare)) for _ in range(ASYNC_ROUNDS)]
    return Pair([each for each, _ in rounds], [each for _, each in rounds])


async def _at_once(call: Callable[[], Awaitable[object]]) -> float:
    """Seconds per call where so many loops call at once."""

    async def worker() -> None:
        for _ in range(ASYNC_CALLS):
            await call()

    start = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return (time.perf_counter() - start) / (AT_ONCE * ASYNC_CALLS)


def _imports() -> tuple[Pair, Pair, Pair, list[float]]:
    """Seconds of fresh processes: a sender's imports, a first client, both of these, and nothing but a start."""
    programs = ("import httpx", SENDER, FIRST_CLIENT, READY, "")
    with _compiled() as environment:
        for program in programs:
            _started(program, environment)
        rounds = [[_started(each, environment) for each in programs] for _ in range(IMPORT_ROUNDS)]
    httpx, sender, first_client, ready, start = (list(each) for each in zip(*rounds, strict=True))
    return Pair(sender, httpx), Pair(first_client, httpx), Pair(ready, httpx), start


@contextmanager
def _compiled() -> Iterator[dict[str, str]]:
    """An environment in which every module is compiled once, even where this one forbids to keep the result."""
    with tempfile.TemporaryDirectory() as folder:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        yield {**kept, "PYTHONPYCACHEPREFIX": folder}


def _started(program: str, environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", HIDDEN + program], check=True, env=environment)
    return time.perf_counter() - start


def _memory(url: str) -> Pair:
    """The peak memory of processes that make many calls."""
    with _compiled() as environment:
        for program in (OUR_CALLS, BARE_CALLS):  # compiling takes memory too
            _peak(program, url, environment)
        rounds = [[_peak(each, url, environment) for each in (OUR_CALLS, BARE_CALLS)] for _ in range(MEMORY_ROUNDS)]
    return Pair([ours for ours, _ in rounds], [bare for _, bare in rounds])


def _peak(program: str, url: str, environment: dict[str, str]) -> float:
    command = [sys.executable, "-c", HIDDEN + program, url]
    return float(subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE).stdout)


def _percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


def _ratios(results: Results) -> list[str]:
    return [
        "Ratios, ours / bare httpx",
        _ratio("sync, time per call", results.sync_rounds, CALL_TARGET),
        _ratio(f"async, {AT_ONCE} at once, time per call", results.async_rounds, CALL_TARGET),
        _ratio("a sender's imports / import httpx", results.sender, IMPORT_TARGET),
        _ratio("the first Client / import httpx", results.first_client, IMPORT_TARGET),
        _ratio("both, ready for a first message / import httpx", results.ready),
        _ratio(f"peak memory of {MEMORY_CALLS} sync calls", results.memory),
    ]


def _ratio(name: str, pair: Pair, target: float | None = None) -> str:
    wanted = "" if target is None else f"   target: at most {target:.2f}"
    return f"  {name:<48}{pair.ratio():>8.2f}{wanted}"


def _figures(results: Results) -> list[str]:
    megabytes = 1 / 2**20 if sys.platform == "darwin" else 1 / 2**10
    return [
        f"{'Figures, medians':<50}{'ours':>8}{'bare':>8}{'added':>8}",
        _figure("sync, us per call", results.sync_rounds.medians(), 1e6),
        _figure("sync, us, p50 of calls", results.sync_calls.percentiles(50), 1e6),
        _figure("sync, us, p99 of calls", results.sync_calls.percentiles(99), 1e6),
        _figure(f"async, {AT_ONCE} at once, us per call", results.async_rounds.medians(), 1e6),
        _figure("a sender's imports, import httpx, ms", results.sender.medians(), 1e3),
        _figure("the first Client, ms", results.first_client.medians(), 1e3),
        _figure("both, ready for a first message, ms", results.ready.medians(), 1e3),
        _figure("peak memory, MB", results.memory.medians(), megabytes),
        f"  {'python -c with no import, ms':<48}{statistics.median(results.start) * 1e3:>8.1f}",
        "",
        "Imports are timed with the interpreter's start in them. The client imports httpx, and what retries and",
        "limits, with the first Client. In the processes timed for imports or memory, click and rich are hidden, so",
        "that httpx leaves out its command line, as where neither is installed.",
    ]


def _ledgers(seconds: dict[str, list[float]]) -> list[str]:
    without = statistics.median(seconds["no ledger"])
    return [
        f"{'A call with a ledger, sync, medians':<50}{'us':>8}{'added':>8}",
        *(
            f"  {name:<48}{statistics.median(each) * 1e6:>8.0f}{(statistics.median(each) - without) * 1e6:>+8.0f}"
            for name, each in seconds.items()
        ),
        "",
        "SQLite and Redis have each of a call's two steps on the disk, whose speed this is.",
    ]


def _figure(name: str, values: tuple[float, float], unit: float) -> str:
    ours, bare = (value * unit for value in values)
    return f"  {name:<48}{ours:>8.1f}{bare:>8.1f}{ours - bare:>+8.1f}"


if __name__ == "__main__":
    sys.exit(main())
