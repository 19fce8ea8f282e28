"""Compares the public names of two versions of the generated package, with griffe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import griffe

from tools.diff.changes import NAMES, RENAMES, Change, Effects

Item: TypeAlias = griffe.Object | griffe.Alias


def compare(base: Path, now: Path, shown: tuple[str, str]) -> list[Change]:
    """The changes of public names from one folder of a package to another.

    Args:
        shown: names for the folders above the two packages, for messages.
    """
    folders = {f"{base.parent}/": shown[0], f"{now.parent}/": shown[1]}
    old, new = (
        griffe.load(folder.name, search_paths=[folder.parent], try_relative_path=False, allow_inspection=False)
        for folder in (base, now)
    )
    names = dict(_public(old)), dict(_public(new))
    broken = list(_broken(old, new, folders))
    found = {change.at for change in broken}
    others = [*_moved(*names, folders), *_single(*names, folders, "removed", RENAMES)]
    added = _single(*names[::-1], folders, "added", NAMES)
    return [*broken, *(change for change in others if change.at not in found), *added]


def _broken(old: Item, new: Item, folders: dict[str, str]) -> Iterator[Change]:
    for breakage in griffe.find_breaking_changes(old, new):
        path = breakage.obj.path
        if not _is_private(path):
            what = breakage.kind.name.lower().replace("_", "-")
            message = f"`{path}`: {breakage.kind.value[0].lower()}{breakage.kind.value[1:]}{_values(breakage)}"
            yield Change(what, RENAMES, message, path, _place(breakage.obj, folders), finder="griffe")


def _values(breakage: griffe.Breakage) -> str:
    old, new = (getattr(value, "name", value) for value in (breakage.old_value, breakage.new_value))
    if breakage.kind.name.startswith("PARAMETER"):
        return f" ({old or new})"
    return "" if new is None else f" (was {old}, is {new})"


def _single(
    here: dict[str, Item], there: dict[str, Item], folders: dict[str, str], verb: str, effects: Effects
) -> Iterator[Change]:
    """Names that only one of the packages has, without those inside a module or class that only it has.

    griffe ignores a name that is still there, but no longer exported.
    """
    for path, item in here.items():
        if path not in there and path.rpartition(".")[0] in there:
            message = f"`{path}` is {'new' if verb == 'added' else 'no longer public'}"
            yield Change(f"public-name-{verb}", effects, message, path, _place(item, folders))


def _moved(old: dict[str, Item], new: dict[str, Item], folders: dict[str, str]) -> Iterator[Change]:
    """Functions and constructors that take positional arguments in another order, which griffe passes over."""
    for path, item in new.items():
        before, after = _positional(old.get(path)), _positional(item)
        if before != after[: len(before)]:
            message = f"`{path}`: positional arguments were ({', '.join(before)}), are ({', '.join(after)})"
            yield Change("positional-arguments-changed", RENAMES, message, path, _place(item, folders))


def _positional(item: Any) -> list[str]:
    """The parameters that a function, or the constructor that is made of a class's fields, takes by their place."""
    if item is None or item.is_alias:
        return []
    if item.is_function:
        return [each.name for each in item.parameters if "positional" in each.kind.value]
    made_by = (
        [str(each.value) for each in item.decorators] + [str(each) for each in item.bases] if item.is_class else []
    )
    if not re.search(r"define|frozen|NamedTuple", " ".join(made_by)):
        return []
    fields = [each for each in item.members.values() if each.is_attribute and "property" not in each.labels]
    return [each.name for each in fields if not re.search(r"kw_only=True|init=False", str(each.value))]


def _public(item: Any) -> Iterator[tuple[str, Item]]:
    yield item.path, item
    for member in item.members.values():
        if member.is_public and not _is_private(member.path):
            if not member.is_alias and (member.is_module or member.is_class):
                yield from _public(member)
            else:
                yield member.path, member


def _is_private(path: str) -> bool:
    return any(part.startswith("_") and not part.endswith("__") for part in path.split("."))


def _place(item: Item, folders: dict[str, str]) -> str:
    """File and line; the file is named as in the package's origin."""
    # Of a name that is imported, its own line, where griffe has that of what it leads to.
    owner, line = (item.parent, item.alias_lineno) if isinstance(item, griffe.Alias) and item.parent else (item, None)
    path = str(owner.filepath)
    for folder, name in folders.items():
        path = path.replace(folder, name)
    return f"{path}:{line or owner.lineno or 1}"
