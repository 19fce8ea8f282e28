"""The cost of a ledger: calls with a key beside the same calls without, for each store that the client has."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

ROUNDS, CALLS = 20, 20

_keys = count()


def costs(url: str, key: str, contact: str, body: dict[str, str]) -> dict[str, list[float]]:
    """The seconds per call of each round, without a ledger and with each kind; they take turns."""
    from ventia_client import ChannelMessage, Client, Ledger, RateLimit, create_message

    message = ChannelMessage.from_dict(body)

    def calling(ledger: Ledger | None) -> Callable[[], object]:
        client = Client(key, base_url=url, ledger=ledger, rate_limit=RateLimit(10**6, 0.01))
        if ledger is None:
            return lambda: create_message.sync(contact, client=client, body=message)
        return lambda: create_message.sync(contact, client=client, body=message, once=f"message {next(_keys)}")

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        calls = {"no ledger": calling(None), "SQLite": calling(Ledger(folder / "sends.sqlite3"))}
        if shutil.which("redis-server"):
            calls["Redis"] = calling(Ledger.redis(stack.enter_context(_redis(folder))))
        for call in calls.values():
            _seconds(call)
        rounds = [{name: _seconds(call) for name, call in calls.items()} for _ in range(ROUNDS)]
    return {name: [each[name] for each in rounds] for name in calls}


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - start) / CALLS


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    """A Redis that has each step on the disk before it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        "--port",
        str(port),
        "--save",
        "",
        "--appendonly",
        "yes",
        "--appendfsync",
        "always",
        "--dir",
        str(folder),
    ]
    process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)  # noqa: S607 - as it is installed
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(10)
