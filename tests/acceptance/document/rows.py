"""A row of the table: one edit of the document, and what must be seen of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from ventia_document.source import Json

PROBLEM = "{$ref: '#/components/responses/InvalidRequestBody'}"
DONE = f"responses: {{'204': {{description: Done.}}, '400': {PROBLEM}}}"
"""The responses of an operation whose requests are the matter: no content, or a refusal."""


def answers(schema: str, example: str = "", status: str = "200", media_type: str = "application/json") -> str:
    """The responses of an operation whose answer is the matter.

    Args:
        schema: as YAML.
        example: as YAML; empty for none.
    """
    shown = f", example: {example}" if example else ""
    return f"responses: {{'{status}': {{description: It., content: {{{media_type}: {{schema: {schema}{shown}}}}}}}}}"


def body(schema: str, media_type: str = "application/json") -> str:
    """A required request body, with the responses of DONE."""
    return f"requestBody: {{required: true, content: {{{media_type}: {{schema: {schema}}}}}}}, {DONE}"


@dataclass(frozen=True)
class Followed:
    """An operation that is followed.

    Attributes:
        name: of the row.
        operation: it, as the inside of a YAML mapping; summary, description, tag and operationId are added.
        arguments: the arguments of the client's call, made with the package.
        sent: the target on the wire, after the row's own path: `/7?tags=a&tags=b`.
        has_key: whether the API key is in the query, after all else.
        variables: the rest of its path: `/{id}`.
        components: components that are added, as YAML.
        headers: headers that must be on the wire; None for one that must not.
        body: the body on the wire.
        status: the status with which the stand-in answers this request.
        received: headers that the stand-in's answer must have.
        returned: the value that the client's call returns for that answer, as JSON; an object as its `to_dict`.
        refused: targets or bodies of requests that break a rule: the stand-in answers each with 400.
        invalid: keyword arguments that the client refuses without a request.
        wrong: bodies of success that the suite must not believe; a tuple is status, content type and body.
    """

    name: str
    operation: str
    arguments: Callable[[Any], dict[str, Any]] = lambda _: {}
    sent: str = ""
    has_key: bool = True
    method: str = "get"
    variables: str = ""
    components: str = "{}"
    headers: dict[str, str | None] = field(default_factory=dict)
    body: bytes = b""
    status: int = 204
    received: dict[str, str] = field(default_factory=dict)
    returned: Json = None
    refused: tuple[str | bytes, ...] = ()
    invalid: tuple[Callable[[Any], dict[str, Any]], ...] = ()
    wrong: tuple[bytes | tuple[int, str, bytes], ...] = ()

    def __str__(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        """The row's name as a part of a path, and of names."""
        return "row-" + re.sub(r"\W+", "-", self.name.lower()).strip("-")

    @property
    def operation_id(self) -> str:
        """The operationId."""
        return re.sub(r"-(\w)", lambda found: found[1].upper(), self.slug)

    @property
    def path(self) -> str:
        """The path in the document."""
        return f"/{self.slug}{self.variables}"

    def target(self, base_path: str, sent: str, key: str) -> str:
        """The target of a request, with the key if it belongs there."""
        in_query = f"{'&' if '?' in sent else '?'}api-key={key}" if self.has_key else ""
        return f"{base_path}/{self.slug}{sent}{in_query}"

    def added_to(self, document: Json) -> None:
        """Add the operation and its components to a document."""
        words = {"summary": "Try it", "description": "Try it.", "tags": ["Interactions"]}
        operation = {**words, "operationId": self.operation_id, **yaml.safe_load("{" + self.operation + "}")}
        document["paths"].setdefault(self.path, {})[self.method] = operation
        for kind, named in yaml.safe_load(self.components).items():
            document["components"].setdefault(kind, {}).update(named)


@dataclass(frozen=True)
class Refused:
    """An edit that is refused.

    Attributes:
        name: of the row.
        at: what the line of the refusal holds.
        words: words of the refusal.
        edit: changes the text of the document.
    """

    name: str
    edit: Callable[[str], str]
    at: str
    words: str

    def __str__(self) -> str:
        return self.name


def operation(written: str, variables: str = "", method: str = "get") -> Callable[[str], str]:
    """An edit that adds an operation.

    Args:
        written: it, as lines of YAML, without an indentation.
    """
    words = "operationId: tryIt\nsummary: Try it\ndescription: Try it.\ntags: [Interactions]\n"
    lines = "".join(f"      {line}\n" for line in (words + written).splitlines())
    return lambda text: text.replace("\ncomponents:\n", f"\n  /it{variables}:\n    {method}:\n{lines}components:\n", 1)


def replaced(old: str, new: str) -> Callable[[str], str]:
    """An edit that replaces the first occurrence of a text."""

    def edit(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return edit


def schema(name: str, written: str) -> Callable[[str], str]:
    """An edit that adds a schema, as lines of YAML, and an operation whose body it is."""
    lines = "".join(f"      {line}\n" for line in ("description: It.\n" + written).splitlines())
    added = replaced("\n  schemas:\n", f"\n  schemas:\n    {name}:\n{lines}")
    content = f"{{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}"
    sending = operation(f"requestBody:\n  required: true\n  content: {content}\n{DONE}", method="post")
    return lambda text: sending(added(text))


def field_of_message(written: str, name: str = "it") -> Callable[[str], str]:
    """An edit that adds a field to the project's message, as one line of YAML."""
    return replaced("\n        text:\n", f"\n        {name}: {written}\n        text:\n")
