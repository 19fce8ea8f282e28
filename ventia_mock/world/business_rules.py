"""The platform's rules for a message that no schema can say: one function each, named for the rule.

They are documented on the endpoint's page, but for the answers to the first three: that these are refused as an invalid
body is an assumption. What the page does not state at all is in `assumptions.py`.
"""

from __future__ import annotations

import itertools
import secrets
import time

from ventia_document.source import Json
from ventia_mock.operations.responses import Answer
from ventia_mock.world.file import same
from ventia_mock.world.sending import INVALID, Refusal, Sending

OPERATION = "createMessage"
"""The `operationId` that these are the rules of."""

MEDIUM = "medium"
SESSION, INTEGRATION = "unofficial_wpp", "whatsapp_business"
NOT_ONLINE, NOT_ACTIVE, QUEUED = "sessionNotOnline", "noActiveIntegration", "messageQueued"
INTERACTION = "interactionId"
ANSWERS = {INVALID, NOT_ONLINE, NOT_ACTIVE, QUEUED}
"""The names of the documented answers that the rules and the world have."""


def channel_belongs_to_the_company(sending: Sending) -> Refusal | None:
    """A channel must belong to the company of the API key."""
    if sending.names_unknown("channel"):
        return Refusal(INVALID, "channel", "Must be a channel of the company")
    return None


def template_goes_through_whatsapp_business(sending: Sending) -> Refusal | None:
    """A template needs a channel of type whatsapp_business, or a user's integration."""
    channel = sending.found("channel")
    if "template" in sending.named and channel and channel.type != INTEGRATION:
        return Refusal(INVALID, "template", f"Must go through a {INTEGRATION} channel; this one is {channel.type}")
    return None


def template_is_approved(sending: Sending) -> Refusal | None:
    """A template must be one that is approved."""
    template = sending.found("template")
    if template and not template.approved:
        return Refusal(INVALID, "template", "Must be an approved template")
    return None


def session_is_online(sending: Sending) -> Refusal | None:
    """A user's personal WhatsApp session must be online."""
    user = sending.found("user")
    if user and sending.medium == SESSION and user.session != "online":
        return Refusal(NOT_ONLINE, "user", f"Must have a session that is online; theirs is {user.session}")
    return None


def integration_is_active(sending: Sending) -> Refusal | None:
    """A user's personal WhatsApp Business integration must be active, named by itself or through the user."""
    integration = sending.found("integration")
    if integration and not integration.active:
        return Refusal(NOT_ACTIVE, "integration", "Must be an active integration")
    if (user := sending.found("user")) and sending.medium == INTEGRATION:
        known = sending.company.things["integrations"].values()
        if not any(each.active for each in known if same(each.user) == same(user.id)):
            return Refusal(NOT_ACTIVE, "user", "Must have an active integration")
    return None


RULES = (
    channel_belongs_to_the_company,
    template_goes_through_whatsapp_business,
    template_is_approved,
    session_is_online,
    integration_is_active,
)


def provoked(sending: Sending) -> str:
    """The name of the answer that the contact or the channel always gets; '' for the platform's own."""
    things = (sending.found("contact"), sending.found("channel"))
    return next((thing.answers for thing in things if thing and thing.answers), "")


def accepted(sending: Sending) -> str:
    """The name of the answer to a message that keeps every rule; '' for the first success."""
    channel = sending.found("channel")
    return QUEUED if channel and channel.queues else ""


def outcome(answer: Answer) -> str:
    """What became of a message: `sent`, `queued`, `refused` or, where nobody can say, `failed`."""
    if 0 < answer.status < 300:
        return "queued" if answer.example == QUEUED else "sent"
    return "refused" if 300 <= answer.status < 500 else "failed"


def with_its_interaction(value: Json) -> Json:
    """An answer that tells of an interaction, with an identifier which is no other's: 24 hexadecimal digits."""
    if not isinstance(value, dict) or INTERACTION not in value:
        return value
    return value | {INTERACTION: f"{int(time.time()):08x}{_PROCESS}{next(_counter) % (1 << 24):06x}"}


# An ObjectId has the time, a number of its process, and a counter.
_PROCESS, _counter = secrets.token_hex(5), itertools.count(secrets.randbits(24))
