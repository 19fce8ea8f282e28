"""Bodies that a document accepts, and that no class of the client can hold."""

from __future__ import annotations

from collections.abc import Iterator

from tools.generate.refusals import OVERLAY
from ventia_document.operations import Part, operations, resolve
from ventia_document.samples import sample, samples
from ventia_document.source import Finding, Json, pointer
from ventia_document.validation import Schema


def unsendable(document: Json, overlaid: Json) -> Iterator[Finding]:
    """Fields with which a body is valid by the document, and by none of the alternatives that an overlay makes of it.

    Args:
        overlaid: the document as the client is made of it.
    """
    for media_type in [part for operation in operations(document) for part in operation.media_types]:
        schema, other = (resolve(each, media_type.at + "/schema") for each in (document, overlaid))
        if isinstance(other.value, dict) and other.value != schema.value and "oneOf" in other.value:
            yield from _lost_fields(document, schema, media_type, Schema(overlaid, other.at))


def _lost_fields(document: Json, schema: Part, media_type: Part, narrowed: Schema) -> Iterator[Finding]:
    accepts = Schema(document, schema.at).accepts
    bodies = [body for body in samples(document, media_type).values() if isinstance(body, dict)]
    for name in schema.value.get("properties", ()):
        at = schema.at + pointer("properties", name)
        changed = _with(bodies, name, sample(document, at))
        if lost := next((body for body in changed if accepts(body) and not narrowed.accepts(body)), None):
            message = f"no class of the client can send {name!r} with just {', '.join(lost.keys() - {name})}"
            yield Finding(at, f"{message}; add one for such messages to {OVERLAY}, like those for others")


def _with(bodies: list[Json], name: str, value: Json) -> Iterator[dict[str, Json]]:
    """Bodies with a field, beside the others or in the place of one."""
    for body in bodies:
        for left_out in (None, *body):
            yield {other: body[other] for other in body if other != left_out} | {name: value}
