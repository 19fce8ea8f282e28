"""Hypothesis strategies for messages to the server under test, valid and changed."""

from __future__ import annotations

import json
from functools import cached_property

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract_tests.cases.valid_values import valid
from contract_tests.rules.drawing import Drawing
from contract_tests.rules.values import hostile_texts
from contract_tests.wire.request import Request
from ventia_document.source import Json, pointer


class MessageStrategies:
    """Strategies for requests, each built once for a run."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing, self._messages = drawing, drawing.messages

    @cached_property
    def plain(self) -> SearchStrategy[Request]:
        """The shortest messages of each sender that sends."""
        return st.sampled_from([self._messages.request(message.body) for message in self._messages.sendable])

    @cached_property
    def valid(self) -> SearchStrategy[Request]:
        """Messages that the document accepts, through any sender that the target file names."""
        return self._bodies.map(self._messages.request)

    @cached_property
    def changed(self) -> SearchStrategy[Request]:
        """Messages with changed fields, so that the document refuses them."""
        changed = st.tuples(self._bodies, _changes(self._drawing)).map(lambda drawn: _merged(*drawn))
        return changed.map(self._messages.request).filter(self._is_refused)

    @cached_property
    def edited(self) -> SearchStrategy[Request]:
        """Messages with a few changed characters in their JSON, so that the document refuses them."""
        texts = self._bodies.map(lambda body: json.dumps(body, ensure_ascii=False))
        edits = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), st.text(max_size=3)), min_size=1, max_size=3)
        edited = st.tuples(texts, edits).map(lambda drawn: _edited(*drawn))
        return edited.map(lambda text: self._messages.raw(text.encode("utf-8", "replace"))).filter(self._is_refused)

    @cached_property
    def _bodies(self) -> SearchStrategy[dict[str, Json]]:
        senders, contents = self._drawing.knowledge.senders, self._messages.contents
        free = {name: _field(self._drawing, name) for name in self._messages.properties if self._is_free(name)}
        drawn = st.tuples(st.sampled_from(contents), st.fixed_dictionaries({}, optional=free), st.sampled_from(senders))
        bodies = drawn.map(lambda drawn: {**drawn[0], **drawn[1], **drawn[2].fields})
        return bodies.filter(self._messages.schema.accepts)

    def _is_free(self, name: str) -> bool:
        """Whether a field belongs to no sender, and the target file names what it identifies."""
        knowledge = self._drawing.knowledge
        return (
            name != knowledge.medium
            and self._messages.is_known(name)
            and not any(name in sender.fields for sender in knowledge.senders)
        )

    def _is_refused(self, request: Request) -> bool:
        return self._drawing.verdict(request).is_refused


_LEFT_OUT = object()


def _field(drawing: Drawing, name: str) -> SearchStrategy[Json]:
    if name in drawing.knowledge.fields.values():
        return st.just(drawing.messages.value(name))
    plain = valid(drawing.messages.document, f"{drawing.messages.at}/properties{pointer(name)}")
    schema = drawing.messages.properties[name].value
    if schema.get("type") != "string" or "enum" in schema or "format" in schema:
        return plain
    return plain | st.sampled_from(hostile_texts.HOSTILE) | st.integers(0, 20_000).map(hostile_texts.long)


def _changes(drawing: Drawing) -> SearchStrategy[dict[str, Json]]:
    names = st.sampled_from(list(drawing.messages.properties))
    values = st.just(_LEFT_OUT) | _ANYTHING | names.map(drawing.messages.value)
    return st.dictionaries(names, values, min_size=1, max_size=3)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


def _merged(body: dict[str, Json], changes: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in {**body, **changes}.items() if value is not _LEFT_OUT}


def _edited(text: str, edits: list[tuple[float, int, str]]) -> str:
    for place, taken, put in edits:
        at = int(place * len(text))
        text = text[:at] + put + text[at + taken :]
    return text
