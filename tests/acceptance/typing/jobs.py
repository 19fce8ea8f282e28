"""A program with a vendored copy of the client, which takes its messages from a queue of JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable
from typing import TypedDict

from app._vendor.ventia_client import Client, RateLimit
from app._vendor.ventia_client.api.interactions import create_message
from app._vendor.ventia_client.errors import (
    AnswerError,
    DeliveryUnknown,
    InvalidMessage,
    NotSent,
    SessionNotOnline,
    VentiaError,
)
from app._vendor.ventia_client.models import (
    ChannelMessage,
    MessageQueued,
    MessageSent,
    UserIntegrationMessage,
    UserMessage,
)


class Job(TypedDict):
    """A message on its way through the queue."""

    contact: str
    message: dict[str, object]


def job(contact: str, message: ChannelMessage | UserMessage | UserIntegrationMessage) -> str:
    """A job as the queue keeps it."""
    return json.dumps(Job(contact=contact, message=message.to_dict()))


def send(client: Client, queued: Job) -> str:
    """What became of a job, in a few words."""
    try:
        message = create_message.body_from_dict(queued["message"])
        return told(create_message.sync(queued["contact"], client=client, body=message))
    except VentiaError as error:
        return why(error)


async def send_soon(client: Client, queued: Job) -> str:
    """The same, awaited."""
    try:
        message = create_message.body_from_dict(queued["message"])
        return told(await create_message.asyncio(queued["contact"], client=client, body=message, timeout=5))
    except VentiaError as error:
        return why(error)


def told(answer: MessageQueued | MessageSent) -> str:
    """A success, in a few words."""
    match answer:
        case MessageSent(interaction_id=interaction):
            return f"sent {interaction}"
        case MessageQueued():
            return "queued"


def why(error: VentiaError) -> str:
    """An error, in a few words."""
    match error:
        case InvalidMessage(field, rule):
            return f"mend {field}: {rule}"
        case SessionNotOnline():
            return "connect WhatsApp again"
        case AnswerError(status, said):
            return f"{error.outcome}: {status} {said}"
        case NotSent():
            return f"try again: {error}"
        case DeliveryUnknown():
            return f"look before you send it again: {error}"
        case _:
            return error.outcome


async def send_all(jobs: Iterable[Job]) -> list[str]:
    """All jobs at once."""
    async with Client(rate_limit=RateLimit(requests=100)) as client:
        return await asyncio.gather(*[send_soon(client, each) for each in jobs])


def main(lines: Iterable[str]) -> None:
    """Send each job in both ways, and write what became of them."""
    jobs: list[Job] = [json.loads(line) for line in lines]
    with Client(deadline=20, retries=1) as client:
        ends = [send(client, each) for each in jobs]
    ends += asyncio.run(send_all(jobs))
    sys.stdout.write("\n".join(ends))


if __name__ == "__main__":
    main(sys.stdin)
