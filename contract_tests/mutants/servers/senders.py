"""Faulty rules between the sender fields, and of a user's medium."""

from __future__ import annotations

from contract_tests.mutants.registry import misreads
from contract_tests.mutants.servers.vocabulary import (
    CHANNEL,
    KNOWN,
    SESSION,
    USER,
    changed,
    has,
    senders,
    without,
    word,
)
from contract_tests.wire.request import Request


def _by_the_first(request: Request) -> Request:
    return without(request, *senders(request)[1:])


@misreads
def takes_the_first_of_several_senders(request: Request) -> Request:
    """Accepts any number of senders, and sends through the first."""
    return _by_the_first(request) if len(senders(request)) > 1 else request


@misreads
def accepts_two_senders_of_a_template(request: Request) -> Request:
    """Accepts two senders, but only of a template."""
    return _by_the_first(request) if len(senders(request)) == 2 and has(request, "template") else request


@misreads
def accepts_all_three_senders(request: Request) -> Request:
    """Accepts all three senders together: it only looks whether there are two."""
    return _by_the_first(request) if len(senders(request)) == 3 else request


@misreads
def accepts_no_sender(request: Request) -> Request:
    """Accepts a message without a sender, and sends it through the company's first channel."""
    return changed(request, channelId=KNOWN[CHANNEL]) if request.fields and not senders(request) else request


@misreads
def accepts_a_user_without_a_medium(request: Request) -> Request:
    """Accepts a user without a medium, and takes unofficial_wpp for it."""
    return changed(request, medium=SESSION) if senders(request) == [USER] and not has(request, "medium") else request


@misreads
def counts_senders_by_their_identifiers(request: Request) -> Request:
    """Takes several senders with one identifier for one."""
    is_one = len({word(request, name) for name in senders(request)}) == 1
    return _by_the_first(request) if is_one else request
