"""Values that distinguish schemas: both sides of every limit, and every combination of the fields that a rule names."""

from __future__ import annotations

import contextlib
import itertools
import json
import random
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from tools.diff.schemas import scalars
from tools.diff.schemas.parts import Place, applied, names_in
from tools.diff.schemas.readings import ALONE, Unjudgeable, Validators, keyword_accepts
from ventia_document.source import Json, pointer

_DEEPEST = 4
_PRODUCT = 1500
_MOST = 4000


class Drawing:
    """Draws values for schemas of two documents.

    Args:
        patterns: those that differ, of which samples are made in any case.
    """

    def __init__(self, documents: tuple[Validators, Validators], patterns: frozenset[str]) -> None:
        self.documents, self.patterns = documents, patterns

    def values(self, base: str, now: str) -> list[Json]:
        """Values for the schemas at two JSON pointers, one of each document; the smallest first."""
        return _Position(self, frozenset(((0, base), (1, now))), 0).values


class _Position:
    """One value, with all schemas that either document has for it: the document's number and the JSON pointer."""

    def __init__(self, drawing: Drawing, schemas: frozenset[tuple[int, str]], depth: int) -> None:
        self._drawing, self._schemas, self._depth = drawing, schemas, depth

    @cached_property
    def _places(self) -> list[tuple[int, Place]]:
        """The schemas, those applied in place among them; one that both documents have is there once."""
        found: dict[str, tuple[int, Place]] = {}
        for number, at in sorted(self._schemas):
            for place in applied(self._drawing.documents[number].document, at):
                written = json.dumps(place.schema, sort_keys=True)
                key = f"{place.at} {written}" + str(number) * ("$ref" in written)
                found.setdefault(key, (number, place))
        return list(found.values())

    @cached_property
    def _keywords(self) -> list[tuple[int, str, dict[str, Json]]]:
        return [(number, at, schema) for number, (at, schema) in self._places if isinstance(schema, dict)]

    @cached_property
    def values(self) -> list[Json]:
        """Values of every kind that a keyword of the schemas speaks of, the smallest first."""
        drawn = [
            *scalars.values([schema for _, _, schema in self._keywords], self._drawing.patterns),
            *self._arrays(),
            *self._objects(),
        ]
        return smallest_first(drawn)[:_MOST]

    @cached_property
    def _accepting(self) -> list[Callable[[Json], bool]]:
        """The validators of the schemas."""
        made = []
        for number, place in self._places:
            with contextlib.suppress(Unjudgeable):
                made.append(self._drawing.documents[number].accepts(place.at))
        return made

    @cached_property
    def _distinguishing(self) -> list[Callable[[Json], bool]]:
        """The validators of the schemas, and of each keyword alone, which another one may hide."""
        alone = {f"{key} {value}": (key, value) for _, _, each in self._keywords for key, value in each.items()}
        return [*self._accepting, *(keyword_accepts(key, value) for key, value in alone.values() if key in ALONE)]

    def _is_good(self, value: Json) -> bool:
        """Whether all schemas of either document accept a value."""
        accepted: dict[int, bool] = {}
        for number, at in self._schemas:
            try:
                accepts = self._drawing.documents[number].accepts(at)
            except Unjudgeable:
                continue
            accepted[number] = accepted.get(number, True) and accepts(value)
        return any(accepted.values())

    def classes(self, each: int) -> list[Json]:
        """A few values of each shape and class that the schemas distinguish, those that most of them accept first."""
        found: dict[tuple[str, tuple[bool, ...]], list[Json]] = {}
        for value in self.values:
            accepted = tuple(accepts(value) for accepts in self._distinguishing)
            same = found.setdefault((_shape(value), accepted), [])
            if len(same) < each:
                same.append(value)
        return [value for key in sorted(found, key=lambda key: -sum(key[1])) for value in found[key]]

    def choices(self) -> list[Json]:
        """Up to three values of different classes that at least one schema accepts."""
        found = [each for each in self.classes(1) if not self._accepting or any(a(each) for a in self._accepting)]
        good = [each for each in found if self._is_good(each)]
        return (good + [each for each in found if each not in good])[:3]

    def _inner(self, schemas: Iterable[tuple[int, str]]) -> _Position:
        return _Position(self._drawing, frozenset(schemas), self._depth + 1)

    # Arrays

    def _arrays(self) -> Iterator[Json]:
        yield []
        if self._depth >= _DEEPEST or not any(schema.keys() & scalars.OF_ARRAYS for _, _, schema in self._keywords):
            return
        classes = self._inner(
            (number, at + pointer(key, *index))
            for number, at, schema in self._keywords
            for key, index in _item_keys(schema)
        ).classes(1)
        yield from ([item] for item in classes)
        items = _ends(classes, 5 if not self._depth else 3) or ["a", 1]
        for count in (1, 2, 3):
            yield from map(list, itertools.islice(itertools.product(items, repeat=count), 150))
        for limit in scalars.limits(self._schemas_of_place, "minItems", "maxItems", "minContains", "maxContains"):
            for length in range(max(0, limit - 1), min(limit + 2, 200)):
                yield from ([item] * length for item in items)
                yield [items[index % len(items)] for index in range(length)]
                yield from ([*([item] * (length)), other] for item, other in itertools.permutations(items[:4], 2))
                yield [f"{index}" for index in range(length)]
                yield list(range(length))

    @cached_property
    def _schemas_of_place(self) -> list[dict[str, Json]]:
        return [schema for _, _, schema in self._keywords]

    # Objects

    def _objects(self) -> Iterator[Json]:
        yield {}
        if self._depth >= _DEEPEST or not any(schema.keys() & scalars.OF_OBJECTS for _, _, schema in self._keywords):
            return
        fields = {name: self._field(name) for name in self._names()}
        lattice = list(self._lattice({name: field.choices() or ["x"] for name, field in fields.items()}))
        yield from lattice
        hosts = self._hosts(lattice, list(fields))
        for name, field in fields.items():
            inside = _ends(field.classes(6), 80) if not self._depth else _ends(field.classes(2), 14)
            for host in hosts[name]:
                yield from ({**host, name: value} for value in inside)
                yield {key: value for key, value in host.items() if key != name}
        yield from self._counted(list(fields), hosts)

    def _names(self) -> list[str]:
        """The names of the fields that a keyword names, and of others."""
        named: dict[str, None] = {}
        for _, _, schema in self._keywords:
            named |= dict.fromkeys(names_in(schema))
            for pattern in schema.get("patternProperties", {}):
                named |= dict.fromkeys(scalars.samples(pattern)[:2])
        names = self._inner(
            (number, at + pointer("propertyNames"))
            for number, at, schema in self._keywords
            if "propertyNames" in schema
        )
        others = [name for name in names.classes(1) if isinstance(name, str)] if names._schemas else []
        return list(dict.fromkeys([*named, *others[:4], "other"]))

    def _field(self, name: str) -> _Position:
        found = []
        for number, at, schema in self._keywords:
            own = [at + pointer("properties", name)] if name in schema.get("properties", {}) else []
            own += [
                at + pointer("patternProperties", pattern)
                for pattern in schema.get("patternProperties", {})
                if scalars.matches(pattern, name)
            ]
            rest = [at + pointer(key) for key in ("additionalProperties", "unevaluatedProperties") if key in schema]
            found += [(number, each) for each in own or rest]
        return self._inner(found)

    def _lattice(self, choices: dict[str, list[Json]]) -> Iterator[Json]:
        """Objects with every combination of the fields; of too many, those of the fields that rules name and others."""
        ruled = [name for name in choices if self._is_ruled(name)]
        for names in (list(choices), ruled):
            options = [[scalars.ABSENT, *choices[name]] for name in names]
            if len(ruled) and _size(options) <= _PRODUCT:
                yield from (_object(names, chosen) for chosen in itertools.product(*options))
                break
        chance = random.Random(0)  # noqa: S311 - the same in every run
        everything = {name: values[0] for name, values in choices.items()}
        yield everything
        for name, values in choices.items():
            yield {name: values[0]}
            yield {key: value for key, value in everything.items() if key != name}
        for _ in range(300 if not self._depth else 40):
            share = chance.random()
            yield {name: chance.choice(values) for name, values in choices.items() if chance.random() < share}

    def _is_ruled(self, name: str) -> bool:
        """Whether a rule names a field, or more than one schema describes it."""
        described = sum(name in schema.get("properties", {}) for _, _, schema in self._keywords)
        named = sum(name in names_in(schema) for _, _, schema in self._keywords)
        return described > 1 or named > described

    def _hosts(self, lattice: list[Json], names: list[str]) -> dict[str, list[Json]]:
        """A few valid objects for each field, with it and without it; where there are none, any."""
        good = [each for each in smallest_first(lattice) if self._is_good(each)]
        found = {}
        for name in names:
            having, lacking = ([each for each in good if (name in each) is has] for has in (True, False))
            few = 3 if not self._depth else 1
            found[name] = [*having[:few], *having[-1:], *lacking[:few]] or [{}, *lattice[-2:]]
        return found

    def _counted(self, names: list[str], hosts: dict[str, list[Json]]) -> Iterator[Json]:
        for limit in scalars.limits(self._schemas_of_place, "minProperties", "maxProperties"):
            for host in itertools.islice(itertools.chain(*hosts.values()), 4):
                more = [*(name for name in names if name not in host), *(f"x{index}" for index in range(limit + 1))]
                for length in range(max(0, limit - 1), min(limit + 2, 200)):
                    filled = {**host, **dict.fromkeys(more, "a")}
                    yield dict(itertools.islice(filled.items(), length))


def _ends(values: list[Json], most: int) -> list[Json]:
    """The first values and the last: of classes, those that most schemas accept, and those that most refuse."""
    return values if len(values) <= 2 * most else [*values[:most], *values[-most:]]


def _shape(value: Json) -> str:
    """The type of a value, with the names of an object's fields and the length of a short array."""
    inside = sorted(value) if isinstance(value, dict) else len(value) if isinstance(value, list) else ""
    return f"{type(value).__name__} {inside}"


def _item_keys(schema: dict[str, Json]) -> Iterator[tuple[str, tuple[int, ...]]]:
    yield from ((key, ()) for key in ("items", "contains", "unevaluatedItems") if key in schema)
    yield from (("prefixItems", (index,)) for index in range(len(schema.get("prefixItems", []))))


def _size(options: list[list[Json]]) -> int:
    size = 1
    for each in options:
        size *= len(each)
    return size


def _object(names: list[str], chosen: Iterable[Json]) -> Json:
    return {name: value for name, value in zip(names, chosen, strict=True) if value is not scalars.ABSENT}


def smallest_first(values: Iterable[Json]) -> list[Json]:
    """The values, each once, those with the shortest text first."""
    written = {json.dumps(value, sort_keys=True): value for value in values}
    return [written[text] for text in sorted(written, key=lambda text: (len(text), text))]
