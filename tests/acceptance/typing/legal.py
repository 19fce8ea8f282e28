"""A program of a user of the client, as strict type checkers accept it."""

from __future__ import annotations

import asyncio

from ventia_client import Client, Ledger, RateLimit
from ventia_client.api.interactions import create_message
from ventia_client.errors import AlreadyTried, DeliveryUnknown, InvalidMessage, NotSent, SessionNotOnline, VentiaError
from ventia_client.models import ChannelMessage, MessageQueued, MessageSent, UserIntegrationMessage, UserMessage

Message = ChannelMessage | UserMessage | UserIntegrationMessage

MESSAGES: list[Message] = [
    ChannelMessage(channel_id="656b0e1f8e5a2c001f3a9d12", text="Hi!", local_id="draft-7"),
    UserMessage(user_id="64f1c2a97b3e4d0012ab34cd", medium="whatsapp_business", template="order_confirmation"),
    UserIntegrationMessage(
        user_integration_id="65a0d4e2c9f8b7001e6f5a43", media_type="image", media_url="https://files.example.com/a.png"
    ),
]
SENT = MessageSent(interaction_id="66f3a9b11c4d8e0023b7c9a1")
QUEUED = MessageQueued()


def send(client: Client, contact: str, message: Message) -> str:
    """What became of a message, in a word."""
    try:
        answer = create_message.sync(contact, client=client, body=message, timeout=5, headers={"X-Team": "sales"})
    except InvalidMessage as error:
        return f"{error.field} {error.rule}"
    except SessionNotOnline as error:
        return f"{error.status_code} {error.error} {error.details} {error.response.content!r}"
    except NotSent:
        return "not sent"
    except DeliveryUnknown as error:
        return error.outcome
    match answer:
        case MessageSent(interaction_id=interaction):
            return interaction
        case MessageQueued():
            return "queued"


def again(client: Client, contact: str, kept: dict[str, object]) -> str:
    """What became of a message that was kept as JSON."""
    message: Message = create_message.body_from_dict(kept)
    if isinstance(message, ChannelMessage):
        assert message.to_dict()["channelId"] == message.channel_id
    return send(client, contact, message)


def send_once(client: Client, order: int, message: Message) -> str:
    """What became of a message that is sent once."""
    try:
        create_message.sync("66f1a2b33c4d5e0067f8a9b0", client=client, body=message, once=f"order-{order}/shipped")
    except AlreadyTried as error:
        return f"{error.state} since {error.at}, by {error.by}"
    return "sent"


def look(ledger: Ledger) -> list[str]:
    """What a person must look at."""
    return [f"{record.at:%H:%M} {record.contact} {record.key}" for record in ledger.unknown()]


def outcome(error: VentiaError) -> str:
    """An error, by its kind."""
    match error:
        case SessionNotOnline(status_code=status, error=said):
            return f"{status} {said}"
        case InvalidMessage(field, rule):
            return f"{field}: {rule}"
        case VentiaError(outcome="not_sent"):
            return "not sent"
        case _:
            return "who knows"


async def send_all(client: Client, contact: str) -> list[MessageQueued | MessageSent]:
    """Every message at once."""
    return await asyncio.gather(*[create_message.asyncio(contact, client=client, body=message) for message in MESSAGES])


async def main() -> None:
    """Send in both ways."""
    async with Client(rate_limit=RateLimit(redis="redis://localhost"), deadline=60, retries=0) as client:
        detailed = await create_message.asyncio_detailed("66f1a2b33c4d5e0067f8a9b0", client=client, body=MESSAGES[0])
        assert detailed.status_code == 200
        await send_all(client, "66f1a2b33c4d5e0067f8a9b0")
    ledger = Ledger("sends.sqlite3")
    with Client(ledger=ledger) as client:
        send_once(client, 1042, MESSAGES[0])
        look(ledger)
    with Client(api_key="AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD", base_url="http://localhost", rate_limit=None) as client:
        send(client, "66f1a2b33c4d5e0067f8a9b0", MESSAGES[0])
