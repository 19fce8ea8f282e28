"""Lies of a server that remembers: it is right at first, or only now and then, or does twice what was asked once."""

from __future__ import annotations

from itertools import count

from contract_tests.mutants.registry import Answer, Asked, Server, lies
from contract_tests.mutants.servers.vocabulary import accepted, has_key, silent, word


@lies
def validates_only_the_first_time(correct: Server) -> Server:
    """Accepts whatever has the right key after the first refusal."""
    return _accepting_after(1, correct)


@lies
def accepts_after_three_refusals(correct: Server) -> Server:
    """Accepts whatever has the right key after it has refused three bodies."""
    return _accepting_after(3, correct)


def _accepting_after(most: int, correct: Server) -> Server:
    refusals = 0

    async def server(asked: Asked) -> Answer:
        nonlocal refusals
        answer = await correct(accepted(asked) if refusals >= most and has_key(asked) else asked)
        refusals += answer.status == 400
        return answer

    return server


@lies
def accepts_every_tenth_request(correct: Server) -> Server:
    """Checks no body of every tenth request with the right key."""
    numbers = count(1)

    async def server(asked: Asked) -> Answer:
        return await correct(accepted(asked) if has_key(asked) and next(numbers) % 10 == 0 else asked)

    return server


@lies
def is_right_only_the_first_time(correct: Server) -> Server:
    """Answers the first request as it should, and every later valid one without an interactionId."""
    numbers = count()

    async def server(asked: Asked) -> Answer:
        answer = await correct(asked)
        return silent(answer, "interactionId") if answer.status == 200 and next(numbers) else answer

    return server


@lies
def remembers_the_verdict_on_a_contact(correct: Server) -> Server:
    """Accepts every message to a contact after one that was valid."""
    known: set[str] = set()

    async def server(asked: Asked) -> Answer:
        answer = await correct(accepted(asked) if asked.path in known and has_key(asked) else asked)
        known.update({asked.path} if answer.accepts else ())
        return answer

    return server


@lies
def takes_a_local_id_for_an_idempotency_key(correct: Server) -> Server:
    """Sends nothing for a localId that it has seen, and answers as before."""
    known: dict[str, Answer] = {}

    async def server(asked: Asked) -> Answer:
        local_id = word(asked, "localId")
        if local_id in known and has_key(asked):
            return known[local_id]
        answer = await correct(asked)
        known.update({local_id: answer} if local_id and answer.accepts else {})
        return answer

    return server


@lies
def delivers_twice(correct: Server) -> Server:
    """Delivers each message twice."""

    async def server(asked: Asked) -> Answer:
        await correct(asked)
        return await correct(asked)

    return server


@lies
def delivers_what_it_refuses(correct: Server) -> Server:
    """Delivers a message that it answers with 400."""

    async def server(asked: Asked) -> Answer:
        answer = await correct(asked)
        if answer.status == 400:
            await correct(accepted(asked))
        return answer

    return server
