"""Rules that the platform does not document, and that the stand-in has to decide: guesses, to be corrected here.

Guesses about limits and forms stand where these are made: the largest body in `http/limits.py`; 404 and 405 in
`operations/served.py`; `Retry-After` in `operations/refusals.py`; that the rate limit does not count refused requests
in `platform/rate_limiter.py`.
"""

from __future__ import annotations

from ventia_document.platform import INVALID
from ventia_mock.world.sending import Refusal, Sending


def contact_is_known(sending: Sending) -> Refusal | None:
    """Assumed: a message to a contact that the company does not have is refused as an invalid body."""
    return _known(sending, "contact")


def user_is_known(sending: Sending) -> Refusal | None:
    """Assumed: a message through a user whom the company does not have is refused as an invalid body."""
    return _known(sending, "user")


def integration_is_known(sending: Sending) -> Refusal | None:
    """Assumed: a message through an integration that the company does not have is refused as an invalid body."""
    return _known(sending, "integration")


def template_is_known(sending: Sending) -> Refusal | None:
    """Assumed: a template that the company does not have is refused as an invalid body."""
    return _known(sending, "template")


def replied_message_is_known(sending: Sending) -> Refusal | None:
    """Assumed: a reply to a message that the company neither has nor sent before is refused as an invalid body."""
    refusal = _known(sending, "message")
    return None if refusal and sending.was_sent(sending.identifiers["message"]) else refusal


def _known(sending: Sending, kind: str) -> Refusal | None:
    if sending.is_unknown(kind):
        return Refusal(INVALID, kind, f"Must be one of the {kind}s of the company")
    return None


ASSUMPTIONS = (contact_is_known, user_is_known, integration_is_known, template_is_known, replied_message_is_known)
