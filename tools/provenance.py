"""What a generated package was made from: a hash of every input, the tools' versions, and a hash of every file made.

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
TOOLS = ("openapi-python-client", "ruff")

_INPUTS = (
    "openapi/*.yaml",
    "overlays/document/client.yaml",
    "overlays/package/**/*",
    "tools/generate.py",
    "tools/overlay*.py",
    "tools/package.py",
    "tools/provenance.py",
    "tools/rules.py",
    "tools/samples.py",
    "tools/whole.py",
    "ventia_document/operations.py",
    "ventia_document/samples.py",
    "ventia_document/schemas.py",
    "ventia_document/source.py",
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
    return record is not None and {**record, **inputs(root), "files": files(package)} == record


def read(package: Path) -> dict[str, object] | None:
    """The record in a package; None if there is none that can be read."""
    try:
        record = json.loads((package / NAME).read_bytes())
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def write(root: Path, package: Path, api_version: str) -> None:
    """Record what a package was made from, in the package."""
    record = {"api_version": api_version, **inputs(root), "files": files(package)}
    (package / NAME).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def files(package: Path) -> dict[str, str]:
    """Hashes by path of the files of a package, but for this record."""
    return {path: digest for path, digest in hashes(package).items() if path != NAME}


def hashes(folder: Path, *patterns: str) -> dict[str, str]:
    """SHA-256 by path of the files of a folder that match one of the patterns, or of all."""
    paths = {path for pattern in patterns or ("**/*",) for path in folder.glob(pattern)}
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(paths)
        if path.is_file() and "__pycache__" not in path.parts
    }


if __name__ == "__main__":
    sys.exit(not is_current(ROOT, PACKAGE))
