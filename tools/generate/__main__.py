"""Writes the client from the document, or checks that the client there is what would be written.

python -m tools.generate [--check]
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import atomic, provenance
from tools.generate.errors import GenerationError
from tools.places import PACKAGE, ROOT
from ventia_document import DOCUMENT, printing
from ventia_document.source import DocumentError


def main(
    argv: Sequence[str] | None = None, *, root: Path = ROOT, document: Path = DOCUMENT, package: Path = PACKAGE
) -> int:
    """Generate or check the client; exit code 0 if it is current afterwards, else 1."""
    printing.escape()
    parser = argparse.ArgumentParser(prog="python -m tools.generate", description="Write the client from the document.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the client would differ")
    check = parser.parse_args(argv).check
    try:
        if not check and provenance.is_current(root, package):
            return 0
        from tools.generate.package import build  # importing the generator takes a second

        with atomic.staged(package) as fresh:
            build(root, document, fresh)
            return _compare(fresh, package, root) if check else _replace(fresh, package, root, document)
    except (DocumentError, GenerationError) as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(atomic.why(error), file=sys.stderr)
    return 1


def _compare(fresh: Path, package: Path, root: Path) -> int:
    differing = provenance.differing(provenance.hashes(fresh), provenance.hashes(package))
    for name in differing:
        path = package.relative_to(root) / name
        print(f"{path} is not what the document and its overlays make: run make generate", file=sys.stderr)
    return 1 if differing else 0


def _replace(fresh: Path, package: Path, root: Path, document: Path) -> int:
    atomic.put(fresh, package)
    print(f"{package.relative_to(root)} was written from {document.relative_to(root)}")
    return 0


if __name__ == "__main__":
    gc.disable()  # which takes a fifth of the time, and frees next to nothing before the end
    sys.exit(main())
