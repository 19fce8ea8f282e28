"""Writes the client from the document, or checks that the one there is what it would write.

python -m tools.generate [--check]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import atomic, provenance
from tools.generate.package import GenerationError, build
from tools.places import PACKAGE, ROOT
from ventia_document import DOCUMENT
from ventia_document.source import DocumentError


def main(argv: Sequence[str] | None = None) -> int:
    """Generate or check; 0 if the package is current afterwards, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.generate", description="Write the client from the document.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the client would differ")
    check = parser.parse_args(argv).check
    try:
        if not check and provenance.is_current(ROOT, PACKAGE):
            return 0
        with atomic.staged(PACKAGE) as fresh:
            notes = build(ROOT, DOCUMENT, fresh)
            return _compare(fresh) if check else _replace(fresh, notes)
    except (DocumentError, GenerationError) as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(atomic.why(error), file=sys.stderr)
    return 1


def _compare(fresh: Path) -> int:
    differing = provenance.differing(provenance.hashes(fresh), provenance.hashes(PACKAGE))
    for name in differing:
        path = PACKAGE.relative_to(ROOT) / name
        print(f"{path} is not what the document and its overlays make: run make generate", file=sys.stderr)
    return 1 if differing else 0


def _replace(fresh: Path, notes: list[str]) -> int:
    atomic.put(fresh, PACKAGE)
    print(*notes, sep="\n", end="\n" * bool(notes), file=sys.stderr)
    print(f"{PACKAGE.relative_to(ROOT)} is written anew from {DOCUMENT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
