"""The operations of a document, ready to be served."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from ventia_document.operations import Operation, operations
from ventia_document.source import DocumentError, Source
from ventia_mock.operations.authentication import Gate
from ventia_mock.operations.identifiers import Naming
from ventia_mock.operations.refusals import outside
from ventia_mock.operations.responses import Answer, Answers
from ventia_mock.operations.unserved import Unserved
from ventia_mock.operations.validation import Rules
from ventia_mock.world.business_rules import ANSWERS, OPERATION


@dataclass(frozen=True)
class Served:
    """An operation, its path as a pattern, and what decides about its requests, in this order."""

    operation: Operation
    pattern: re.Pattern[str]
    gate: Gate
    rules: Rules
    naming: Naming
    answers: Answers

    @property
    def has_platform_rules(self) -> bool:
        """Whether the world decides about its requests, and not the document's examples."""
        return self.operation.id == OPERATION


class NotServed(Exception):
    """A request to no operation of the document; its first argument is the answer to it."""

    @property
    def answer(self) -> Answer:
        """What the request is answered with."""
        answer: Answer = self.args[0]
        return answer


class Operations:
    """Every operation of a document, below the path of its first server.

    Attributes:
        base_path: that path, without a slash at its end.
        main: the operation with rules of the platform's own, or else the document's first.

    Raises:
        DocumentError: the document has a part that cannot be served; the text says where.
    """

    def __init__(self, source: Source) -> None:
        servers = source.value.get("servers") or [{"url": ""}]
        self.base_path: str = urlsplit(servers[0]["url"]).path.rstrip("/")
        try:
            self._served = [self._serve(operation) for operation in operations(source.value)]
        except Unserved as unserved:
            at, rule = unserved.args
            raise DocumentError(f"{source.place(at)}: {at}: {rule}") from None
        if not self._served:
            raise DocumentError(f"{source.place('/paths')}: /paths: no operation to serve; describe one")
        self.main = next((served for served in self._served if served.has_platform_rules), self._served[0])

    def find(self, method: str, path: str) -> tuple[Served, Mapping[str, str]]:
        """The operation of a request, and the variables of its path, still percent-encoded.

        Raises:
            NotServed: there is none.
        """
        matching = [(served, match) for served in self._served if (match := served.pattern.fullmatch(path))]
        if not matching:
            raise NotServed(outside(HTTPStatus.NOT_FOUND, f"path: Must be {' or '.join(self._paths())}"))
        # A path without variables hides those that would take it for a value (OpenAPI 3.1, Paths Object).
        nearest = min((served.operation for served, _ in matching), key=lambda operation: len(operation.path_names))
        here = [(served, match) for served, match in matching if served.operation.path == nearest.path]
        for served, match in here:
            if served.operation.method == method:
                return served, dict(zip(served.operation.path_names, match.groups(), strict=True))
        allowed = ", ".join(served.operation.method for served, _ in here)
        raise NotServed(outside(HTTPStatus.METHOD_NOT_ALLOWED, f"method: Must be {allowed}", ("Allow", allowed)))

    def fields(self) -> set[str]:
        """The names of the fields that bodies of requests can have."""
        return {name for served in self._served for name in served.naming.fields}

    def _serve(self, operation: Operation) -> Served:
        pattern = re.compile(re.sub(r"\\{[^}]*\\}", "([^/]+)", re.escape(self.base_path + operation.path)))
        answers = Answers(operation)
        if operation.id == OPERATION:
            for name in ANSWERS - {answer.example for answer in answers}:
                raise Unserved(operation.at + "/responses", f"no example named {name!r}, with which a rule answers")
        return Served(operation, pattern, Gate(operation), Rules(operation), Naming(operation), answers)

    def _paths(self) -> list[str]:
        return list(dict.fromkeys(self.base_path + served.operation.path for served in self._served))
