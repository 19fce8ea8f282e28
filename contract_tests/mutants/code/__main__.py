"""Runs the suite against stand-ins with one change of their code that nobody chose.

    python -m contract_tests.mutants.code [--seed N] [--all] [--only WORDS]

A change that survives makes no difference that a client could see, with the reason in `equivalent.toml`, or it shows a
rule that the suite lacks. Without `--all` it ends after some minutes, having tested some of them, drawn by the seed.
"""

from __future__ import annotations

import argparse
import gc
import math
import random
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from contract_tests import conftest
from contract_tests.mutants.code.changes import Change, changes, served
from contract_tests.mutants.stand_in_run import stand_in_run
from contract_tests.mutants.testing import SERVERS_SIDE, Outcome, of_each, tested
from contract_tests.options import Subject
from ventia_document import printing

EQUIVALENT = Path(__file__).with_name("equivalent.toml")
_STAGES = (["test_rules.py", "--few"], *SERVERS_SIDE)  # most are found by a few requests for each rule


def main(arguments: Sequence[str] | None = None) -> int:
    """Test the changes; 1 if one survives and no reason is known, or one with a reason does not."""
    printing.escape()
    parser = argparse.ArgumentParser(prog="python -m contract_tests.mutants.code", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.getrandbits(32), help="seed of everything that is drawn")
    parser.add_argument("--all", action="store_true", help="test every change, however long it takes")
    parser.add_argument("--minutes", type=float, default=1.5, help="after which no other is begun")
    parser.add_argument("--only", default="", metavar="WORDS", help="only changes whose names contain these words")
    options = parser.parse_args(arguments)
    reasons = equivalents()
    every = {change.name: change for change in changes() if options.only in change.name}
    waiting = [name for name in every if options.all or name not in reasons]
    random.Random(options.seed).shuffle(waiting)
    assert conftest
    assert stand_in_run(options.seed).rows and stand_in_run(options.seed, is_thin=True).rows  # noqa: PT018 - one purpose
    gc.freeze()
    seconds = math.inf if options.all else options.minutes * 60
    outcomes = of_each("changes", waiting, lambda name: _outcome(every[name], options.seed), seconds)
    return _report(outcomes, reasons, len(every), options.seed)


def equivalents() -> Mapping[str, str]:
    """The changes that make no difference, by name, with the reasons."""
    value = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))
    return {each["change"]: each["reason"] for each in value.get("equivalent", ())}


def _outcome(change: Change, seed: int) -> Outcome:
    try:
        app = served(change)
    except Exception:  # a change may make the stand-in raise anything
        return Outcome("does not start")
    return tested(_STAGES, seed, Subject(app, shrinks=False))


def _report(outcomes: Mapping[str, Outcome], reasons: Mapping[str, str], count: int, seed: int) -> int:
    console = Console(soft_wrap=True, markup=False, highlight=False)
    survivors = [name for name, outcome in outcomes.items() if not outcome.by and name not in reasons]
    killed = [name for name, outcome in outcomes.items() if outcome.by and name in reasons]
    for name in survivors:
        console.print(f"survives: {name}")
    for name in killed:
        console.print(f"is killed by {outcomes[name].by}, and is called equivalent: {name}")
    found = sum(bool(outcome.by) for outcome in outcomes.values())
    console.print(
        f"seed {seed}; changes that nobody chose: {found} of {len(outcomes)} killed, {len(reasons)} known to make no "
        f"difference, {count - len(outcomes.keys() | reasons.keys())} not tested"
    )
    return 1 if survivors or killed else 0


if __name__ == "__main__":
    sys.exit(main())
