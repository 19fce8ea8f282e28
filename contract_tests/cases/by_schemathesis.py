"""Requests that schemathesis generates, as they would go onto the wire."""

from __future__ import annotations

from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

import requests
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.specs.openapi import checks

from contract_tests import run
from contract_tests.wire.request import RIGHT, Answer, Asked

AnyCase: TypeAlias = "schemathesis.Case[Any]"

_KEY, _BASE = "the-key-of-the-run", "http://server"


def schema(mode: str) -> schemathesis.BaseSchema:
    """The operations of the document, with cases that keep it (`positive`) or do not (`negative`)."""
    document = run.overlaid("contract", run.current.narrowed)
    schemes = document.get("components", {}).get("securitySchemes", {})
    config: dict[str, Any] = {
        "seed": run.current.seed,
        "suppress-health-check": ["all"],
        "generation": {"mode": mode, "max-examples": run.current.examples, "database": "none"},
        "auth": {
            "openapi": {name: {"api_key": _KEY} for name, scheme in schemes.items() if scheme["type"] == "apiKey"}
        },
    }
    if run.current.is_guarded:
        config["phases"] = {"coverage": {"unexpected-methods": []}}
    return schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(config))


def asked_of(case: AnyCase) -> Asked:
    """The request of a case."""
    prepared = _prepared(case)
    parts = urlsplit(str(prepared.url))
    query = tuple(
        (name, RIGHT if value == _KEY else value) for name, value in parse_qsl(parts.query, keep_blank_values=True)
    )
    headers = tuple(
        (str(name), RIGHT if value == _KEY else _text(value))
        for name, value in prepared.headers.items()
        if name.lower() not in _OURS
    )
    body: Any = prepared.body or b""
    return Asked(
        str(prepared.method), parts.path, query, headers, body.encode() if isinstance(body, str) else bytes(body)
    )


def validate(case: AnyCase, answer: Answer) -> None:
    """A second opinion on an answer: schemathesis's own checks that ask the server nothing more.

    Raises:
        schemathesis.errors.FailureGroup: it does not pass them.
    """
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers:
        headers.setdefault(name, []).append(value)
    response = Response(answer.status, headers, answer.body, _prepared(case), elapsed=0.0, verify=False)
    case.validate_response(response, checks=_CHECKS)


_CHECKS = [
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.status_code_conformance,
    checks.unsupported_method,
]
_OURS = {"user-agent", "content-length", "accept-encoding", "connection", "x-schemathesis-testcaseid"}


def _prepared(case: AnyCase) -> requests.PreparedRequest:
    told = case.as_transport_kwargs(base_url=_BASE)
    known = {
        name: told[name]
        for name in ("method", "url", "headers", "params", "json", "data", "files", "cookies")
        if told.get(name) is not None
    }
    return requests.Request(**known).prepare()


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
