"""Judges values by the schemas of documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import jsonschema_rs

from ventia_document.source import Json
from ventia_document.validation import Schema

Accepts: TypeAlias = Callable[[Json], bool]


class Unjudgeable(Exception):
    """No validator can be made of a schema."""


def accepting(document: Json, at: str) -> Accepts:
    """The function that says whether the schema at a JSON pointer accepts a value.

    Raises:
        Unjudgeable: no validator can be made of it.
    """
    try:
        return Schema(document, at).accepts
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        raise Unjudgeable(str(error)) from None
