"""The operations of a document: their parameters, bodies and responses, with references followed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ventia_document.keywords import subschemas
from ventia_document.source import Json, lookup, parts, pointer
from ventia_document.structure import target

SENDERS = ("channel", "user", "integration")
"""The kinds of things that a message can be sent through, by `x-identifies`."""

SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS", "TRACE"))
"""Methods that change nothing (RFC 9110, chapter 9.2.1)."""

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True)
class Part:
    """A parameter, response, media type or the like, and its JSON pointer in the document."""

    name: str
    at: str
    value: Json

    @property
    def is_component(self) -> bool:
        """Whether it is one of the document's components, and has a name there."""
        return self.at.startswith("/components/")


class Operation:
    """One method of one path.

    Attributes:
        method: in capitals, as in HTTP.
        path: the template, relative to the server: `/contact/{idcontact}/message`.
    """

    def __init__(self, document: Json, path: str, method: str) -> None:
        self.document = document
        self.method = method.upper()
        self.path = path
        self.at = pointer("paths", path, method)
        self.value: dict[str, Json] = lookup(document, self.at)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @cached_property
    def path_names(self) -> list[str]:
        """The names of the path's variables, in order."""
        return re.findall(r"\{([^}]*)\}", self.path)

    @cached_property
    def id(self) -> str:
        """Its `operationId`, or method and path where it has none."""
        return str(self.value.get("operationId", self))

    @property
    def parameter_places(self) -> list[str]:
        """The JSON pointers of the parameters in the lists of the path item and of the operation."""
        return [
            f"{owner}/parameters/{index}"
            for owner in (pointer("paths", self.path), self.at)
            for index in range(len(lookup(self.document, owner).get("parameters", [])))
        ]

    @cached_property
    def parameters(self) -> list[Part]:
        """The parameters of the path item and of the operation, which override those of the same name and place."""
        parts = [resolve(self.document, at) for at in self.parameter_places]
        return list({(part.value["in"], part.value["name"]): part for part in parts}.values())

    @cached_property
    def sends(self) -> bool:
        """Whether it sends a message to a contact: its `x-sends`, or else whether it is a POST that names a sender."""
        return bool(self.value.get("x-sends", self.method == "POST" and self._names_a_sender))

    @property
    def _names_a_sender(self) -> bool:
        bodies = [
            resolve(self.document, part.at + "/schema").value for part in self.media_types if "schema" in part.value
        ]
        fields = [field for body in bodies if isinstance(body, dict) for field in body.get("properties", {}).values()]
        return any(isinstance(field, dict) and field.get("x-identifies") in SENDERS for field in fields)

    @cached_property
    def body(self) -> Part | None:
        """Its request body."""
        return resolve(self.document, self.at + "/requestBody") if "requestBody" in self.value else None

    @cached_property
    def media_types(self) -> list[Part]:
        """The media types of its request body; empty without a body."""
        return content(self.document, self.body) if self.body else []

    @cached_property
    def responses(self) -> dict[str, Part]:
        """Its responses by status: `200`, `4XX`, `default`."""
        at = self.at + "/responses"
        return {status: resolve(self.document, at + pointer(status)) for status in self.value.get("responses", {})}

    @cached_property
    def numbered_responses(self) -> list[tuple[int, Part]]:
        """Its responses, each with a status that it is documented for: of a range or `default`, the first left over."""
        numbered = [(int(key), response) for key, response in self.responses.items() if key.isdecimal()]
        for key, response in self.responses.items():
            if not key.isdecimal():
                start = int(key[0]) * 100 if key.endswith("XX") else 500 if self._lists_successes else 200
                taken = {status for status, _ in numbered}
                numbered.append((next(status for status in range(start, 600) if status not in taken), response))
        return numbered

    def response(self, status: int) -> Part | None:
        """Its response for a status: that of the status, or else of its range, or else `default`."""
        keys = (str(status), f"{status // 100}XX", "default")
        return next((self.responses[key] for key in keys if key in self.responses), None)

    @cached_property
    def successes(self) -> frozenset[int]:
        """The statuses of success that it documents; `default` is for none if another response is."""
        listed = {int(key) for key in self.responses if key.isdecimal() and key.startswith("2")}
        every = "2XX" in self.responses or ("default" in self.responses and not self._lists_successes)
        return frozenset(range(200, 300)) if every else frozenset(listed)

    @property
    def _lists_successes(self) -> bool:
        return any(key.startswith("2") for key in self.responses)

    @cached_property
    def security(self) -> list[list[Json]]:
        """Its security requirements: any one of these lists of security schemes is enough."""
        required = self.value.get("security", self.document.get("security", []))
        at = "/components/securitySchemes"
        return [[resolve(self.document, at + pointer(name)).value for name in each] for each in required]


def operations(document: Json) -> list[Operation]:
    """Every operation of a document, in the document's order."""
    return [
        Operation(document, path, method)
        for path, item in document.get("paths", {}).items()
        for method in METHODS
        if method in item
    ]


def server_url(document: Json) -> str:
    """The URL of the first server, with the defaults of its variables; empty without a server."""
    server: dict[str, Json] = next(iter(document.get("servers", ())), {"url": ""})
    variables = server.get("variables", {})

    def default(found: re.Match[str]) -> str:
        return str(variables[found[1]]["default"]) if found[1] in variables else found[0]

    return re.sub(r"\{([^}]*)\}", default, server["url"])


def resolve(document: Json, at: str) -> Part:
    """The part at a JSON pointer, references followed."""
    value = lookup(document, at)
    if isinstance(value, dict) and "$ref" in value:
        return resolve(document, target(value["$ref"]))
    return Part(parts(at)[-1] if at else "", at, value)


def schemas_from(document: Json, places: Iterable[str]) -> Iterator[Part]:
    """The schemas at JSON pointers, and all that these hold and refer to, each once; but `true` and `false`."""
    waiting, seen = [*places], set[str]()
    while waiting:
        part = resolve(document, waiting.pop())
        if part.at not in seen and isinstance(part.value, dict):
            seen.add(part.at)
            waiting += [part.at + inner for inner, _ in subschemas(part.value)]
            yield part


def content(document: Json, part: Part) -> list[Part]:
    """The media types of a request body or a response."""
    return [resolve(document, part.at + pointer("content", name)) for name in part.value.get("content", {})]


def examples(document: Json, part: Part) -> dict[str, Json]:
    """The examples of a parameter or media type by name; that of `example` has the name ''."""
    written = {name: resolve(document, part.at + pointer("examples", name)) for name in part.value.get("examples", {})}
    named = {name: example.value["value"] for name, example in written.items() if "value" in example.value}
    return named | ({"": part.value["example"]} if "example" in part.value else {})
