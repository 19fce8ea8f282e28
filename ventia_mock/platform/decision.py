"""Decides a request by its API key, the rate limit, planned faults, the document, and then the world or an upstream."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ventia_document.platform import INVALID
from ventia_mock.http.request import Request
from ventia_mock.http.response import Response
from ventia_mock.journal.journal import Journal
from ventia_mock.journal.redaction import redact
from ventia_mock.operations.identifiers import Identified
from ventia_mock.operations.refusals import invalid, too_many, unknown_key
from ventia_mock.operations.served import ServedOperation
from ventia_mock.operations.validation import InvalidRequest, ValidRequest
from ventia_mock.platform.accounts import Account, Accounts
from ventia_mock.platform.exchange import NOT_PROCESSED, Exchange
from ventia_mock.platform.faults import Fault
from ventia_mock.platform.interactions import with_own_interaction
from ventia_mock.platform.upstream import Upstream
from ventia_mock.world.assumptions import ASSUMPTIONS
from ventia_mock.world.business_rules import BUSINESS_RULES, MEDIUM, accepted, provoked
from ventia_mock.world.sending import Refusal, Sending

_RULES = (*ASSUMPTIONS, *BUSINESS_RULES)


@dataclass
class _Decision:
    """The platform's response to a request, and what was read and noticed on the way to it."""

    response: Response
    identified: Identified
    discrepancies: tuple[str, ...] = ()


class Decisions:
    """Decides the requests to a platform.

    Args:
        upstream: the server that valid requests are passed on to; None for the world to decide them.
    """

    def __init__(self, accounts: Accounts, journal: Journal, upstream: Upstream | None) -> None:
        self._accounts, self._journal, self._upstream = accounts, journal, upstream

    async def exchange(self, served: ServedOperation, request: Request) -> Exchange:
        """A request to an operation, with what becomes of it."""
        account = self._account(served, request)
        if account is None:
            return _refused(served, request, None, unknown_key(served.responses))
        if account.limiter and (wait := account.limiter.wait()):
            return _refused(served, request, account, too_many(served.responses, account.limiter, wait))
        delay, fault = account.faults.next()
        if fault and not fault.processed:
            return _unprocessed(served, request, account, fault, delay)
        decision = await self._decision(served, request, account)
        response = fault.spoil(decision.response) if fault else decision.response
        name = fault.name if fault else ""
        identified, decided, discrepancies = decision.identified, decision.response, decision.discrepancies
        return Exchange(served, request, account, identified, decided, response, name, delay, discrepancies)

    def _account(self, served: ServedOperation, request: Request) -> Account | None:
        """The account whose key a request has, and no other account's."""
        for keys in served.authentication.offers(request.parameters):
            first, *others = [self._accounts.by_key.get(key) for key in keys]
            if first and all(account is first for account in others):
                return first
        return self._accounts.first if served.authentication.is_optional else None

    async def _decision(self, served: ServedOperation, request: Request, account: Account) -> _Decision:
        try:
            valid = served.validation.validate(request)
            if self._upstream:
                response, discrepancies = await self._upstream.pass_on(served, request, valid)
                return _Decision(response, served.identifiers.of_valid(valid), discrepancies)
            return self._of_the_stand_in(served, request, valid, account)
        except InvalidRequest as error:
            return self._invalid(served, request, str(error), error.rule)

    def _of_the_stand_in(
        self, served: ServedOperation, request: Request, valid: ValidRequest, account: Account
    ) -> _Decision:
        """The decision about a valid request.

        Raises:
            InvalidRequest: it prefers a response that is not documented.
        """
        identified = served.identifiers.of_valid(valid)
        if preferences := request.preferences:
            response = served.responses.preferred(preferences)
        elif served.has_platform_rules:
            return self._of_the_world(served, request, account, valid, identified)
        else:
            response = served.responses.namesake(valid) or served.responses.success
        return _Decision(with_own_interaction(response), identified)

    def _of_the_world(
        self, served: ServedOperation, request: Request, account: Account, valid: ValidRequest, identified: Identified
    ) -> _Decision:
        company, responses = account.company, served.responses
        identifiers = {kind: identifier for kind, (_, identifier) in identified.items()}

        def was_sent(identifier: str) -> bool:
            return self._journal.has_interaction(company.id, identifier)

        sending = Sending(company, identifiers, valid.body.get(MEDIUM), was_sent)
        name = provoked(sending)
        for rule in () if name else _RULES:
            if refusal := rule(sending):
                return self._refused_by_rule(served, request, identified, refusal, rule.__name__)
        name = name or accepted(sending)
        return _Decision(with_own_interaction(responses.find(name) if name else responses.success), identified)

    def _refused_by_rule(
        self, served: ServedOperation, request: Request, identified: Identified, refusal: Refusal, rule: str
    ) -> _Decision:
        field, identifier = identified[refusal.kind]
        why = f"{field}: {refusal.rule} ({field} is {identifier!r}; GET /_mock/world lists what is known)"
        if refusal.response == INVALID:
            return self._invalid(served, request, why, rule)
        return _Decision(replace(served.responses.find(refusal.response), why=why, rule=rule), identified)

    def _invalid(self, served: ServedOperation, request: Request, why: str, rule: str) -> _Decision:
        """The refusal of an invalid request; it quotes what arrived, but no key."""
        keys = {*self._accounts.keys, *served.authentication.keys(request.parameters)}
        response = invalid(served.responses, redact(why, keys), rule)
        return _Decision(response, served.identifiers.of_any(request))


def _refused(served: ServedOperation, request: Request, account: Account | None, response: Response) -> Exchange:
    """A request that is refused before anything else of it is looked at."""
    return Exchange(served, request, account, served.identifiers.of_any(request), response, response)


def _unprocessed(served: ServedOperation, request: Request, account: Account, fault: Fault, delay: float) -> Exchange:
    """The exchange of a request that a fault stops, even if its response looks like success."""
    response = fault.spoil(with_own_interaction(served.responses.success))
    decided = replace(response, why=NOT_PROCESSED) if response.status >= 300 else None
    identified = served.identifiers.of_any(request)
    return Exchange(served, request, account, identified, decided, response, fault.name, delay)
