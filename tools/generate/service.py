"""What a document says of the service as a whole, which the client takes as it is."""

from __future__ import annotations

from collections.abc import Iterator

from tools.provenance import VERSION
from ventia_document.check import Fault
from ventia_document.schemas import Schema
from ventia_document.source import Json

_SCHEMA = {
    "required": ["servers", "x-rate-limit"],
    "properties": {
        "info": {
            "properties": {"version": {"pattern": f"^{VERSION}$", "x-rule": "Must be three numbers, such as 0.2.0"}}
        },
        "servers": {
            "prefixItems": [
                {
                    "properties": {
                        "url": {
                            "pattern": "^https?://[^/?#{}]+(/[^/?#{}]+)*$",
                            "x-rule": "Must be an http(s) URL without variables, query and slash at its end",
                        }
                    }
                }
            ]
        },
        "x-rate-limit": {
            "type": "object",
            "required": ["requests", "seconds"],
            "properties": {
                "requests": {"type": "integer", "minimum": 1},
                "seconds": {"type": "number", "exclusiveMinimum": 0},
            },
        },
    },
}


def what_no_client_could_work_with(document: Json) -> Iterator[Fault]:
    """The version, the first server and the rate limit (overlays/package/templates/_document.py.jinja)."""
    for broken in Schema({"service": _SCHEMA}, "/service").broken(document):
        yield Fault(broken.at, broken.rule)
