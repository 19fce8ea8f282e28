"""Judges values by the schemas of documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import jsonschema_rs

from ventia_document.source import Json
from ventia_document.validation import Schema

Accepts: TypeAlias = Callable[[Json], bool]


class Unjudgeable(Exception):
    """No validator can be made of a schema."""


def accepting(documents: Sequence[Json], at: str) -> Accepts:
    """The function that says whether the schema at a JSON pointer accepts a value in each of some documents.

    Raises:
        Unjudgeable: no validator can be made of it.
    """
    try:
        schemas = [Schema(document, at) for document in documents]
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        raise Unjudgeable(str(error)) from None
    return schemas[0].accepts if len(schemas) == 1 else lambda value: all(each.accepts(value) for each in schemas)
