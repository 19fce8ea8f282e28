"""Adds a hint to each rule that a value breaks: where, what arrived there, and what would be valid."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from ventia_document.operations import Part, resolve
from ventia_document.samples import sample, samples
from ventia_document.source import Json, lookup, pointer
from ventia_document.validation import Schema, SchemaViolation


class Hints:
    """Hints for the values of one schema.

    Args:
        part: the parameter or media type that has the schema.
    """

    def __init__(self, document: Json, part: Part, schema: Schema) -> None:
        self._document, self._at, self._schema = document, part.at + "/schema", schema
        self._examples = list(samples(document, part).values())

    def of(self, broken: Sequence[SchemaViolation], value: Json) -> list[tuple[SchemaViolation, str]]:
        """The rules that a value breaks, each once and with a hint: `/text is 1: send one such as "Hi!"`."""
        meant = [each for rule in broken for each in self._meant(rule, value) if not self._is_moot(each, broken)]
        once = {(each.at, each.rule): each for each in reversed(meant)}
        return [(each, self._hint(each, value)) for each in meant if once[each.at, each.rule] is each]

    def _meant(self, violation: SchemaViolation, value: Json) -> Iterator[SchemaViolation]:
        """The violations of the one alternative that the caller evidently meant, or else the violation itself.

        The caller meant an alternative if the value has a field that it requires, and none that another requires.
        """
        begun = [
            (branch, present)
            for index, branch in enumerate(violation.branches)
            if branch and (present := self._present(violation, index, value))
        ]
        if len(begun) != 1 or violation.keyword.endswith("/oneOf"):
            yield violation
            return
        [(branch, present)] = begun
        for part in branch:
            rule = f"Must be given with {' and '.join(present)}" if part.keyword.endswith("/required") else part.rule
            yield SchemaViolation(part.path, rule, part.keyword)

    def _is_moot(self, violation: SchemaViolation, broken: Sequence[SchemaViolation]) -> bool:
        """Whether a field is required only by another one that must itself be left out."""
        if not violation.keyword.endswith("/dependentRequired"):
            return False
        dependent = lookup(self._document, violation.keyword)
        left_out = {each.field for each in broken if lookup(self._document, each.keyword) is False}
        return all(name in left_out for name, required in dependent.items() if violation.path[-1] in required)

    def _present(self, violation: SchemaViolation, index: int, value: Json) -> list[str]:
        """The fields of the value that one alternative requires."""
        branch = resolve(self._document, violation.keyword + pointer(index)).value
        within = lookup(value, violation.at)
        required = branch.get("required", []) if isinstance(branch, dict) else []
        return [name for name in required if isinstance(within, dict) and name in within]

    def _hint(self, violation: SchemaViolation, value: Json) -> str:
        try:
            got = lookup(value, violation.at)
        except LookupError:
            return f"add {violation.at}{self._such_as(violation, value)}"
        if got is None and violation.path:
            return f"{violation.at} is null: leave it out"
        if violation.branches:
            return self._choice(violation, got, value)
        if lookup(self._document, violation.keyword) is False:
            return f"leave out {violation.at}"
        return f"{violation.at or 'it'} is {_short(got)}" + self._instead(violation, value)

    def _choice(self, violation: SchemaViolation, got: Json, value: Json) -> str:
        """The fields to add or to leave out, to match the right number of alternatives."""
        pointers = [violation.keyword + pointer(index) for index in range(len(violation.branches))]
        branches = [resolve(self._document, each).value for each in pointers]
        fields = [each["required"] for each in branches if isinstance(each, dict) and "required" in each]
        present = [name for each in fields for name in each if isinstance(got, dict) and name in got]
        if present and violation.keyword.endswith("/oneOf"):
            return f"leave out all but one of {', '.join(violation.at + pointer(name) for name in present)}"
        if fields:
            return f"add {' or '.join(' and '.join(violation.at + pointer(name) for name in each) for each in fields)}"
        return f"{violation.at or 'it'} is {_short(got)}" + self._instead(violation, value)

    def _instead(self, violation: SchemaViolation, value: Json) -> str:
        """Another value to send, where the rule does not list the valid ones."""
        if violation.keyword.endswith("/enum"):
            return ""
        such_as = self._such_as(violation, value)
        return f": send one{such_as}" if such_as else ": send another"

    def _such_as(self, violation: SchemaViolation, value: Json) -> str:
        """A value of the document for the place of the violation, which is valid there."""
        if not violation.path:
            return "".join(f" such as {_short(each)}" for each in self._examples[:1])
        at = self._at
        for step in violation.path:
            part = resolve(self._document, at)
            inner = pointer("properties", step) if isinstance(step, str) else "/items"
            try:
                lookup(part.value, inner)
            except (LookupError, TypeError):
                return ""
            at = part.at + inner
        schema = resolve(self._document, at).value
        known = [sample(self._document, at), *(schema.get("enum", []) if isinstance(schema, dict) else [])]
        values = filter(Schema(self._document, at).accepts, known)
        return next((f" such as {_short(each)}" for each in values if self._mends(violation, value, each)), "")

    def _mends(self, violation: SchemaViolation, value: Json, instead: Json) -> bool:
        """Whether another value there breaks no rule; fields of fields are not checked."""
        if len(violation.path) > 1 or not isinstance(value, dict):
            return True
        mended = {**value, violation.path[0]: instead}
        return violation.path not in {each.path for each in self._schema.violations(mended)}


def _short(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


_LONGEST = 120
