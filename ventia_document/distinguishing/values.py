"""Values that distinguish schemas: both sides of every limit, and every combination of the fields that a rule names."""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import random
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

import jsonschema_rs

from ventia_document.distinguishing import scalars
from ventia_document.distinguishing.judging import Accepts, Unjudgeable, accepting
from ventia_document.distinguishing.places import Place, applied, names_in
from ventia_document.keywords import KEYWORDS, Holds, Role
from ventia_document.source import Json, pointer

_DEEPEST, _PRODUCT, _MOST = 4, 1500, 4000
_ABSENT = object()
_OF = {of: frozenset(name for name, each in KEYWORDS.items() if each.of == of) for of in ("array", "object")}
_ALONE = {name for name, each in KEYWORDS.items() if each.role is Role.RULE and each.holds is Holds.NONE and each.words}
"""The keywords that restrict values by themselves."""


def drawn(documents: tuple[Json, Json], at: tuple[str, str], patterns: frozenset[str]) -> list[Json]:
    """Values for the schemas at two JSON pointers, one of each document; the smallest first.

    Args:
        patterns: those that differ, of which samples are made in any case.
    """
    return _Position(documents, patterns, frozenset(enumerate(at)), 0).values


class _Position:
    """One value, with all schemas that either document has for it: the document's number and the JSON pointer."""

    def __init__(
        self, documents: tuple[Json, Json], patterns: frozenset[str], schemas: Iterable[tuple[int, str]], depth: int
    ) -> None:
        self._documents, self._patterns, self._depth = documents, patterns, depth
        self._roots = sorted(set(schemas))
        found: dict[str, tuple[int, Place]] = {}
        for number, at in self._roots:
            for place in applied(documents[number], at):
                written = json.dumps(place.schema, sort_keys=True)
                # A schema that both documents have is there once, but for a reference, which may lead elsewhere.
                found.setdefault(f"{place.at} {written}" + str(number) * ("$ref" in written), (number, place))
        self._places = list(found.values())
        self._keywords = [(number, at, each) for number, (at, each) in self._places if isinstance(each, dict)]
        self._schemas = [schema for _, _, schema in self._keywords]

    def _inner(self, schemas: Iterable[tuple[int, str]]) -> _Position:
        return _Position(self._documents, self._patterns, schemas, self._depth + 1)

    @cached_property
    def values(self) -> list[Json]:
        """Values of every kind that a keyword of the schemas speaks of, the smallest first."""
        values = [*scalars.values(self._schemas, self._patterns), [], {}]
        for of, draw in (("array", self._arrays), ("object", self._objects)):
            if self._depth < _DEEPEST and any(schema.keys() & _OF[of] for schema in self._schemas):
                values += draw()
        return _smallest_first(values)[:_MOST]

    @cached_property
    def _accepting(self) -> list[Accepts]:
        return list(self._accepts((number, place.at) for number, place in self._places))

    def _accepts(self, places: Iterable[tuple[int, str]]) -> Iterator[Accepts]:
        for number, at in places:
            with contextlib.suppress(Unjudgeable):
                yield accepting([self._documents[number]], at)

    def _is_good(self, value: Json) -> bool:
        """Whether all schemas of either document accept a value."""
        return any(accepts and all(accept(value) for accept in accepts) for accepts in self._all)

    @cached_property
    def _all(self) -> list[list[Accepts]]:
        return [list(self._accepts(each for each in self._roots if each[0] == number)) for number in (0, 1)]

    @cached_property
    def _classes(self) -> list[list[Json]]:
        """The values by shape and by which of the schemas, and of the keywords alone, accept them; most first."""
        alone = {f"{key} {each[key]}": (key, each[key]) for each in self._schemas for key in each if key in _ALONE}
        judges = [*self._accepting, *(_keyword_accepts(json.dumps(dict([each]))) for each in alone.values())]
        found: dict[tuple[int, str, tuple[bool, ...]], list[Json]] = {}
        for value in self.values:
            accepted = tuple(accepts(value) for accepts in judges)
            found.setdefault((-sum(accepted), _shape(value), accepted), []).append(value)
        return [found[key] for key in sorted(found, key=lambda key: key[0])]

    def classes(self, each: int, most: int) -> list[Json]:
        """Up to `each` values of each class, the first of them all before the second; of too many classes, the ends."""
        firsts = _ends([values[0] for values in self._classes], most)
        more = (values[index] for index in range(1, each) for values in self._classes if index < len(values))
        return [*firsts, *itertools.islice(more, max(0, 2 * most - len(firsts)))]

    def choices(self) -> list[Json]:
        """Up to three values of different classes that at least one schema accepts."""
        found = [
            each for each in self.classes(1, _MOST) if not self._accepting or any(a(each) for a in self._accepting)
        ]
        return sorted(found, key=lambda each: not self._is_good(each))[:3]

    def _arrays(self) -> Iterator[Json]:
        classes = self._inner(
            (number, at + inner) for number, at, schema in self._keywords for inner in _items(schema)
        ).classes(1, _MOST)
        longest = max(len(schema.get("prefixItems", [])) for schema in self._schemas)
        for count, first in itertools.product({0, longest}, classes[:2]):
            yield from ([*[first] * count, item] for item in classes)
        items = _ends(classes, 3 if self._depth else 5) or ["a", 1]
        for count in (1, 2, 3):
            yield from map(list, itertools.islice(itertools.product(items, repeat=count), 150))
        for length in _around(scalars.limits(self._schemas, "minItems", "maxItems", "minContains", "maxContains")):
            yield from ([item] * length for item in items)
            yield [items[index % len(items)] for index in range(length)]
            yield from ([*([item] * length), other] for item, other in itertools.permutations(items[:4], 2))
            yield from ([str(index) for index in range(length)], list(range(length)))

    def _objects(self) -> Iterator[Json]:
        fields = {name: self._field(name) for name in self._names()}
        lattice = list(self._lattice({name: field.choices() or ["x"] for name, field in fields.items()}))
        yield from lattice
        good = [each for each in _smallest_first(lattice) if self._is_good(each)]
        yield from self._with_one(fields, good)
        yield from self._with_two(fields, good)
        for length in _around(scalars.limits(self._schemas, "minProperties", "maxProperties")):
            more = [f"x{index}" for index in range(length)]
            for host, value in itertools.product(
                [*good[:4], *good[-1:], {}], _ends(fields["other"].classes(1, _MOST), 3)
            ):
                for names in (more, [*fields, *more]):
                    yield dict(itertools.islice({**host, **(dict.fromkeys(names, value) | host)}.items(), length))

    def _with_one(self, fields: dict[str, _Position], good: list[Json]) -> Iterator[Json]:
        """Good objects with other values of one field, and without it."""
        few = 1 if self._depth else 3
        for name, field in fields.items():
            having, lacking = ([each for each in good if (name in each) is has] for has in (True, False))
            inside = field.classes(2, 14) if self._depth else field.classes(6, 80)
            for host in [*having[:few], *having[-1:], *lacking[:few], {}]:
                yield from ({**host, name: value} for value in inside)
                yield {key: value for key, value in host.items() if key != name}

    def _with_two(self, fields: dict[str, _Position], good: list[Json]) -> Iterator[Json]:
        """Objects with other values of two fields, which alone show what alternatives demand of different fields."""
        ends = {name: _ends(field.classes(1, _MOST), 3 if len(fields) < 6 else 1) for name, field in fields.items()}
        for host, (one, other) in itertools.product([{}, *good[:1]], itertools.combinations(fields, 2)):
            yield from (
                {**host, one: first, other: second} for first, second in itertools.product(ends[one], ends[other])
            )

    def _names(self) -> list[str]:
        """The names of the fields that a keyword names, and of others."""
        named = [name for schema in self._schemas for name in names_in(schema)]
        for pattern in dict.fromkeys(each for schema in self._schemas for each in schema.get("patternProperties", {})):
            named += scalars.samples(pattern)[:2]
        ruled = [(number, at + "/propertyNames") for number, at, schema in self._keywords if "propertyNames" in schema]
        others = [name for name in self._inner(ruled).classes(1, _MOST) if isinstance(name, str)] if ruled else []
        return list(dict.fromkeys([*named, *others[:4], "other"]))

    def _field(self, name: str) -> _Position:
        found = []
        for number, at, schema in self._keywords:
            own = [pointer("properties", name)] if name in schema.get("properties", {}) else []
            patterns = [each for each in schema.get("patternProperties", {}) if scalars.matches(each, name)]
            own += [pointer("patternProperties", pattern) for pattern in patterns]
            rest = [pointer(key) for key in ("additionalProperties", "unevaluatedProperties") if key in schema]
            found += [(number, at + each) for each in own or rest]
        return self._inner(found)

    def _lattice(self, choices: dict[str, list[Json]]) -> Iterator[Json]:
        """Objects with every combination of the fields; of too many, those of the fields that rules name and others."""
        ruled = [name for name in choices if self._is_ruled(name)]
        for names in (list(choices), ruled):
            options = [[_ABSENT, *choices[name]] for name in names]
            if ruled and math.prod(map(len, options)) <= _PRODUCT:
                for chosen in itertools.product(*options):
                    yield {name: value for name, value in zip(names, chosen, strict=True) if value is not _ABSENT}
                break
        chance = random.Random(0)  # noqa: S311 - the same in every run
        everything = {name: values[0] for name, values in choices.items()}
        yield everything
        for name, values in choices.items():
            yield {name: values[0]}
            yield {key: value for key, value in everything.items() if key != name}
        for _ in range(40 if self._depth else 300):
            share = chance.random()
            yield {name: chance.choice(values) for name, values in choices.items() if chance.random() < share}

    def _is_ruled(self, name: str) -> bool:
        """Whether a rule names a field, or more than one schema describes it."""
        described = sum(name in schema.get("properties", {}) for schema in self._schemas)
        return described > 1 or sum(name in names_in(schema) for schema in self._schemas) > described


@lru_cache(maxsize=1000)
def _keyword_accepts(schema: str) -> Accepts:
    """Says whether a keyword alone accepts a value, which another one may hide."""
    try:
        return jsonschema_rs.Draft202012Validator(json.loads(schema), validate_formats=True).is_valid
    except ValueError:
        return bool


def _around(limits: list[int]) -> list[int]:
    return sorted({max(0, min(limit + step, 200)) for limit in limits for step in (-1, 0, 1)})


def _ends(values: list[Json], most: int) -> list[Json]:
    """The first values and the last: of classes, those that most schemas accept, and those that most refuse."""
    return values if len(values) <= 2 * most else [*values[:most], *values[-most:]]


def _shape(value: Json) -> str:
    """The type of a value, with the names of an object's fields and the length of a short array."""
    inside = sorted(value) if isinstance(value, dict) else len(value) if isinstance(value, list) else ""
    return f"{type(value).__name__} {inside}"


def _items(schema: dict[str, Json]) -> Iterator[str]:
    yield from (pointer(key) for key in ("items", "contains", "unevaluatedItems") if key in schema)
    yield from (pointer("prefixItems", index) for index in range(len(schema.get("prefixItems", []))))


def _smallest_first(values: Iterable[Json]) -> list[Json]:
    """The values, each once, those with the shortest text first."""
    written = {json.dumps(value, sort_keys=True): value for value in values}
    return [written[text] for text in sorted(written, key=lambda text: (len(text), text))]
