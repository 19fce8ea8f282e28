"""Prints what a run would test of a target file's server, and what not; sends nothing.

python -m contract_tests.target FILE
python -m contract_tests.target --new FILE
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from contract_tests.report.plan import plan
from contract_tests.run import SOURCE, Run
from contract_tests.target.file import Target, TargetError, read_target
from contract_tests.target.skeleton import skeleton
from ventia_document import printing

_EXAMPLES, _FEW_EXAMPLES = 100, 10  # as a run draws them


def main(arguments: Sequence[str] | None = None) -> int:
    """Print or write what the arguments say; 4 for a file that cannot be tested."""
    printing.escape()
    parser = argparse.ArgumentParser(
        prog="python -m contract_tests.target", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a target file (TOML)")
    parser.add_argument("--new", action="store_true", help="write the file, with every key explained")
    options = parser.parse_args(arguments)
    try:
        lines = _written(options.file) if options.new else list(_described(options.file))
    except TargetError as error:
        sys.stderr.write(f"{error}\n")
        return 4
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _written(path: Path) -> list[str]:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(skeleton())
    except OSError as error:
        raise TargetError(f"{path}: cannot be written: {error.strerror}") from None
    return [f"{path}: fill it in, and see with `python -m contract_tests.target {path}` what it would test"]


def _described(path: Path) -> Iterator[str]:
    target = read_target(path, SOURCE.value.get("x-rate-limit"))
    is_thin = target.safety is not None
    run = Run(target, False, "", 0, _FEW_EXAMPLES if is_thin else _EXAMPLES, is_thin, "make contract")
    try:
        rows = run.rows
    except TargetError as error:
        raise TargetError(f"{path}: {error}") from None
    yield from plan(run)
    yield f"key: the variable {target.api_key_env} {'is' if os.environ.get(target.api_key_env) else 'is not'} set"
    tested = [row.name for row in rows if row.kept or row.broken]
    yield f"would be tested: {len(tested)} of {len(rows)} rules: {', '.join(tested)}"
    for why in dict.fromkeys(row.why_not for row in rows if row.why_not):
        yield f"not tested, or not in full: {', '.join(row.name for row in rows if row.why_not == why)}: {why}"
    yield from _deviations(target)
    yield "nothing was sent"


def _deviations(target: Target) -> Iterator[str]:
    for each in target.accepted:
        yield f"accepted until {each.until}: {each.rule}: {each.reason}"


if __name__ == "__main__":
    sys.exit(main())
