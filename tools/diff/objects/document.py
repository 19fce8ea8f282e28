"""Compares two documents: a comparer for each key of the root object."""

from __future__ import annotations

from collections.abc import Mapping

from tools.diff.changes import Change
from tools.diff.objects.components import components
from tools.diff.objects.content import defaulting
from tools.diff.objects.operations import paths
from tools.diff.objects.service import info, openapi, rate_limit, security, servers, webhooks
from tools.diff.walk.comparison import Comparer, Comparison, noted
from tools.diff.walk.use import Use
from ventia_document.source import Source


def compare(base: Source, now: Source) -> list[Change]:
    """Every change from one document to another, the worst first, then in the documents' order.

    Both documents should be sound (`ventia_document.check`): of others, changes may be described less well.
    """
    comparison = Comparison(base, now)
    comparison.walk(comparison.whole, _ROOT, Use())
    comparison.add_uncompared()
    return sorted(comparison.result(), key=lambda change: -change.effect)


_ROOT: Mapping[str, Comparer] = {
    "components": components,
    "externalDocs": noted,
    "info": info,
    "jsonSchemaDialect": defaulting(lambda _: "https://spec.openapis.org/oas/3.1/dialect/base"),
    "openapi": openapi,
    "paths": paths,
    "security": security,
    "servers": servers,
    "tags": noted,
    "webhooks": webhooks,
    "x-rate-limit": rate_limit,
}
