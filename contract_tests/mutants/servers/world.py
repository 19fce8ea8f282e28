"""Lies about what the platform knows: channels, sessions, integrations, templates, and what is queued."""

from __future__ import annotations

from contract_tests.mutants.registry import Answer, Asked, Server, lies, misanswers, misreads
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


@misreads
def accepts_a_channel_of_another_company(asked: Asked) -> Asked:
    """Sends through a channel of another company."""
    return changed(asked, channelId=KNOWN[CHANNEL]) if word(asked, CHANNEL) == "656b0e1f8e5a2c001f3b0d12" else asked


@misreads
def accepts_templates_through_facebook(asked: Asked) -> Asked:
    """Sends templates through Facebook too."""
    is_sent = has(asked, "template") and channel_type(asked) == "fb"
    return changed(asked, channelId=KNOWN[CHANNEL]) if is_sent else asked


@misanswers
def answers_a_session_that_is_offline_as_sent(_: Asked, answer: Answer) -> Answer:
    """Answers 409 as 200."""
    return sent() if answer.status == 409 else answer


@misanswers
def answers_an_inactive_integration_as_a_failure(_: Asked, answer: Answer) -> Answer:
    """Answers 422 as 500."""
    return failed() if answer.status == 422 else answer


@misanswers
def swaps_offline_and_inactive(_: Asked, answer: Answer) -> Answer:
    """Answers 422 where 409 is documented, and the reverse, with bodies that belong to the numbers."""
    offline = problem(409, "Personal WhatsApp session is not online")
    inactive = problem(422, "User has no active personal WhatsApp Business integration")
    return {409: inactive, 422: offline}.get(answer.status, answer)


@misanswers
def answers_every_channel_as_queued(asked: Asked, answer: Answer) -> Answer:
    """Answers 202 to every message through a channel."""
    is_sent = answer.status == 200 and has(asked, CHANNEL)
    return answered(202, {"success": True, "queued": True}) if is_sent else answer


@misanswers
def answers_what_is_queued_as_sent(_: Asked, answer: Answer) -> Answer:
    """Answers 202 as 200."""
    return sent() if answer.status == 202 else answer


@misanswers
def fails_on_videos_through_sessions(asked: Asked, answer: Answer) -> Answer:
    """Answers a video that a user sends with 500."""
    is_video = has(asked, USER) and word(asked, "mediaType") == "video"
    return failed() if answer.accepts and is_video else answer


@lies
def checks_only_the_first_rule(correct: Server) -> Server:
    """Accepts a body that names one sender, whatever else is wrong with it."""

    async def server(asked: Asked) -> Answer:
        answer = await correct(asked)
        is_unchecked = answer.status == 400 and len(senders(asked)) == 1 and has_key(asked)
        return await correct(accepted(asked)) if is_unchecked else answer

    return server
