"""The transport sends all that is written in one turn of the event loop together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from ventia_mock.http.transport import GatheringTransport


class Recorded(asyncio.Transport):
    """A transport that keeps what is done to it."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[bytes | str] = []
        self.is_lost = False

    def is_closing(self) -> bool:
        return self.is_lost

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.done.append(bytes(data))

    def close(self) -> None:
        self.done.append("closed")

    def abort(self) -> None:
        self.done.append("aborted")

    def lose(self) -> None:
        self.is_lost = True


def done(*turns: Callable[[GatheringTransport], object]) -> list[bytes | str]:
    """What is done to the transport below, by turns of the event loop."""
    below = Recorded()

    async def main() -> None:
        transport = GatheringTransport(below, asyncio.get_running_loop())
        for turn in turns:
            turn(transport)
            await asyncio.sleep(0)

    asyncio.run(main())
    return below.done


def writing(*parts: bytes) -> Callable[[GatheringTransport], object]:
    def turn(transport: GatheringTransport) -> None:
        for part in parts:
            transport.write(part)

    return turn


def test_writes_of_one_turn_are_one_and_those_of_two_are_two() -> None:
    assert [b"head body", b"next"] == done(writing(b"head ", b"body"), writing(b"next"))


@pytest.mark.parametrize(("end", "left"), [("close", [b"half", "closed"]), ("abort", ["aborted"])])
def test_closing_sends_what_is_written_and_aborting_drops_it(end: str, left: list[bytes | str]) -> None:
    def turn(transport: GatheringTransport) -> None:
        transport.write(b"half")
        getattr(transport, end)()

    assert left == done(turn)


def test_nothing_is_sent_to_a_caller_who_has_hung_up() -> None:
    def turn(transport: GatheringTransport) -> None:
        transport.write(b"too late")
        transport.lose()

    assert [] == done(turn)
