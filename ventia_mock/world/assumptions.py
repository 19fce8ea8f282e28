"""What the platform does not document, and the stand-in has to decide. Each is a guess, to be corrected here.

Guesses about form stand where the form is made: 404, 405 and `Retry-After` in `problems.py`, and that the rate limit
does not count what it refuses in `limiter.py`.
"""

from __future__ import annotations

from ventia_mock.world.sending import INVALID, Refusal, Sending

LARGEST_BODY = 1 << 20
"""Bytes of a request body; a larger one is refused as an invalid body."""

MOST_FIELDS = 1000
"""Fields of an object in a body; one of more is refused as an invalid body."""


def contact_is_known(sending: Sending) -> Refusal | None:
    """Assumed: a message to a contact that the company has not is refused as an invalid body."""
    return _known(sending, "contact")


def user_is_known(sending: Sending) -> Refusal | None:
    """Assumed: a message through a user whom the company has not is refused as an invalid body."""
    return _known(sending, "user")


def integration_is_known(sending: Sending) -> Refusal | None:
    """Assumed: a message through an integration that the company has not is refused as an invalid body."""
    return _known(sending, "integration")


def template_is_known(sending: Sending) -> Refusal | None:
    """Assumed: a template that the company has not is refused as an invalid body."""
    return _known(sending, "template")


def replied_message_is_known(sending: Sending) -> Refusal | None:
    """Assumed: a reply to a message that is neither the world's nor one sent before is refused as an invalid body."""
    refusal = _known(sending, "message")
    return None if refusal and sending.was_sent(sending.named["message"]) else refusal


def _known(sending: Sending, kind: str) -> Refusal | None:
    if sending.names_unknown(kind):
        return Refusal(INVALID, kind, f"Must be one of the {kind}s of the company")
    return None


ASSUMPTIONS = (contact_is_known, user_is_known, integration_is_known, template_is_known, replied_message_is_known)
