"""Calls that are killed at every point, each made again afterwards: `python -m tests.client.ledger.killing ...`.

A point is a line of the ledger's code, and of a store's, or a byte of the request. Prints for each what the second call
ended in, and whether anything went out.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from itertools import count
from types import FrameType
from typing import Any

from tests.client.ledger.processes import flushed, made
from tests.support.callers import KEY, sync
from ventia_client import Client

Trace = Callable[[FrameType, str, Any], Any]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_at_line(number: int) -> None:
    """Let this process die before it runs so many lines of a ledger."""
    left = [number]

    def line(_: FrameType, event: str, __: Any) -> Trace:
        if event == "line":
            if left[0] == 0:
                die()
            left[0] -= 1
        return line

    def function(frame: FrameType, _: str, __: Any) -> Trace | None:
        path = frame.f_code.co_filename
        return line if "/_runtime/ledger/" in path or path.endswith("_store.py") else None

    sys.settrace(function)


def die_at_byte(number: int) -> None:
    """Let this process die when so many bytes of a request have gone out."""
    left, send = [number], socket.socket.send

    def sending(self: socket.socket, data: Any, *flags: int) -> int:
        if len(data) > left[0]:
            if left[0]:
                send(self, bytes(data)[: left[0]], *flags)
            die()
        left[0] -= len(data)
        return send(self, data, *flags)

    socket.socket.send = sending  # type: ignore[method-assign, assignment] # for this process, which ends


POINTS = {"line": die_at_line, "byte": die_at_byte}


def main(kind: str, place: str, shop: str, url: str, point: str, stride: str) -> None:
    """Kill a call at every point of a kind, or at every so many of them, until one is not reached."""
    sent: list[object] = []
    client = Client(KEY, base_url=url, ledger=made(kind, place, shop), rate_limit=None, on_attempt=sent.append)
    sync(client, "warm", once="warm")
    for number in count(0, int(stride)):
        name = f"{point}-{number}"
        if (child := os.fork()) == 0:
            with Client(KEY, base_url=url, ledger=made(kind, place, shop), rate_limit=None) as own:
                POINTS[point](number)
                sync(own, name, once=name)
                os._exit(0)
        is_finished = os.waitpid(child, 0)[1] == 0
        sent.clear()
        outcome = sync(client, name, once=name)
        flushed(json.dumps([name, type(outcome).__name__, len(sent)]))
        if is_finished:
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
