"""The record of a generated package: hashes of its inputs, the tools' versions, the API's version, hashes of its files.

python tools/provenance.py

exits with 0 if the client is what its inputs make, else with 1. Made for `python -S`, which starts fast, it imports as
little as it can: make runs it each time.
"""

from __future__ import annotations

import hashlib
import os
import sys

TYPE_CHECKING = False  # importing it from `typing` would take longer than everything else
if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    Folder = PathLike[str] | str

PACKAGE = "generated/ventia_client"
"""The client's path from the root."""
NAME = "PROVENANCE.json"
VERSION = r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)"
"""The form of the API's version: three numbers, valid in every place that the version is copied to."""
TOOLS = ("openapi-python-client", "ruff")

_INPUTS = (
    ("LICENSE", ""),
    ("openapi/ventia.yaml", ""),
    ("overlays/document/client.yaml", ""),
    ("overlays/package/config.yaml", ""),
    ("overlays/package/runtime", ".py"),
    ("overlays/package/templates", ".jinja"),
    ("ventia_document", ".json"),
)
"""Files, or folders with the suffix of the files that are read; the code that reads them is found by its imports."""

_CODE = ("tools", "ventia_document")
_GENERATE = "tools/generate/__main__.py"


def locked_versions(root: Folder) -> dict[str, str]:
    """The versions of the tools in `requirements.lock`."""
    with open(os.path.join(root, "requirements.lock"), encoding="utf-8") as lock:
        pinned = [line.split()[0].partition("==") for line in lock if "==" in line]
    return {name: version for name, _, version in pinned if name in TOOLS}


def is_current(root: Folder, package: Folder) -> bool:
    """Whether a package was made from the current inputs, and has not been changed since."""
    try:
        with open(os.path.join(package, NAME), encoding="utf-8") as record:
            recorded = record.read()
        return recorded == _record(root, package, _recorded_code(recorded))
    except (OSError, UnicodeDecodeError):
        return False


def read(package: Folder) -> dict[str, object] | None:
    """The record in a package; None if it is missing or cannot be read."""
    import json

    try:
        with open(os.path.join(package, NAME), "rb") as file:
            record = json.load(file)
    except (OSError, ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def write(root: Folder, package: Folder) -> None:
    """Write the record of a package into it."""
    with open(os.path.join(package, NAME), "w", encoding="utf-8") as record:
        record.write(_record(root, package, code(root)))


def code(root: Folder) -> list[str]:
    """The project's own modules that generating uses: the command and its imports, read from the modules' texts."""
    import ast

    found: set[str] = set()
    left = [_GENERATE]
    while left:
        path = left.pop()
        if path in found or not os.path.isfile(os.path.join(root, path)):
            continue
        found.add(path)
        with open(os.path.join(root, path), encoding="utf-8") as module:
            names = [name for node in ast.walk(ast.parse(module.read())) for name in _imported(node)]
        parts = [name.split(".") for name in names if name.split(".")[0] in _CODE]
        stems = {"/".join(each[:end]) for each in parts for end in range(1, len(each) + 1)}
        left += [stem + ending for stem in stems for ending in (".py", "/__init__.py")]
    return sorted(found)


def _imported(node: object) -> list[str]:
    """The modules that a statement may import; a name imported from a package may be a module."""
    import ast

    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module, *[f"{node.module}.{each.name}" for each in node.names]]
    return []


def files(package: Folder) -> dict[str, str]:
    """Hashes by path of the files of a package, without its record."""
    return {path: digest for path, digest in hashes(package).items() if path != NAME}


def hashes(folder: Folder) -> dict[str, str]:
    """SHA-256 by path of all files of a folder, however a checkout ends their lines; links have other values.

    Without what file managers and editors leave there: hidden files and the like.
    """
    return {path: _digest(os.path.join(folder, path)) for path in sorted(_paths(folder))}


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """The paths whose hashes differ between two folders."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def is_left_behind(name: str) -> bool:
    """Whether a file or folder is what Python, a file manager or an editor leaves, by its name."""
    return name.startswith(".") or name in ("__pycache__", "Thumbs.db", "desktop.ini")


def _paths(folder: Folder) -> Iterator[str]:
    for above, folders, names in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(above, name))]
        folders[:] = [name for name in folders if not is_left_behind(name)]
        for name in (*names, *links):
            if not is_left_behind(name):
                yield os.path.relpath(os.path.join(above, name), folder).replace(os.sep, "/")


def _digest(path: str) -> str:
    """The hash of a file; for a link another hash than its target's, for other entries a text that is no hash."""
    if not os.path.isfile(path):
        return "not a file"
    with open(path, "rb") as file:
        content = file.read().replace(b"\r\n", b"\n")
    return hashlib.sha256(b"a link" * os.path.islink(path) + content).hexdigest()


def _recorded_code(record: str) -> list[str]:
    """The modules in a record. Another one is an input only if one of these has changed, so as to import it."""
    names = [line.split('"')[1] for line in record.splitlines() if line.count('"') == 4]
    return [name for name in names if name.split("/")[0] in _CODE and name.endswith(".py")]


def _record(root: Folder, package: Folder, code: list[str]) -> str:
    """The record as JSON. It escapes nothing: generated names need no escape."""
    inputs = {path: _digest(os.path.join(root, path)) for path in sorted([*_inputs(root), *code])}
    parts = {"inputs": inputs, "versions": locked_versions(root), "files": files(package)}
    written = [f'"{name}": {{\n{_members(part)}\n  }}' for name, part in parts.items()]
    return "{\n  " + ",\n  ".join([f'"api_version": "{_api_version(package)}"', *written]) + "\n}\n"


def _members(part: dict[str, str]) -> str:
    return ",\n".join(f'    "{name}": "{value}"' for name, value in part.items())


def _inputs(root: Folder) -> Iterator[str]:
    for path, ending in _INPUTS:
        if not ending:
            yield path
            continue
        for name in _paths(os.path.join(root, path)):
            if name.endswith(ending):
                yield f"{path}/{name}"


def _api_version(package: Folder) -> str:
    """The version of the API that a package is for; empty if it has none."""
    start, path = 'VERSION = "', os.path.join(package, "_runtime/document.py")
    if not os.path.isfile(path):
        return ""
    with open(path, encoding="utf-8") as said:
        return next((line[len(start) :].rstrip()[:-1] for line in said if line.startswith(start)), "")


if __name__ == "__main__":
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.exit(not is_current(root, os.path.join(root, PACKAGE)))
