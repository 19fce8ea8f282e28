"""What a strict type checker must refuse: each line marked `illegal` is one error, and no other line is any."""

from __future__ import annotations

from ventia_client import Client
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage, MessageQueued, MessageSent, UserIntegrationMessage, UserMessage

CHANNEL, USER, CONTACT = "656b0e1f8e5a2c001f3a9d12", "64f1c2a97b3e4d0012ab34cd", "66f1a2b33c4d5e0067f8a9b0"


def write(client: Client) -> None:
    """Break the rules, one by one."""
    ChannelMessage(channel_id=CHANNEL, user_id=USER, text="Hi!")  # illegal: two senders
    ChannelMessage(channel_id=CHANNEL, user_integration_id=USER, text="Hi!")  # illegal: two senders
    UserIntegrationMessage(user_integration_id=USER, medium="whatsapp_business", text="Hi!")  # illegal: a medium too
    UserMessage(user_id=USER, text="Hi!")  # illegal: a user without medium
    UserMessage(user_id=USER, medium="sms", text="Hi!")  # illegal: no such medium
    ChannelMessage(text="Hi!")  # illegal: no sender
    ChannelMessage(CHANNEL, "Hi!")  # illegal: a text by its place, which a new field could shift
    ChannelMessage(channel_id=CHANNEL, media_type="sticker", media_url="https://x.example")  # illegal: no such media
    ChannelMessage(channel_id=CHANNEL, text=None)  # illegal: null is no text
    ChannelMessage(channel_id=CHANNEL, subject="Hi!")  # illegal: no such field
    MessageQueued(queued=False)  # illegal: it is always true
    message = ChannelMessage(channel_id=CHANNEL, text="Hi!")
    create_message.sync(CONTACT, body=message)  # illegal: no client
    create_message.sync(5, client=client, body=message)  # illegal: a contact is a text
    create_message.sync(CONTACT, client=client, body={"channelId": CHANNEL, "text": "Hi!"})  # illegal: no message
    answer = create_message.sync(CONTACT, client=client, body=message)
    answer.interaction_id  # illegal: it may be queued
    if isinstance(answer, MessageSent):
        answer.interaction_id.hex()  # illegal: a text has no such method
    create_message.body_from_dict(None)  # illegal: no JSON object
    create_message.body_from_dict({}).channel_id  # illegal: it may be of another sender
