"""Cases that schemathesis generates, as requests of the suite."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

import requests
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.errors import InvalidSchema
from schemathesis.core.transport import Response as TheirResponse
from schemathesis.specs.openapi import checks

from contract_tests.run import Run, overlaid
from contract_tests.wire.keys import with_placeholder
from contract_tests.wire.request import Request
from contract_tests.wire.response import Response

AnyCase: TypeAlias = "schemathesis.Case[Any]"

_KEY, _BASE = "the-key-of-the-run", "http://server"


def schema(run: Run, mode: str) -> schemathesis.BaseSchema:
    """The document's operations, with cases that are valid (`positive`) or invalid (`negative`)."""
    document = overlaid("contract", run.narrowed)
    schemes = document.get("components", {}).get("securitySchemes", {})
    config: dict[str, Any] = {
        "seed": run.seed,
        "suppress-health-check": ["all"],
        "generation": {"mode": mode, "max-examples": run.examples, "database": "none"},
        "auth": {
            "openapi": {
                name: {"bearer" if scheme["type"] == "http" else "api_key": _KEY} for name, scheme in schemes.items()
            }
        },
    }
    if run.is_guarded:
        config["phases"] = {"coverage": {"unexpected-methods": []}}
    return schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(config))


def request_of(case: AnyCase) -> Request:
    """The request of a case."""
    prepared = _prepared(case)
    parts = urlsplit(str(prepared.url))
    query = tuple(
        (name, with_placeholder(value, _KEY)) for name, value in parse_qsl(parts.query, keep_blank_values=True)
    )
    headers = tuple(
        (str(name), with_placeholder(_text(value), _KEY))
        for name, value in prepared.headers.items()
        if name.lower() not in _OURS
    )
    body: Any = prepared.body or b""
    return Request(
        str(prepared.method), parts.path, query, headers, body.encode() if isinstance(body, str) else bytes(body)
    )


def validate(case: AnyCase, response: Response) -> None:
    """Judge a response by schemathesis's own checks, those that send nothing more.

    Raises:
        schemathesis.errors.FailureGroup: it does not pass them.
    """
    headers: dict[str, list[str]] = {}
    for name, value in response.headers:
        headers.setdefault(name, []).append(value)
    theirs = TheirResponse(response.status, headers, response.body, _prepared(case), elapsed=0.0, verify=False)
    for check in _CHECKS:
        # It cannot read every schema, such as a tuple's; the documented shape is a rule of our own.
        with suppress(InvalidSchema):
            case.validate_response(theirs, checks=[check])


_CHECKS = [
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.status_code_conformance,
    checks.unsupported_method,
]
_OURS = {"user-agent", "content-length", "accept-encoding", "connection", "x-schemathesis-testcaseid"}


def _prepared(case: AnyCase) -> requests.PreparedRequest:
    arguments = case.as_transport_kwargs(base_url=_BASE)
    # A list or object in the path comes as Python writes it, where these two would end the path.
    arguments["url"] = arguments["url"].replace("#", "%23").replace("?", "%3F")
    given = {
        name: arguments[name]
        for name in ("method", "url", "headers", "params", "json", "data", "files", "cookies")
        if arguments.get(name) is not None
    }
    return requests.Request(**given).prepare()


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
