"""Tells the rules that a value breaks: the rule, where, what arrived there, and what would do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from ventia_document.operations import Part, resolve
from ventia_document.samples import sample, samples
from ventia_document.schemas import Broken, Schema
from ventia_document.source import Json, lookup, pointer


class Explained:
    """The values of one schema, explained to those who break its rules.

    Args:
        part: the parameter or media type that has the schema.
    """

    def __init__(self, document: Json, part: Part, schema: Schema) -> None:
        self._document, self._at, self._schema = document, part.at + "/schema", schema
        self._example = next(iter(samples(document, part).values()), None)

    def mends(self, broken: Sequence[Broken], value: Json) -> list[tuple[Broken, str]]:
        """The rules that a value breaks, each with its mend: `/text is 1: send one such as "Hi!"`."""
        meant = [each for fault in broken for each in self._meant(fault, value) if not self._is_moot(each, broken)]
        once = {(fault.at, fault.rule): fault for fault in reversed(meant)}
        return [(fault, self._mend(fault, value)) for fault in meant if once[fault.at, fault.rule] is fault]

    def _meant(self, fault: Broken, value: Json) -> Iterator[Broken]:
        """What the caller evidently meant: of alternatives the one that the value has a part of, if it is only one."""
        begun = [
            (branch, given)
            for index, branch in enumerate(fault.branches)
            if branch and (given := self._given(fault, index, value))
        ]
        if len(begun) != 1 or fault.keyword.endswith("/oneOf"):
            yield fault
            return
        [(branch, given)] = begun
        for part in branch:
            rule = f"Must be given with {' and '.join(given)}" if part.keyword.endswith("/required") else part.rule
            yield Broken(part.path, rule, part.keyword)

    def _is_moot(self, fault: Broken, broken: Sequence[Broken]) -> bool:
        """Whether a field is missed only because of one that must be left out itself."""
        if not fault.keyword.endswith("/dependentRequired"):
            return False
        wanting = lookup(self._document, fault.keyword)
        left_out = {each.field for each in broken if lookup(self._document, each.keyword) is False}
        return all(name in left_out for name, needed in wanting.items() if fault.path[-1] in needed)

    def _given(self, fault: Broken, index: int, value: Json) -> list[str]:
        """Which of the fields that a branch requires the value has."""
        branch = resolve(self._document, fault.keyword + pointer(index)).value
        within = lookup(value, fault.at)
        required = branch.get("required", []) if isinstance(branch, dict) else []
        return [name for name in required if isinstance(within, dict) and name in within]

    def _mend(self, fault: Broken, value: Json) -> str:
        try:
            got = lookup(value, fault.at)
        except LookupError:
            return f"add {fault.at}{self._such_as(fault, value)}"
        if got is None and fault.path:
            return f"{fault.at} is null: leave it out"
        if fault.branches:
            return self._choice(fault, got, value)
        if lookup(self._document, fault.keyword) is False:
            return f"leave out {fault.at}"
        return f"{fault.at or 'it'} is {_short(got)}" + self._instead(fault, value)

    def _choice(self, fault: Broken, got: Json, value: Json) -> str:
        """How to come to the right number of alternatives."""
        named = [resolve(self._document, fault.keyword + pointer(i)).value for i in range(len(fault.branches))]
        fields = [each["required"] for each in named if isinstance(each, dict) and "required" in each]
        given = [name for each in fields for name in each if isinstance(got, dict) and name in got]
        if given and fault.keyword.endswith("/oneOf"):
            return f"leave out all but one of {', '.join(fault.at + pointer(name) for name in given)}"
        if fields:
            return f"add {' or '.join(' and '.join(fault.at + pointer(name) for name in each) for each in fields)}"
        return f"{fault.at or 'it'} is {_short(got)}" + self._instead(fault, value)

    def _instead(self, fault: Broken, value: Json) -> str:
        """What to send instead, where the rule does not say it."""
        if fault.keyword.endswith("/enum"):
            return ""
        such_as = self._such_as(fault, value)
        return f": send one{such_as}" if such_as else ": send another"

    def _such_as(self, fault: Broken, value: Json) -> str:
        """A value that the document gives for where the fault is, and that keeps its rules there."""
        if not fault.path:
            return f" such as {_short(self._example)}"
        at = self._at
        for step in fault.path:
            part = resolve(self._document, at)
            inner = pointer("properties", step) if isinstance(step, str) else "/items"
            try:
                lookup(part.value, inner)
            except (LookupError, TypeError):
                return ""
            at = part.at + inner
        known = [sample(self._document, at), *resolve(self._document, at).value.get("enum", [])]
        return next((f" such as {_short(each)}" for each in known if self._would_do(fault, value, each)), "")

    def _would_do(self, fault: Broken, value: Json, instead: Json) -> bool:
        """Whether a value at the place of a fault breaks no rule there; only told of fields of the whole."""
        if len(fault.path) > 1 or not isinstance(value, dict):
            return True
        return fault.path not in {each.path for each in self._schema.broken({**value, fault.path[0]: instead})}


def _short(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


_LONGEST = 120
