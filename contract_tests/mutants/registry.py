"""How a faulty server is written: a function that changes what the correct server receives or answers.

Its name is the mutant's, its docstring the defect in a sentence, and its decorator the kind of defect: `misreads` has
the correct server receive another request, `misanswers` changes its response, and `mutant` is free to do both and to
keep a state of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from contract_tests.wire.request import Request
from contract_tests.wire.response import Response

Server = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Mutant:
    """A faulty server.

    Attributes:
        sentence: its defect.
        around: makes the faulty server of the correct one.
    """

    name: str
    sentence: str
    around: Callable[[Server], Server]


_registered: dict[str, Mutant] = {}


def registered() -> list[Mutant]:
    """The faulty servers of the modules imported so far."""
    return list(_registered.values())


def mutant(around: Callable[[Server], Server]) -> Callable[[Server], Server]:
    """Register a function that makes a faulty server of the correct one."""
    name = around.__name__.replace("_", " ")
    if name in _registered:
        raise ValueError(f"mutant {name!r}: Must have a name of its own")
    _registered[name] = Mutant(name, " ".join((around.__doc__ or "").split()), around)
    return around


def misreads(reading: Callable[[Request], Request]) -> Callable[[Request], Request]:
    """Register a function that returns the request that the server takes another one for."""

    def around(correct: Server) -> Server:
        async def server(request: Request) -> Response:
            return await correct(reading(request))

        return server

    mutant(_named_as(reading, around))
    return reading


def misanswers(change: Callable[[Request, Response], Response]) -> Callable[[Request, Response], Response]:
    """Register a function that returns the faulty response, given the correct one."""

    def around(correct: Server) -> Server:
        async def server(request: Request) -> Response:
            return change(request, await correct(request))

        return server

    mutant(_named_as(change, around))
    return change


def _named_as(defect: Callable[..., object], around: Callable[[Server], Server]) -> Callable[[Server], Server]:
    around.__name__, around.__doc__ = defect.__name__, defect.__doc__
    return around
