"""Reads YAML 1.2 and JSON files as JSON values, each with its place in the file.

YAML is read by its core schema (`on` is a string, `2026-01-01` too), and must be equivalent to JSON: keys are strings
and unique, and there are no tags, no NaN and no values that contain themselves.
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, TypeVar

import yaml

Json = Any
"""A JSON value: dict with string keys, list, str, int, float, bool or None."""

T = TypeVar("T")

MOST_REMEMBERED = 8
"""The number of documents that `remembered` keeps results for."""


class DocumentError(Exception):
    """A file cannot be read, or is invalid; the text starts with file, line and column."""


@dataclass(frozen=True)
class Source:
    """A file's JSON value, and the place of each part in the file."""

    path: Path
    value: Json
    places: dict[str, tuple[int, int]]
    """Line and column by JSON pointer, both from 1; empty for a JSON file."""

    def place(self, at: str) -> str:
        """The place of a JSON pointer, or of the nearest part around it: `openapi/ventia.yaml:12:5`."""
        while at and at not in self.places:
            at = at.rpartition("/")[0]
        return ":".join([str(self.path), *map(str, self.places.get(at, ()))])


class Finding(NamedTuple):
    """Something wrong with a document: its JSON pointer, and a message that says what would be right."""

    at: str
    message: str

    def line(self, place: str) -> str:
        """The finding as a line that begins with its place in a file."""
        return f"{place}: {self.at or 'the document'}: {self.message}"


def pointer(*keys: str | int) -> str:
    """The RFC 6901 JSON pointer of keys and indices: `("a/b", 0)` -> `/a~1b/0`."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in keys)


def parts(at: str) -> list[str]:
    """The keys and indices of a JSON pointer, unescaped: `/a~1b/0` -> `["a/b", "0"]`.

    Raises:
        LookupError: it is no JSON pointer.
    """
    start, *escaped = at.split("/")
    if start:
        raise LookupError(f"{at!r} is no JSON pointer: it must be empty or start with a slash")
    return [part.replace("~1", "/").replace("~0", "~") for part in escaped]


def lookup(value: Json, at: str) -> Json:
    """The part of a JSON value at a JSON pointer.

    Raises:
        LookupError: the value has no such part.
    """
    for part in parts(at):
        value = _member(value, part)
    return value


def _member(value: Json, key: str) -> Json:
    if isinstance(value, dict):
        return value[key]
    if isinstance(value, list) and re.fullmatch(r"0|[1-9][0-9]*", key):
        return value[int(key)]
    raise LookupError(key)


def remembered(function: Callable[[Json], Iterable[T]]) -> Callable[[Json], tuple[T, ...]]:
    """A function of a document, which nobody changes; the results for the latest documents are kept."""
    known: list[tuple[Json, tuple[T, ...]]] = []

    @functools.wraps(function)
    def remembering(document: Json) -> tuple[T, ...]:
        for of, result in reversed(known):
            if of is document:
                return result
        result = tuple(function(document))
        known.append((document, result))
        del known[:-MOST_REMEMBERED]
        return result

    return remembering


def read(path: Path) -> Source:
    """Read a YAML file, or a JSON file if its name ends in `.json`.

    Raises:
        DocumentError: the file is missing, is not UTF-8, is not YAML or JSON, or has no equivalent in JSON.
    """
    text = read_text(path)
    return _read_json(path, text) if path.suffix == ".json" else _read_yaml(path, text)


def read_text(path: Path) -> str:
    """Read a text file.

    Raises:
        DocumentError: the file cannot be read, or is not UTF-8.
    """
    try:
        content = path.read_bytes()
        return content.decode().replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line, before = content.count(b"\n", 0, error.start) + 1, content[: error.start].rpartition(b"\n")[2]
        where = f"{path}:{line}:{len(before) + 1}"
        raise DocumentError(f"{where}: cannot be read: the byte {content[error.start]:#x} is not UTF-8") from None


def dump(value: Json, *, as_json: bool = False) -> str:
    """A JSON value as YAML, or as indented JSON, which `read` reads as the same value."""
    if as_json:
        return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    text = _dump_yaml(value, allow_unicode=True)
    next_line = "\x85"  # the emitter does not escape it, and readers take it for a line break
    return _dump_yaml(value, allow_unicode=False) if next_line in text else text


def _dump_yaml(value: Json, *, allow_unicode: bool) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=allow_unicode, width=120)


def _read_json(path: Path, text: str) -> Source:
    refused: list[str] = []

    def once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        value = dict(pairs)
        if len(value) < len(pairs):
            refused.append(f"{path}: a key stands twice in the object with the keys {list(value)}; keep one")
        return value

    try:
        value = json.loads(text, object_pairs_hook=once)
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise DocumentError(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from None
    except UnicodeEncodeError:
        raise DocumentError(f"{path}: holds half of a surrogate pair; write the whole character") from None
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{path}: {_UNREADABLE}: {error}") from None
    if refused:
        raise DocumentError("\n".join(refused))
    return Source(path, value, {})


_UNREADABLE = "holds a number that is not finite or too long, or is nested too deep"


def _read_yaml(path: Path, text: str) -> Source:
    reader = _YamlReader(path)
    try:
        _refuse_events(path, text)
        node = _Loader(text).get_single_node()
        return reader.source(node) if node else Source(path, None, {"": (1, 1)})
    except yaml.YAMLError as error:
        raise DocumentError(_not_yaml(path, text, error)) from None


def _refuse_events(path: Path, text: str) -> None:
    """Refuse nesting that would end the process in the C library, and half characters, which only that refuses."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            rule = f"nested deeper than {_DEEPEST} objects and arrays; make it flatter"
        elif isinstance(event, yaml.ScalarEvent) and _SURROGATE.search(event.value):
            rule = "not YAML: half of a surrogate pair; write the whole character"
        else:
            continue
        mark = event.start_mark
        raise DocumentError(f"{path}:{mark.line + 1}:{mark.column + 1}: {rule}" if mark else f"{path}: {rule}")


_SURROGATE = re.compile(r"[\ud800-\udfff]")
_DEEPEST = 200
_MOST = 200_000


def _not_yaml(path: Path, text: str, error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        line, column = error.problem_mark.line + 1, error.problem_mark.column + 1
        return f"{path}:{line}:{column}: not YAML: {error.problem}"
    before = text[: getattr(error, "position", 0)]
    return f"{path}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}: not YAML: {error}"


class _YamlReader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.places: dict[str, tuple[int, int]] = {}
        self._open: list[yaml.Node] = []
        self._refused: dict[str, None] = {}  # an ordered set, since an alias repeats what is wrong

    def source(self, node: yaml.Node) -> Source:
        value = self.value(node, "")
        if self._refused:
            raise DocumentError("\n".join(self._refused))
        return Source(self.path, value, self.places)

    def value(self, node: yaml.Node, at: str) -> Json:
        self.places[at] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if len(self.places) > _MOST:
            raise DocumentError(self._line(node, f"aliases make this more than {_MOST} values; write out less"))
        if node in self._open:
            self._refuse(node, "an alias stands inside the value that it names; write the value out")
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if node.tag not in (_TAG + "map", _TAG + "seq"):
            self._refuse(node, f"the tag {node.tag!r} is not JSON; leave it out")
        self._open.append(node)
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.value(item, f"{at}{pointer(index)}") for index, item in enumerate(node.value)]
            return self._mapping(node, at)
        finally:
            self._open.pop()

    def _mapping(self, node: yaml.Node, at: str) -> dict[str, Json]:
        result: dict[str, Json] = {}
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag.removeprefix(_TAG) not in {"str", *_CORE_SCHEMA}:
                self._refuse(key, "a key must be a string, without a tag")
                continue
            if key.value == "<<" and not key.style:
                self._refuse(key, "'<<' merges in YAML 1.1 alone; write the mapping out, or quote the key")
            if key.value in result:
                self._refuse(key, f"the key {key.value!r} stands twice in one mapping; keep one")
            result[key.value] = self.value(item, f"{at}{pointer(key.value)}")
        return result

    def _scalar(self, node: yaml.ScalarNode) -> Json:
        kind = node.tag.removeprefix(_TAG)
        if kind == "str":
            return node.value
        if kind not in _CORE_SCHEMA or not _CORE_SCHEMA[kind].pattern.fullmatch(node.value):
            self._refuse(node, f"{node.value!r} of the tag {node.tag!r} is not JSON; leave the tag out")
            return None
        try:
            value = _CORE_SCHEMA[kind].read(node.value)
            str(value)  # fails for an integer with more digits than Python converts
        except ValueError:
            value = math.inf
        if isinstance(value, float) and not math.isfinite(value):
            self._refuse(node, f"{node.value[:40]} is not a number or too large a number")
            return None
        return value

    def _refuse(self, node: yaml.Node, rule: str) -> None:
        self._refused[self._line(node, rule)] = None

    def _line(self, node: yaml.Node, rule: str) -> str:
        return f"{self.path}:{node.start_mark.line + 1}:{node.start_mark.column + 1}: {rule}"


def _integer(text: str) -> int:
    return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))


@dataclass(frozen=True)
class _Kind:
    pattern: re.Pattern[str]
    first: list[str]
    """The characters that a scalar of this kind may begin with."""
    read: Callable[[str], Json]


_TAG = "tag:yaml.org,2002:"

_CORE_SCHEMA = {
    "null": _Kind(re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""], lambda _: None),
    "bool": _Kind(
        re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), list("tTfF"), lambda text: text.lower() == "true"
    ),
    "int": _Kind(re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z"), list("-+0123456789"), _integer),
    "float": _Kind(
        re.compile(
            r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z|[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z"
        ),
        list("-+.0123456789"),
        float,
    ),
}
"""The plain scalars that are not strings (YAML 1.2.2, chapter 10.3)."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the class is chosen at run time
    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


class _Dumper(yaml.SafeDumper):
    """Quotes strings that YAML 1.1 or 1.2 would read as another type."""

    def ignore_aliases(self, data: Json) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


def _block_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(_TAG + "str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _block_text)
for _name, _kind in _CORE_SCHEMA.items():
    for _class in (_Loader, _Dumper):
        _class.add_implicit_resolver(_TAG + _name, _kind.pattern, _kind.first)
