"""Compares the public names of two versions of the generated package, with griffe."""

from __future__ import annotations

import ast
import re
import tempfile
from collections.abc import Iterator, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools import provenance
from tools.diff.changes import NAMES, RENAMES, Change, Effects

if TYPE_CHECKING:
    import griffe


def compare(base: Path, now: Path, shown: tuple[str, str]) -> list[Change]:
    """The changes of public names from one folder of a package to another.

    Args:
        shown: names for the folders above the two packages, for messages.
    """
    old_files, new_files = provenance.files(base), provenance.files(now)
    every = {path for path in {*old_files, *new_files} if path.endswith(".py")}
    changed = {path for path in every if old_files.get(path) != new_files.get(path)}
    private = {path for path in changed if _is_private(path.replace("/", "."))}
    # A private class may be the base of a public one in a module that has not changed.
    changed = every if any(_classes(base / path) != _classes(now / path) for path in private) else changed - private
    if not changed:
        return []
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(folder) / name / base.name for name in ("base", "now")]
        # Of a new module nothing but its own name is reported.
        _copy(base, changed, copies[0], empty=set())
        _copy(now, changed, copies[1], empty=new_files.keys() - old_files.keys())
        old, new = map(_loaded, copies)
        folders = {copy.parent: name for copy, name in zip(copies, shown, strict=True)}
        broken = list(_broken(old, new, folders))
        broken += [change for change in _moved(old, new, folders) if change.at not in {each.at for each in broken}]
        known = {change.at for change in broken}
        lost = [change for change in _names(new, old, folders, "removed", RENAMES) if change.at not in known]
        return [*broken, *lost, *_names(old, new, folders, "added", NAMES)]


def _classes(module: Path) -> set[str]:
    text = module.read_text(encoding="utf-8") if module.exists() else ""
    found = ast.walk(ast.parse(text)) if re.search(r"^\s*class \w", text, re.M) else ()
    return {ast.dump(node) for node in found if isinstance(node, ast.ClassDef)}


def _copy(package: Path, paths: Set[str], to: Path, empty: Set[str]) -> None:
    """Copy the modules of a package at some paths, and the packages around them; griffe takes its time for each."""
    around = {str(folder / "__init__.py") for path in paths for folder in Path(path).parents}
    for path in paths | around:
        if (package / path).exists():
            (to / path).parent.mkdir(parents=True, exist_ok=True)
            is_empty = path in empty and not path.endswith("__init__.py")
            (to / path).write_bytes(b"" if is_empty else (package / path).read_bytes())


def _loaded(package: Path) -> griffe.Module:
    import griffe  # not at the top: importing it takes as long as all else

    module = griffe.load(package.name, search_paths=[package.parent], try_relative_path=False, allow_inspection=False)
    assert isinstance(module, griffe.Module)
    return module


def _broken(old: griffe.Module, new: griffe.Module, folders: dict[Path, str]) -> Iterator[Change]:
    import griffe

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


def _names(
    there: griffe.Module, here: griffe.Module, folders: dict[Path, str], what: str, effects: Effects
) -> Iterator[Change]:
    """Names that only one of the packages has, without those inside a module or class that only it has.

    griffe ignores a name that is still there, but no longer exported.
    """
    known = dict(_public(there))
    for path, item in _public(here):
        if path not in known and (path.rpartition(".")[0] in known or path.count(".") == 1):
            message = f"`{path}` is {'new' if what == 'added' else 'no longer public'}"
            yield Change(f"public-name-{what}", effects, message, path, _place(item, folders))


def _moved(old: griffe.Module, new: griffe.Module, folders: dict[Path, str]) -> Iterator[Change]:
    """Functions and constructors that take positional arguments in another order, which griffe passes over."""
    known = dict(_public(old))
    for path, item in _public(new):
        before, after = _positional(known.get(path)), _positional(item)
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


def _public(item: griffe.Module | griffe.Class) -> Iterator[tuple[str, griffe.Object | griffe.Alias]]:
    yield item.path, item
    for member in item.members.values():
        if member.is_public and not _is_private(member.path):
            if not member.is_alias and (member.is_module or member.is_class):
                yield from _public(member)  # type: ignore[arg-type]  # as the line above makes sure
            else:
                yield member.path, member


def _is_private(path: str) -> bool:
    return any(part.startswith("_") and not part.endswith("__") for part in path.split("."))


def _place(item: griffe.Object | griffe.Alias, folders: dict[Path, str]) -> str:
    """File and line; the file is named as in the package's origin."""
    import griffe

    if isinstance(item, griffe.Alias) and item.parent:
        path, line = str(item.parent.filepath), item.alias_lineno or item.parent.lineno
    else:
        path, line = str(item.filepath), item.lineno
    for folder, name in folders.items():
        path = path.replace(f"{folder}/", name)
    return f"{path}:{line or 1}"
