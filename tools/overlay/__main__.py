"""Applies OpenAPI Overlays (1.0 and 1.1) to a document, in their order on the command line, and writes the result.

An action whose target selects nothing is an error: an outdated overlay must not pass for one that worked.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import atomic
from tools.overlay.document import quote
from tools.overlay.engine import apply
from ventia_document.source import DocumentError, Json, dump, read


def main(argv: Sequence[str] | None = None) -> int:
    """Write the result of the overlays; exit code 1 if one does not apply."""
    arguments = _parser().parse_args(argv)
    try:
        result = _read_object(arguments.document)
        for overlay in [read(path) for path in arguments.overlays]:
            result = apply(result, overlay, allow_unmatched=arguments.allow_unmatched)
        _write(result, arguments.out)
    except (DocumentError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except (RecursionError, UnicodeEncodeError) as error:  # nested too deep, or with half of a surrogate pair
        print(f"{arguments.document}: it or an overlay cannot be processed: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.overlay", description=__doc__)
    parser.add_argument("document", type=Path, metavar="DOCUMENT", help="the YAML or JSON file to apply them to")
    parser.add_argument("overlays", type=Path, metavar="OVERLAY", nargs="+", help="an overlay, YAML or JSON")
    parser.add_argument("-o", dest="out", type=Path, metavar="OUT", help="the file to write, JSON if it ends in .json")
    parser.add_argument("--allow-unmatched", action="store_true", help="ignore targets that select nothing")
    return parser


def _read_object(path: Path) -> Json:
    document = read(path)
    if not isinstance(document.value, dict):
        raise DocumentError(f"{document.place('')}: the document is {quote(document.value)}; it must be an object")
    return document.value


def _write(result: Json, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(dump(result).encode())
        sys.stdout.flush()
    else:
        atomic.write(out, dump(result, as_json=out.suffix == ".json").encode())


if __name__ == "__main__":
    sys.exit(main())
