"""Messages as the functions of operations pass them on."""

from __future__ import annotations

from typing import NamedTuple


class Sending(NamedTuple):
    """An operation of the document that sends a message to a contact, and the arguments that say which.

    Attributes:
        once: the caller's key for this one message; None if it has none.
        operation: the operation of the document.
        parameter: the name of its parameter for the contact.
        contact: the contact.
    """

    once: str | None
    operation: str
    parameter: str
    contact: object
