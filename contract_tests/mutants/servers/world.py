"""Faulty knowledge of the platform: channels, sessions, integrations, templates, queued messages."""

from __future__ import annotations

from contract_tests.mutants.registry import Server, misanswers, misreads, mutant
from contract_tests.mutants.servers.vocabulary import (
    CHANNEL,
    KNOWN,
    USER,
    accepted,
    answered,
    changed,
    channel_type,
    failed,
    has,
    has_key,
    problem,
    senders,
    sent,
    word,
)
from contract_tests.wire.request import Request
from contract_tests.wire.response import Response


@misreads
def accepts_a_channel_of_another_company(request: Request) -> Request:
    """Sends through a channel of another company."""
    return (
        changed(request, channelId=KNOWN[CHANNEL]) if word(request, CHANNEL) == "656b0e1f8e5a2c001f3b0d12" else request
    )


@misreads
def accepts_templates_through_facebook(request: Request) -> Request:
    """Sends templates through Facebook too."""
    is_sent = has(request, "template") and channel_type(request) == "fb"
    return changed(request, channelId=KNOWN[CHANNEL]) if is_sent else request


@misanswers
def answers_a_session_that_is_offline_as_sent(_: Request, response: Response) -> Response:
    """Answers 409 as 200."""
    return sent() if response.status == 409 else response


@misanswers
def answers_an_inactive_integration_as_a_failure(_: Request, response: Response) -> Response:
    """Answers 422 as 500."""
    return failed() if response.status == 422 else response


@misanswers
def swaps_offline_and_inactive(_: Request, response: Response) -> Response:
    """Answers 422 where 409 is documented, and the reverse, with bodies that belong to the numbers."""
    offline = problem(409, "Personal WhatsApp session is not online")
    inactive = problem(422, "User has no active personal WhatsApp Business integration")
    return {409: inactive, 422: offline}.get(response.status, response)


@misanswers
def answers_every_channel_as_queued(request: Request, response: Response) -> Response:
    """Answers 202 to every message through a channel."""
    is_sent = response.status == 200 and has(request, CHANNEL)
    return answered(202, {"success": True, "queued": True}) if is_sent else response


@misanswers
def answers_what_is_queued_as_sent(_: Request, response: Response) -> Response:
    """Answers 202 as 200."""
    return sent() if response.status == 202 else response


@misanswers
def fails_on_videos_through_sessions(request: Request, response: Response) -> Response:
    """Answers a video that a user sends with 500."""
    is_video = has(request, USER) and word(request, "mediaType") == "video"
    return failed() if response.accepts and is_video else response


@mutant
def checks_only_the_first_rule(correct: Server) -> Server:
    """Accepts a body that names one sender, whatever else is wrong with it."""

    async def server(request: Request) -> Response:
        response = await correct(request)
        is_unchecked = response.status == 400 and len(senders(request)) == 1 and has_key(request)
        return await correct(accepted(request)) if is_unchecked else response

    return server


@misreads
def checks_sessions_by_small_letters(request: Request) -> Request:
    """Takes a user in capitals for one that is online."""
    user = word(request, USER)
    return changed(request, userId=KNOWN[USER]) if user != user.lower() and len(user) == _DIGITS else request


_DIGITS = 24  # of an ObjectId


@misreads
def sends_through_another_channel(request: Request) -> Request:
    """Sends through WhatsApp what is for Instagram."""
    is_text = channel_type(request) == "ig" and word(request, "text")
    return changed(request, channelId=KNOWN[CHANNEL]) if is_text else request
