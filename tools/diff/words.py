"""Names of parts of a document, and changes of them, for messages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tools.diff.schemas.differences import MISSING, text
from tools.diff.schemas.excerpts import part
from ventia_document.operations import METHODS
from ventia_document.source import Json, parts, pointer

_SHOWN = 60
_AROUND = 12


def subject(document: Json, at: str) -> str:
    """The name of a part of a document: `Message.text`, `POST /pets, 200`, `info`."""
    keys = parts(at)
    start, length = _start(keys)
    return start + "".join(_steps(document, keys, length))


def kebab(keyword: str) -> str:
    """A keyword as names of changes have it: `minLength` -> `min-length`."""
    return re.sub(r"[A-Z]", lambda letter: "-" + letter.group().lower(), keyword.removeprefix("$")).replace(" ", "-")


def sentence(document: Json, at: str, base: Json, now: Json) -> str:
    """The change of a part, as a sentence."""
    around, _, _ = at.rpartition("/")
    name = f"`{parts(at)[-1]}` of {subject(document, around)}" if at else "the document"
    if base is MISSING:
        return f"{name} is new: {quote(now)}"
    if now is MISSING:
        return f"{name} is gone; it was {quote(base)}"
    if isinstance(base, list) and isinstance(now, list) and (moved := _moved(base, now)):
        return f"{name} {moved}"
    old, new = shown(base, now)
    return f"{name} was {old}, is {new}"


def _moved(base: list[Json], now: list[Json]) -> str:
    """The items that a list loses and gains."""
    lost, gained = (
        [quote(item) for item in these if text(item) not in map(text, those)]
        for these, those in ((base, now), (now, base))
    )
    said = [f"{verb} {', '.join(items)}" for verb, items in (("loses", lost), ("gains", gained)) if items]
    return " and ".join(said)


def quote(value: Json) -> str:
    """A value as JSON, cut if it is long."""
    written = "nothing" if value is MISSING else json.dumps(value, ensure_ascii=False)
    return written if len(written) <= _SHOWN else f"{written[: _SHOWN - 1]}…"


def shown(old: Json, new: Json) -> tuple[str, str]:
    """Two values as JSON; of long ones, the stretch where they begin to differ."""
    first, second = (json.dumps(value, ensure_ascii=False) for value in (old, new))
    same = next((at for at, (one, other) in enumerate(zip(first, second, strict=False)) if one != other), 0)
    start = max(0, same - _AROUND) if max(len(first), len(second)) > _SHOWN else 0
    return _stretch(first, start), _stretch(second, start)


def _stretch(written: str, start: int) -> str:
    end = start + _SHOWN - 2
    return ("…" if start else "") + written[start:end] + ("…" if end < len(written) else "")


def _start(keys: list[str]) -> tuple[str, int]:
    if keys[:1] == ["components"] and len(keys) > 2:
        return keys[2], 3
    if keys[:1] == ["paths"] and len(keys) > 1:
        if len(keys) > 2 and keys[2] in METHODS:
            return f"{keys[2].upper()} {keys[1]}", 3
        return keys[1], 2
    return (keys[0], 1) if keys else ("the document", 0)


_NAMED = {"properties": ".{}", "content": " ({})", "responses": ", {}", "headers": ", header {}", "schemas": " {}"}


def _steps(document: Json, keys: list[str], index: int) -> Iterator[str]:
    while index < len(keys):
        step, following = keys[index], keys[index + 1 : index + 2]
        index += 1
        if step in _NAMED and following:
            yield _NAMED[step].format(following[0])
            index += 1
        elif following and following[0].isdecimal():
            index += 1
            item = part(document, pointer(*keys[:index]))
            title = item.get("title") if isinstance(item, dict) else None
            yield f', "{title}"' if title else f", {step} {int(following[0]) + 1}"
        elif step != "schema":
            yield f", {step}"
