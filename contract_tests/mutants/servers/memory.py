"""Servers with a faulty memory: right only at first or now and then, or sending twice."""

from __future__ import annotations

import asyncio
from itertools import count

from contract_tests.mutants.application import CONNECTION
from contract_tests.mutants.registry import Server, mutant
from contract_tests.mutants.servers.vocabulary import accepted, has_key, silent, word
from contract_tests.wire.request import Request
from contract_tests.wire.response import Response
from ventia_document.source import Json


@mutant
def validates_only_the_first_time(correct: Server) -> Server:
    """Accepts whatever has the right key after the first refusal."""
    return _accepting_after(1, correct)


@mutant
def accepts_after_three_refusals(correct: Server) -> Server:
    """Accepts whatever has the right key after it has refused three bodies."""
    return _accepting_after(3, correct)


def _accepting_after(most: int, correct: Server) -> Server:
    refusals = 0

    async def server(request: Request) -> Response:
        nonlocal refusals
        response = await correct(accepted(request) if refusals >= most and has_key(request) else request)
        refusals += response.status == 400
        return response

    return server


@mutant
def accepts_every_tenth_request(correct: Server) -> Server:
    """Checks no body of every tenth request with the right key."""
    numbers = count(1)

    async def server(request: Request) -> Response:
        return await correct(accepted(request) if has_key(request) and next(numbers) % 10 == 0 else request)

    return server


@mutant
def is_right_only_the_first_time(correct: Server) -> Server:
    """Answers the first request as it should, and every later valid one without an interactionId."""
    numbers = count()

    async def server(request: Request) -> Response:
        response = await correct(request)
        return silent(response, "interactionId") if response.status == 200 and next(numbers) else response

    return server


@mutant
def remembers_the_verdict_on_a_contact(correct: Server) -> Server:
    """Accepts every message to a contact after one that was valid."""
    seen: set[str] = set()

    async def server(request: Request) -> Response:
        response = await correct(accepted(request) if request.path in seen and has_key(request) else request)
        seen.update({request.path} if response.accepts else ())
        return response

    return server


@mutant
def takes_a_local_id_for_an_idempotency_key(correct: Server) -> Server:
    """Sends nothing for a localId that it has seen, and answers as before."""
    seen: dict[str, Response] = {}

    async def server(request: Request) -> Response:
        local_id = word(request, "localId")
        if local_id in seen and has_key(request):
            return seen[local_id]
        response = await correct(request)
        seen.update({local_id: response} if local_id and response.accepts else {})
        return response

    return server


@mutant
def delivers_twice(correct: Server) -> Server:
    """Delivers each message twice."""

    async def server(request: Request) -> Response:
        await correct(request)
        return await correct(request)

    return server


@mutant
def delivers_what_it_refuses(correct: Server) -> Server:
    """Delivers a message that it answers with 400."""

    async def server(request: Request) -> Response:
        response = await correct(request)
        if response.status == 400:
            await correct(accepted(request))
        return response

    return server


@mutant
def echoes_the_local_id_of_another_message(correct: Server) -> Server:
    """Repeats in a success the `localId` that came with the message before."""
    kept: dict[str, Json] = {}

    async def server(request: Request) -> Response:
        response, before = await correct(request), kept.get("localId")
        kept.update({"localId": request.fields.get("localId")})
        is_echoed = response.accepts and isinstance(before, str)
        return response.with_json({**response.fields, "localId": before}) if is_echoed else response

    return server


@mutant
def gives_the_response_of_another_request_at_once(correct: Server) -> Server:
    """Keeps the response in a variable that all requests share, until it is sent."""
    shared: dict[str, Response] = {}

    async def server(request: Request) -> Response:
        shared["response"] = await correct(request)
        await asyncio.sleep(0)
        return shared["response"]

    return server


@mutant
def checks_nothing_on_every_other_connection(correct: Server) -> Server:
    """Checks no body over every other connection, behind which stands an old server."""
    connections: dict[int, int] = {}

    async def server(request: Request) -> Response:
        number = connections.setdefault(CONNECTION.get(), len(connections))
        return await correct(accepted(request) if number % 2 and has_key(request) else request)

    return server


@mutant
def is_wrong_in_its_first_answer_over_a_later_connection(correct: Server) -> Server:
    """Leaves out the interactionId in its first response over each connection but the first."""
    connections: set[int] = set()

    async def server(request: Request) -> Response:
        is_new = CONNECTION.get() not in connections
        is_later = bool(connections)
        connections.add(CONNECTION.get())
        response = await correct(request)
        return silent(response, "interactionId") if is_new and is_later else response

    return server
