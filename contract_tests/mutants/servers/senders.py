"""Lies about who sends a message: the rules between the sender fields, and the medium of a user."""

from __future__ import annotations

from contract_tests.mutants.registry import Asked, misreads
from contract_tests.mutants.servers.vocabulary import CHANNEL, KNOWN, SESSION, USER, changed, has, senders, without


def _by_the_first(asked: Asked) -> Asked:
    return without(asked, *senders(asked)[1:])


@misreads
def takes_the_first_of_several_senders(asked: Asked) -> Asked:
    """Accepts any number of senders, and sends through the first."""
    return _by_the_first(asked) if len(senders(asked)) > 1 else asked


@misreads
def accepts_two_senders_of_a_template(asked: Asked) -> Asked:
    """Accepts two senders, but only of a template."""
    return _by_the_first(asked) if len(senders(asked)) == 2 and has(asked, "template") else asked


@misreads
def accepts_all_three_senders(asked: Asked) -> Asked:
    """Accepts all three senders together: it only looks whether there are two."""
    return _by_the_first(asked) if len(senders(asked)) == 3 else asked


@misreads
def accepts_no_sender(asked: Asked) -> Asked:
    """Accepts a message without a sender, and sends it through the company's first channel."""
    return changed(asked, channelId=KNOWN[CHANNEL]) if asked.fields and not senders(asked) else asked


@misreads
def accepts_a_user_without_a_medium(asked: Asked) -> Asked:
    """Accepts a user without a medium, and takes unofficial_wpp for it."""
    return changed(asked, medium=SESSION) if senders(asked) == [USER] and not has(asked, "medium") else asked
