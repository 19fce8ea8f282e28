"""Holds recorded traffic (HAR) to the document, in both directions; sends nothing.

python -m contract_tests.check traffic.har
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from contract_tests.check.traffic import Checked, check
from contract_tests.report.renderings.faults import faults
from contract_tests.report.renderings.words import cut, visible
from contract_tests.run import EVIDENCE, OPERATIONS, SOURCE
from contract_tests.wire.traffic import read_har
from ventia_document import printing

_OF_A_RUN = "only the answers were checked, since a run of the suite sent the requests (--only=client checks those)"
_MOST_CHARACTERS = 2_000
"""Of a request or a response."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what breaks the document; 1 for a violation, 4 for a file that cannot be checked."""
    printing.escape()
    parser = argparse.ArgumentParser(prog="python -m contract_tests.check", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, metavar="FILE", help="a HAR file, of a browser, a proxy or a run's HAR=FILE")
    parser.add_argument("--only", choices=("client", "server"), help="check one side: who sent, or who answered")
    options = parser.parse_args(arguments)
    path: Path = options.file
    try:
        traffic = read_har(path.read_text("utf-8"))
        only = options.only or ("server" if traffic.is_of_a_run else None)
        checked = check(OPERATIONS, EVIDENCE, SOURCE.value, traffic.exchanges, only)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{path}: {visible(str(error))}\n")
        return 4
    if not checked.exchanges:
        sys.stderr.write(f"{path}: none of its {checked.others:,} requests is one of the document's operations\n")
        return 4
    lines = _lines(checked)
    if only != options.only:
        lines.insert(
            2, "only the answers were checked, since a run of the suite sent the requests (--only=client checks those)"
        )
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if checked.violations else 0


def _lines(checked: Checked) -> list[str]:
    found = faults(checked.violations)
    count = (
        f"{len(found):,} violation{'' if len(found) == 1 else 's'}" if found else "No violation in what was recorded"
    )
    lines = [
        count,
        f"{checked.exchanges:,} requests of the document; {checked.others:,} others, which were not checked",
    ]
    for number, fault in enumerate(found, 1):
        lines += ["", f"{number}. {fault.title} ({fault.count:,} x): {fault.breaks or fault.first.sentence}"]
        lines += [f"   {fault.first.complaint}", *fault.first.requests, fault.first.response]
    for fault in faults(checked.differences):
        lines += ["", f"differs, {fault.count:,} x, from what is assumed: {fault.first.sentence}"]
        lines += [f"   {fault.first.complaint}"]
    return [visible(cut(line, _MOST_CHARACTERS)) for line in lines]


if __name__ == "__main__":
    sys.exit(main())
