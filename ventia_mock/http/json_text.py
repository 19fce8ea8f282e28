"""Reads JSON that every reader reads alike, and refuses the rest."""

from __future__ import annotations

import json
from collections import Counter
from typing import NoReturn

from ventia_document.source import Json
from ventia_mock.http.limits import MOST_FIELDS

TOO_MUCH = "Must be JSON less deep and with shorter numbers"


class InvalidJson(ValueError):
    """A text that is no JSON, or JSON that readers read differently; the message is the rule that it breaks."""


def decode(body: bytes) -> Json:
    """The value of a JSON text.

    Raises:
        InvalidJson: it is no JSON, is ambiguous, or is deeper or longer than a reader can be expected to take.
    """
    try:
        text = body.decode("utf-8")
        value = _decoder.decode(text)
        if "\\u" in text:  # without which no half of a surrogate pair can be written
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError:
        raise InvalidJson("Must be encoded as UTF-8") from None
    except UnicodeEncodeError:
        raise InvalidJson("Must hold both halves of every surrogate pair") from None
    except json.JSONDecodeError as error:
        raise InvalidJson(f"Must be JSON; line {error.lineno}, column {error.colno}: {error.msg}") from None
    except InvalidJson:
        raise
    except (RecursionError, ValueError):  # Python reads no integer of more than 4,300 digits
        raise InvalidJson(TOO_MUCH) from None
    return value


def _fields(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(pairs) > MOST_FIELDS:
        raise InvalidJson(f"Must have at most {MOST_FIELDS} fields in an object")
    if len(value) < len(pairs):
        [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise InvalidJson(f"Must have each field once ({json.dumps(twice)[:80]} stands twice)")
    return value


def _no_constant(constant: str) -> NoReturn:
    raise InvalidJson(f"Must be JSON, which has no {constant}")


_decoder = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_fields)
