"""Report the changes of the document since a git revision, and whether its version and the changelog cover them.

Exit code 0: covered, or nothing changed; 1: not covered, or an entry of openapi/accepted-changes.yaml accepts no
change any more; 2: the comparison failed.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tools import provenance
from tools.diff import accepted, document, report, version
from tools.diff.changes import Change, Effect
from tools.diff.revision import Revision, RevisionError
from tools.places import ROOT
from ventia_document import printing
from ventia_document.check import read_sound
from ventia_document.source import DocumentError

DOCUMENT = Path("openapi/ventia.yaml")
PACKAGE = Path(provenance.PACKAGE)
CHANGELOG = Path("CHANGELOG.md")
ACCEPTED = Path("openapi/accepted-changes.yaml")


def main(argv: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the command in a checkout; the result is its exit code."""
    printing.escape()
    arguments = _parser().parse_args(argv)
    try:
        result = _report(root, arguments.base)
    except (RevisionError, DocumentError, OSError, ValueError) as error:
        print(str(error).replace(f"{root}/", ""), file=sys.stderr)
        return 2
    print(report.FORMATS[arguments.format](result), end="")
    return 0 if result.is_covered else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.diff", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base", metavar="BASE", help="the git revision to compare with: a commit, a tag or a branch")
    parser.add_argument(
        "--format", choices=report.FORMATS, default="text", help="the format of the report (%(default)s)"
    )
    return parser


def _report(root: Path, name: str) -> report.DiffReport:
    revision = Revision(root, name)
    now = replace(read_sound(root / DOCUMENT), path=DOCUMENT)
    if not provenance.is_current(root, root / PACKAGE):
        raise RevisionError(
            f"{PACKAGE} is not what the document makes, so its names cannot be compared: run make generate"
        )
    with tempfile.TemporaryDirectory() as folder:
        base = revision.document(DOCUMENT, Path(folder))
        changes = document.compare(base, now)
        names = _package(root, revision, Path(folder))
    entries = [each._replace(place=each.place.replace(f"{root}/", "")) for each in accepted.entries(root / ACCEPTED)]
    changes, names = accepted.marked(changes, entries), names and accepted.marked(names, entries)
    every = [*changes, *(names or [])]
    changelog = (root / CHANGELOG).read_text(encoding="utf-8") if (root / CHANGELOG).exists() else ""
    old, new = (str(source.value["info"]["version"]) for source in (base, now))
    verdict = version.judge(max((each.effect for each in every), default=Effect.NONE), old, new, changelog)
    return report.DiffReport(name, changes, names, verdict, accepted.stale(every, entries))


def _package(root: Path, revision: Revision, folder: Path) -> list[Change] | None:
    """The changes of the package's names; None if the revision has no package."""
    old, new = revision.unpacked(PACKAGE, folder), root / PACKAGE
    if old is None:
        return None
    if provenance.files(old) == provenance.files(new):
        return []
    from tools.diff import package  # not at the top: importing griffe takes as long as all else

    return package.compare(old, new, (f"{revision.name}:{PACKAGE.parent}/", f"{PACKAGE.parent}/"))


if __name__ == "__main__":
    gc.disable()  # which would look for circles through two documents again and again, half of the time of large ones
    sys.exit(main())
