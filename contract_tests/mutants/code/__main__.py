"""Runs the suite against stand-ins with one change of their code that nobody chose.

    python -m contract_tests.mutants.code [--seed N] [--only WORDS]

A change that survives makes no difference that a client could see, with the reason in `equivalent.toml`, or it shows a
rule that the suite lacks.
"""

from __future__ import annotations

import argparse
import gc
import math
import random
import sys
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.console import Console

from contract_tests import conftest
from contract_tests.mutants.code.changes import Change, changes, served
from contract_tests.mutants.code.recording import recorded
from contract_tests.mutants.code.trying import Trial, Unchanged, tried, unchanged
from contract_tests.mutants.stand_in_run import stand_in_run
from contract_tests.mutants.testing import of_each
from ventia_document import printing

EQUIVALENT = Path(__file__).with_name("equivalent.toml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Test the changes; 1 if one survives and no reason is known, or one with a reason does not."""
    printing.escape()
    parser = argparse.ArgumentParser(prog="python -m contract_tests.mutants.code", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.getrandbits(32), help="seed of everything that is drawn")
    parser.add_argument("--only", default="", metavar="WORDS", help="only changes whose names contain these words")
    options = parser.parse_args(arguments)
    return 1 if try_changes(options.seed, options.only).wrong else 0


def try_changes(
    seed: int, words: str = "", seconds: Callable[[], float] = lambda: math.inf, *, with_reasons: bool = True
) -> Report:
    """Test the changes whose names contain the words, in the order of the seed, and print what became of them.

    Args:
        seconds: how many are left, after which no other is begun.
        with_reasons: whether to test those too that `equivalent.toml` has.
    """
    every = {change.name: change for change in changes() if words in change.name}
    reasons = {name: beginning for name in every for beginning in equivalents() if name.startswith(beginning)}
    waiting = [name for name in every if with_reasons or name not in reasons]
    random.Random(seed).shuffle(waiting)
    # The forks share the modules imported and the table drawn here, instead of each making its own.
    assert conftest
    assert stand_in_run(seed).rows
    report = Report(every, reasons, len(waiting))
    if waiting:
        [correct] = of_each("the unchanged stand-in", [""], lambda _: _unchanged(seed)).values()
        gc.freeze()
        try:
            of_each("changes", waiting, lambda name: tried(every[name], correct), seconds(), report.add)
        except (KeyboardInterrupt, RuntimeError) as error:
            report.print(f"broken off: {error!r}")
            report.wrong.append(repr(error))
    report.print(f"seed {seed}; {report.summary()}")
    return report


def _unchanged(seed: int) -> Unchanged:
    return unchanged(seed, recorded(served(), seed))


def equivalents() -> Mapping[str, str]:
    """The reasons why changes make no difference, by the beginnings of their names."""
    value = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))
    return {beginning: each["reason"] for each in value["equivalent"] for beginning in each["changes"]}


class Report:
    """Prints each change that is not as it should be as soon as that is known, and from time to time how many ended.

    Attributes:
        wrong: the names of those.
        count: how many are to be tested.
    """

    def __init__(self, every: Mapping[str, Change], reasons: Mapping[str, str], count: int) -> None:
        self.wrong: list[str] = []
        self.count = count
        self._every, self._reasons = every, reasons
        self._ended: dict[str, Trial] = {}
        self._console = Console(soft_wrap=True, markup=False, highlight=False)
        self._printed = time.monotonic()

    def add(self, name: str, trial: Trial) -> None:
        """Note what became of a change."""
        self._ended[name] = trial
        if bool(trial.by) == (name in self._reasons):
            self.wrong.append(name)
            known = f"is killed by {trial.by}, and is called equivalent"
            self.print(f"{known if trial.by else 'survives'}: {name}\n{trial.seen}".strip())
        if time.monotonic() > self._printed + _SECONDS:
            self._printed = time.monotonic()
            self.print(f"{len(self._ended)} of {self.count}: {len(self.wrong)} are not as they should be")

    @property
    def untested(self) -> int:
        """The number of changes for which the time did not last."""
        return self.count - len(self._ended)

    def print(self, text: str) -> None:
        """Print a text at once."""
        self._console.print(text)

    def summary(self) -> str:
        """The numbers of changes that were killed, and that are known to make no difference."""
        killed = sum(bool(trial.by) for trial in self._ended.values())
        known = f"{len(self._reasons)} known to make no difference"
        return f"changes that nobody chose: {killed} of {len(self._ended)} killed, {known}"


_SECONDS = 20  # between two lines of progress


if __name__ == "__main__":
    sys.exit(main())
