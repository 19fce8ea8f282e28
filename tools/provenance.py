"""What a generated package was made from: a hash of every input and the tools' versions; and what was made: the API's
version, and a hash of every file.

python tools/provenance.py

exits with 0 if the client there is what its inputs make, else with 1. It needs the standard library alone, so that
`python -S`, which starts sooner, can say for make that there is nothing to do.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "generated" / "ventia_client"
NAME = "PROVENANCE.json"
VERSION = r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)"
"""The form of an API's version: three numbers, which all that bears the version can bear."""
TOOLS = ("openapi-python-client", "ruff")

_INPUTS = (
    "openapi/*.yaml",
    "overlays/document/client.yaml",
    "overlays/package/config.yaml",
    "overlays/package/runtime/[!.]*.py",
    "overlays/package/templates/[!.]*.jinja",
    "tools/generate.py",
    "tools/lint/linted.py",
    "tools/lint/service.py",
    "tools/overlay*.py",
    "tools/package.py",
    "tools/provenance.py",
    "tools/refusals.py",
    "tools/rules.py",
    "tools/samples.py",
    "tools/whole.py",
    "ventia_document/*.json",
    "ventia_document/*.py",
    "LICENSE",
)


def inputs(root: Path) -> dict[str, object]:
    """Hashes by path of all that decides what is generated, and the locked versions of the tools."""
    return {"inputs": hashes(root, *_INPUTS), "versions": locked_versions(root)}


def locked_versions(root: Path) -> dict[str, str]:
    """The versions of the tools in `requirements.lock`."""
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    return dict(re.findall(rf"^({'|'.join(TOOLS)})==(\S+)", lock, re.M))


def is_current(root: Path, package: Path) -> bool:
    """Whether a package was made from today's inputs, and no file of it has changed since."""
    record = read(package)
    return record is not None and record == _made(root, package)


def read(package: Path) -> dict[str, object] | None:
    """The record in a package; None if there is none that can be read."""
    try:
        record = json.loads((package / NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def write(root: Path, package: Path) -> None:
    """Record what a package was made from, in the package."""
    (package / NAME).write_text(json.dumps(_made(root, package), indent=2) + "\n", encoding="utf-8")


def _made(root: Path, package: Path) -> dict[str, object]:
    return {"api_version": _api_version(package), **inputs(root), "files": files(package)}


def _api_version(package: Path) -> str | None:
    """The version of the document that a package was made from; None if it does not say."""
    try:
        said = (package / "_document.py").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    found = re.search(r'^VERSION = "(.*)"$', said, re.M)
    return found and found[1]


def files(package: Path) -> dict[str, str]:
    """Hashes by path of the files of a package, but for this record."""
    return {path: digest for path, digest in hashes(package).items() if path != NAME}


def hashes(folder: Path, *patterns: str) -> dict[str, str]:
    """SHA-256 by path of the files of a folder that match one of the patterns, or of all."""
    found = {path for pattern in patterns or ("**/*",) for path in folder.glob(pattern)}
    paths = {path.relative_to(folder): path for path in sorted(found) if path.is_symlink() or not path.is_dir()}
    return {name.as_posix(): _digest(path) for name, path in paths.items() if "__pycache__" not in name.parts}


def _digest(path: Path) -> str:
    """The hash of a file; of a link to one another than the file has, and of what is none no hash."""
    if not path.is_file():
        return "not a file"
    return hashlib.sha256(b"a link" * path.is_symlink() + path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(not is_current(ROOT, PACKAGE))
