"""Decides what becomes of a request: by its key, the rate limit, planned faults, the document, and then the world."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from ventia_mock.http.asgi import preferences
from ventia_mock.journal.journal import Journal
from ventia_mock.operations.authentication import redact
from ventia_mock.operations.refusals import invalid, too_many, unknown_key
from ventia_mock.operations.responses import Answer
from ventia_mock.operations.served import Served
from ventia_mock.operations.validation import Received, Refused, Valid
from ventia_mock.platform.accounts import Account, Accounts
from ventia_mock.platform.exchange import Exchange
from ventia_mock.platform.faults import HTML, MALFORMED, Fault
from ventia_mock.platform.upstream import Upstream
from ventia_mock.world.assumptions import ASSUMPTIONS
from ventia_mock.world.business_rules import MEDIUM, RULES, accepted, provoked, with_its_interaction
from ventia_mock.world.sending import INVALID, Refusal, Sending

_BAD_GATEWAY = Answer(
    HTTPStatus.BAD_GATEWAY,
    media_type="text/html",
    raw=b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>",
)


class Decision:
    """Decides about the requests to a platform.

    Args:
        upstream: the server that valid requests are passed on to, instead of being answered by the world.
    """

    def __init__(self, accounts: Accounts, journal: Journal, upstream: Upstream | None) -> None:
        self._accounts, self._journal, self._upstream = accounts, journal, upstream

    async def exchange(self, served: Served, asked: Received) -> Exchange:
        """What becomes of a request."""
        account = self._account(served, asked)
        if account is None:
            return self._refused(served, asked, None, unknown_key(served.answers))
        if account.limiter and (wait := account.limiter.wait()):
            return self._refused(served, asked, account, too_many(served.answers, account.limiter, wait))
        delay, fault = account.faults.next()
        if fault and not fault.processed:
            return self._not_processed(served, asked, account, fault, delay)
        exchange = await self._processed(served, asked, account)
        exchange.delay = delay
        if fault:
            exchange.fault, exchange.out = fault.name or "answer", _spoilt(exchange.answer, fault)
        return exchange

    async def _processed(self, served: Served, asked: Received, account: Account) -> Exchange:
        try:
            valid = served.rules.check(asked)
            exchange = Exchange(served, asked, account, served.naming.of(valid), served.answers.success)
            if self._upstream:
                exchange.out, exchange.discrepancies = await self._upstream.pass_on(served, asked, valid)
            else:
                exchange.out = self._of_the_platform(exchange, valid, account)
        except Refused as refused:
            known = {*self._accounts.keys, *served.gate.given(asked.parameters)}
            told = Refused(redact(str(refused), known), refused.rule)  # it quotes what arrived
            return self._refused(served, asked, account, invalid(served.answers, told))
        exchange.answer = exchange.out
        return exchange

    def _not_processed(self, served: Served, asked: Received, account: Account, fault: Fault, delay: float) -> Exchange:
        """An exchange that ends before the message is looked at."""
        out = _spoilt(_own(served.answers.success), fault)
        exchange = Exchange(served, asked, account, served.naming.of_any(asked), out, fault.name or "answer", delay)
        if out.status < 300:
            exchange.answer = Answer(0, why="not processed, as planned")
        return exchange

    def _refused(self, served: Served, asked: Received, account: Account | None, answer: Answer) -> Exchange:
        return Exchange(served, asked, account, served.naming.of_any(asked), answer)

    def _of_the_platform(self, exchange: Exchange, valid: Valid, account: Account) -> Answer:
        answers, prefer = exchange.served.answers, preferences(exchange.asked)
        if prefer:
            return _own(answers.preferred(prefer))
        if exchange.served.has_platform_rules:
            return _own(self._of_the_world(exchange, valid, account))
        return _own(answers.namesake(valid) or answers.success)

    def _of_the_world(self, exchange: Exchange, valid: Valid, account: Account) -> Answer:
        company, answers = account.company, exchange.served.answers
        sending = Sending(
            company,
            {kind: identifier for kind, (_, identifier) in exchange.named.items()},
            valid.body.get(MEDIUM),
            lambda identifier: self._journal.has_interaction(company.id, identifier),
        )
        if name := provoked(sending):
            return answers.find(name)
        for rule in (*ASSUMPTIONS, *RULES):
            if refusal := rule(sending):
                return _refusal(exchange, refusal, rule.__name__)
        return answers.find(name) if (name := accepted(sending)) else answers.success

    def _account(self, served: Served, asked: Received) -> Account | None:
        for keys in served.gate.offers(asked.parameters):
            first, *others = [self._accounts.by_key.get(key) for key in keys]
            if first and all(account is first for account in others):
                return first
        return self._accounts.first if served.gate.is_open else None


def _own(answer: Answer) -> Answer:
    return answer.valued(with_its_interaction(answer.value))


def _refusal(exchange: Exchange, refusal: Refusal, rule: str) -> Answer:
    """The answer to a message that breaks a rule of the platform.

    Raises:
        Refused: it is that of an invalid body.
    """
    answers, (field, identifier) = exchange.served.answers, exchange.named[refusal.kind]
    why = f"{field}: {refusal.rule} ({field} is {identifier!r}; GET /_mock/world lists what is known)"
    if refusal.answer == INVALID:
        raise Refused(why, rule)
    return replace(answers.find(refusal.answer), why=why, rule=rule)


def _spoilt(answer: Answer, fault: Fault) -> Answer:
    """What goes out instead of an answer."""
    if fault.answer:
        return _own(fault.answer)
    if fault.name == HTML:
        return _BAD_GATEWAY
    return replace(answer, raw=answer.body[:-1] or b"{") if fault.name == MALFORMED else answer
