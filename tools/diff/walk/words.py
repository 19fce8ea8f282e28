"""Names of parts of a document, and changes of them, for messages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tools.diff.walk.nodes import MISSING, Node, Pair
from ventia_document.operations import METHODS
from ventia_document.source import Json, lookup, parts, pointer

_SHOWN = 60
_AROUND = 12


def holder(node: Node) -> str:
    """The name of what holds a part."""
    return subject(node, node.at.rpartition("/")[0])


def subject(node: Node, at: str | None = None) -> str:
    """The name of a part of a document: `Message.text`, `POST /pets, 200`, `info`."""
    keys = parts(node.at if at is None else at)
    start, length = _start(keys)
    return start + "".join(_steps(node, keys, length))


def kebab(keyword: str) -> str:
    """A keyword as names of changes have it: `minLength` -> `min-length`."""
    return re.sub(r"[A-Z]", lambda letter: "-" + letter.group().lower(), keyword.removeprefix("$"))


def sentence(part: Pair) -> str:
    """The change of a part of an object, as a sentence."""
    name = f"`{key(part)}` of {holder(part.node)}" if part.node.at else "the document"
    if part.is_added:
        return f"{name} is new: {quote(part.now.value)}"
    if part.is_removed:
        return f"{name} is gone; it was {quote(part.base.value)}"
    old, new = shown(part.base.value, part.now.value)
    return f"{name} was {old}, is {new}"


def key(part: Pair) -> str:
    """The key or index of a part."""
    return parts(part.node.at)[-1] if part.node.at else ""


def verb(part: Pair) -> str:
    """Added, removed or changed."""
    return "added" if part.is_added else "removed" if part.is_removed else "changed"


def is_new_or_gone(part: Pair) -> str:
    """Whether an added or a removed part is new or gone, for a message."""
    return "is new" if part.is_added else "is gone"


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


_SILENT = ("schema",)
_NAMED = {"properties": ".{}", "content": " ({})", "responses": ", {}", "headers": ", header {}", "schemas": " {}"}


def _steps(node: Node, keys: list[str], index: int) -> Iterator[str]:
    while index < len(keys):
        step, following = keys[index], keys[index + 1 : index + 2]
        index += 1
        if step in _NAMED and following:
            yield _NAMED[step].format(following[0])
            index += 1
        elif following and following[0].isdecimal():
            index += 1
            yield f", {_title(node, keys[:index]) or f'{step} {int(following[0]) + 1}'}"
        elif step not in _SILENT:
            yield f", {step}"


def _title(node: Node, keys: list[str]) -> str:
    """The title of an item of a list, which names it."""
    try:
        title = lookup(node.source.value, pointer(*keys))["title"]
    except (LookupError, TypeError):
        return ""
    return f'"{title}"'
