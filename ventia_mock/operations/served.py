"""The operations of a document, each with what decides about its requests. `ventia_document` only describes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from ventia_document.operations import Operation, operations, server_url
from ventia_document.source import DocumentError, Source
from ventia_document.support.serving import unserved
from ventia_mock.http.problems import problem
from ventia_mock.http.response import Response
from ventia_mock.operations.authentication import Authentication
from ventia_mock.operations.identifiers import Identifiers
from ventia_mock.operations.responses import DocumentedResponses
from ventia_mock.operations.unserved import Unserved
from ventia_mock.operations.validation import Validation


@dataclass(frozen=True)
class ServedOperation:
    """An operation, its path as a pattern, and what decides about its requests."""

    operation: Operation
    pattern: re.Pattern[str]
    authentication: Authentication
    validation: Validation
    identifiers: Identifiers
    responses: DocumentedResponses

    @property
    def has_platform_rules(self) -> bool:
        """Whether the world decides about its requests, and not only the document's examples."""
        return self.operation.sends


class NotServed(Exception):
    """A request to no operation of the document; `response` refuses it."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.why)
        self.response = response


class ServedOperations:
    """Every operation of a document, below the path of its first server.

    Attributes:
        base_path: that path, without a slash at its end.
        main: the operation with platform rules, or else the document's first.

    Raises:
        DocumentError: a part of the document cannot be served; the message says where.
    """

    def __init__(self, source: Source) -> None:
        if found := list(unserved(source.value)):
            raise DocumentError("\n".join(finding.line(source.place(finding.at)) for finding in found))
        self.base_path: str = urlsplit(server_url(source.value)).path.rstrip("/")
        try:
            self._all = [self._serve(operation) for operation in operations(source.value)]
        except Unserved as error:
            at, rule = error.args
            raise DocumentError(f"{source.place(at)}: {at}: {rule}") from None
        self.main = next((served for served in self._all if served.has_platform_rules), self._all[0])

    def find(self, method: str, path: str) -> tuple[ServedOperation, Mapping[str, str]]:
        """The operation of a request, and the variables of its path, still percent-encoded.

        Raises:
            NotServed: there is none.
        """
        matching = [(served, match) for served in self._all if (match := served.pattern.fullmatch(path))]
        if not matching:
            raise NotServed(problem(HTTPStatus.NOT_FOUND, f"path: Must be {' or '.join(self._paths())}"))
        if len(matching) == 1 and matching[0][0].operation.method == method:
            [(served, match)] = matching
            return served, dict(zip(served.operation.path_names, match.groups(), strict=True))
        # A path without variables hides those that would take it for a value (OpenAPI 3.1, Paths Object).
        nearest = min((served.operation for served, _ in matching), key=lambda operation: len(operation.path_names))
        here = [(served, match) for served, match in matching if served.operation.path == nearest.path]
        for served, match in here:
            if served.operation.method == method:
                return served, dict(zip(served.operation.path_names, match.groups(), strict=True))
        allowed = ", ".join(served.operation.method for served, _ in here)
        raise NotServed(problem(HTTPStatus.METHOD_NOT_ALLOWED, f"method: Must be {allowed}", ("Allow", allowed)))

    def body_fields(self) -> set[str]:
        """The names of the fields that bodies of requests can have."""
        return {name for served in self._all for name in served.identifiers.body_fields}

    def _serve(self, operation: Operation) -> ServedOperation:
        pattern = re.compile(re.sub(r"\\{[^}]*\\}", "([^/]+)", re.escape(self.base_path + operation.path)))
        responses = DocumentedResponses(operation)
        authentication, validation = Authentication(operation), Validation(operation)
        return ServedOperation(operation, pattern, authentication, validation, Identifiers(operation), responses)

    def _paths(self) -> list[str]:
        return list(dict.fromkeys(self.base_path + served.operation.path for served in self._all))
