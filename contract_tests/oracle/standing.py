"""How surely a server is wrong: whether it breaks what the page states, or differs in what the document assumes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from contract_tests.oracle import assumptions
from contract_tests.oracle.assumptions import Assumption
from contract_tests.oracle.requests import Violation, compiled
from contract_tests.oracle.responses import Exchange, ResponseRule
from contract_tests.target.knowledge import INVALID, INVALID_KEY, LIMITED
from contract_tests.wire.request import Request
from ventia_document.evidence import Evidence, Fact
from ventia_document.source import pointer


class Standings:
    """Finds the fact that is not stated and that makes a server differ from the document; None if there is none."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    def of_status(self, exchange: Exchange) -> Fact | None:
        """The fact by which the status of a response is not the expected one."""
        status, expected = exchange.response.status, exchange.expected or frozenset()
        if exchange.verdict.operation is None:
            return self._named(Assumption.METHODS)
        if exchange.verdict.open:
            return self._named(Assumption.OPEN)
        if status < 300:
            is_accepted = min(expected, default=400) < 300
            return self._of_another_success(exchange) if is_accepted else self._of_an_accepted_fault(exchange)
        if not 400 <= status < 500:
            return None
        if min(expected, default=200) >= 400:
            return self._of_another_refusal(exchange)
        return self._first(assumptions.of_acceptance(exchange.request, exchange.verdict, again=exchange.is_again))

    def of_response(self, rule: ResponseRule, exchange: Exchange, requests: Sequence[Request]) -> Fact | None:
        """The fact by which a response breaks a rule of responses.

        Args:
            requests: those that show it, in their order.
        """
        name = rule.check.__name__
        if name in _OF_CONTENT and (assumed := self._of_assumed_refusal(exchange)):
            return assumed
        if name == "the_documented_shape":
            return self._of_shape(exchange)
        if name == "no_key_is_echoed" and not exchange.request.has_key_in_body:
            return None
        if name == "never_the_same_identifier" and not assumptions.are_alike(exchange.verdict, requests):
            return None
        return self._named(_OF_A_RULE[name]) if name in _OF_A_RULE else None

    def of_another_method(self, exchange: Exchange) -> Fact | None:
        """The fact by which a response to a request of no operation is wrong."""
        return self._named(Assumption.METHODS) if exchange.verdict.operation is None else None

    def _of_another_success(self, exchange: Exchange) -> Fact | None:
        """Of a success with the status of the other success, or of none."""
        if exchange.response.status in exchange.statuses():
            return self._named(Assumption.QUEUEING)
        return self._of_number(exchange)

    def _of_an_accepted_fault(self, exchange: Exchange) -> Fact | None:
        """Of a success where the document refuses: none of the violations may be of what is stated."""
        verdict = exchange.verdict
        lenient = assumptions.of_leniency(verdict)
        if lenient and all(each.at.startswith("/components/schemas/") for each in verdict.violations):
            return self._named(lenient)
        reasons = [self._of_violation(exchange, each) for each in verdict.violations]
        return reasons[0] if reasons and all(reasons) else None

    def _of_another_refusal(self, exchange: Exchange) -> Fact | None:
        """Of a refusal by another status than the documented one."""
        violations = exchange.verdict.violations
        if any(each.at == "/security" for each in violations):
            return self._of_key(exchange)
        if assumed := self._of_assumed_response(exchange):
            return assumed
        # The key's and the limit's status are stated, and so are no other refusal's.
        is_taken = exchange.response.status in exchange.statuses(INVALID_KEY, LIMITED)
        return None if is_taken else self._of_number(exchange)

    def _of_key(self, exchange: Exchange) -> Fact | None:
        """Of another refusal than that of the wrong key that a request has."""
        request, verdict = exchange.request, exchange.verdict
        accepted = self._first(assumptions.of_acceptance(request, verdict, again=False))
        others = accepted or [each for each in verdict.violations if each.at != "/security"]
        return self._named(Assumption.KEY_FIRST) if others else self._of_violation(exchange, verdict.violations[0])

    def _of_assumed_refusal(self, exchange: Exchange) -> Fact | None:
        """The fact by which it is assumed that, or how, a request is refused; its refusal may then have any words."""
        violations = exchange.verdict.violations
        if exchange.response.status < 400:
            return None
        if any(each.at == "/security" for each in violations):
            return self._of_key(exchange)
        if violations:
            return self._of_assumed_response(exchange) or self._of_an_accepted_fault(exchange)
        accepted = self._first(assumptions.of_acceptance(exchange.request, exchange.verdict, again=exchange.is_again))
        return accepted or self._of_assumed_response(exchange)

    def _of_assumed_response(self, exchange: Exchange) -> Fact | None:
        """The fact by which it is assumed which response refuses a request, its words included."""
        documented = exchange.documented
        if documented is None or documented.name != INVALID:
            return None
        assumed = assumptions.of_response(exchange.request, exchange.verdict)
        return self._named(assumed) if assumed else None

    def _of_number(self, exchange: Exchange) -> Fact | None:
        return self._evidence.named(f"status of {exchange.documented.name}") if exchange.documented else None

    def _of_violation(self, exchange: Exchange, violation: Violation) -> Fact | None:
        """The fact without which a request would not break a rule."""
        reason = assumptions.of_refusal(exchange.request, exchange.verdict, violation)
        return self._named(reason) if reason else self._of_rule(violation.at, violation.field)

    def _of_shape(self, exchange: Exchange) -> Fact | None:
        operation, value = exchange.verdict.operation, exchange.response.json
        if exchange.response.accepts and (other := exchange.other_success):
            return self._evidence.named(f"status of {other}")
        schemas = [compiled(operation, part.at + "/schema") for part in exchange.media_types] if operation else []
        broken = [violation for schema in schemas for violation in schema.violations(value)]
        facts = [self._of_rule(each.keyword, each.field) for each in broken]
        return facts[0] if facts and all(facts) else None

    def _of_rule(self, at: str, field: str) -> Fact | None:
        """The fact at a rule of the document, or by which a field has the form that all identifiers have."""
        forms = pointer("properties", field, "$ref") if at.endswith("/pattern") else None
        places = [place for fact in self._evidence.facts for place in fact.at if forms and place.endswith(forms)]
        return self._evidence.at(places[0] if places else at)

    def _first(self, reasons: Iterable[Assumption]) -> Fact | None:
        return next((fact for reason in reasons if (fact := self._named(reason))), None)

    def _named(self, assumption: Assumption) -> Fact | None:
        return self._evidence.named(assumption)


_OF_CONTENT = {
    "the_documented_content_type",
    "json_in_utf_8",
    "the_documented_shape",
    "the_documented_error",
    "details_name_the_field",
}
_OF_A_RULE = {
    "another_method_sends_nothing": Assumption.METHODS,
    "details_name_the_field": Assumption.DETAILS,
    "nothing_of_another_response": Assumption.FURTHER_FIELDS,
    "no_key_is_echoed": Assumption.QUOTED_KEYS,
    "never_the_same_identifier": Assumption.DUPLICATES,
}
