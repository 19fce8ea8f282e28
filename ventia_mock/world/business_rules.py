"""The platform's rules for a message that no schema can say: one function each, named for the rule.

The endpoint's page documents them, but not the responses to the first three: that these are refused as an invalid body
is an assumption. Rules that the page does not document at all are in `assumptions.py`.
"""

from __future__ import annotations

from ventia_document.platform import INTEGRATION, INVALID, NOT_ACTIVE, NOT_ONLINE, QUEUED, SESSION
from ventia_mock.world.sending import Refusal, Sending
from ventia_mock.world.things import normalized

MEDIUM = "medium"
"""The field that says which of a user's integrations a message goes through."""

INTERACTION = "interactionId"
"""The field of a response that identifies the message on the platform."""


def channel_belongs_to_the_company(sending: Sending) -> Refusal | None:
    """A channel must belong to the company of the API key."""
    if sending.is_unknown("channel"):
        return Refusal(INVALID, "channel", "Must be a channel of the company")
    return None


def template_goes_through_whatsapp_business(sending: Sending) -> Refusal | None:
    """A template needs a channel of type whatsapp_business, or a user's integration."""
    channel = sending.thing("channel")
    if "template" in sending.identifiers and channel and channel.type != INTEGRATION:
        return Refusal(INVALID, "template", f"Must go through a {INTEGRATION} channel; this one is {channel.type}")
    return None


def template_is_approved(sending: Sending) -> Refusal | None:
    """A template must be approved."""
    template = sending.thing("template")
    if template and not template.approved:
        return Refusal(INVALID, "template", "Must be an approved template")
    return None


def session_is_online(sending: Sending) -> Refusal | None:
    """A user's personal WhatsApp session must be online."""
    user = sending.thing("user")
    if user and sending.medium == SESSION and user.session != "online":
        return Refusal(NOT_ONLINE, "user", f"Must have a session that is online; theirs is {user.session}")
    return None


def integration_is_active(sending: Sending) -> Refusal | None:
    """A user's personal WhatsApp Business integration must be active, identified by itself or through the user."""
    integration = sending.thing("integration")
    if integration and not integration.active:
        return Refusal(NOT_ACTIVE, "integration", "Must be an active integration")
    if (user := sending.thing("user")) and sending.medium == INTEGRATION:
        integrations = sending.company.things["integrations"].values()
        if not any(each.active for each in integrations if normalized(each.user) == normalized(user.id)):
            return Refusal(NOT_ACTIVE, "user", "Must have an active integration")
    return None


BUSINESS_RULES = (
    channel_belongs_to_the_company,
    template_goes_through_whatsapp_business,
    template_is_approved,
    session_is_online,
    integration_is_active,
)


def provoked(sending: Sending) -> str:
    """The name of the response that the contact or the channel always gets; '' for the platform's own."""
    things = (sending.thing("contact"), sending.thing("channel"))
    return next((thing.answers for thing in things if thing and thing.answers), "")


def accepted(sending: Sending) -> str:
    """The name of the response to a message that keeps every rule; '' for the first success."""
    channel = sending.thing("channel")
    return QUEUED if channel and channel.queues else ""
