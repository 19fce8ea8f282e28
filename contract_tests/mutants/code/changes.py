"""Makes every change that cosmic-ray knows of the modules by which the stand-in decides, and serves a changed one."""

from __future__ import annotations

import difflib
import importlib
import importlib.abc
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from cosmic_ray.mutating import mutate_code  # type: ignore[import-untyped]  # it has no types
from cosmic_ray.plugins import get_operator  # type: ignore[import-untyped]  # it has no types
from starlette.types import ASGIApp

from contract_tests.run import SOURCE

_ROOT = Path(__file__).parents[3]
MODULES = (
    "ventia_mock.operations.authentication",
    "ventia_mock.operations.identifiers",
    "ventia_mock.operations.parameters",
    "ventia_mock.operations.refusals",
    "ventia_mock.operations.responses",
    "ventia_mock.operations.validation",
    "ventia_mock.platform.accounts",
    "ventia_mock.platform.decision",
    "ventia_mock.platform.interactions",
    "ventia_mock.world.assumptions",
    "ventia_mock.world.business_rules",
    "ventia_mock.world.sending",
    "ventia_mock.world.things",
    "ventia_mock.http.json_text",
    "ventia_mock.journal.redaction",
    "ventia_document.operations",
    "ventia_document.parameters",
    "ventia_document.validation",
)
"""The modules that decide about requests or read the document; not the rate limiter, since a run avoids the limit."""

# Others of cosmic-ray change a name into any other, or a type hint, which shows nothing but a crash.
_OPERATORS = (
    "core/AddNot",
    "core/ReplaceUnaryOperator_Delete_Not",
    "core/ReplaceTrueWithFalse",
    "core/ReplaceFalseWithTrue",
    "core/ReplaceAndWithOr",
    "core/ReplaceOrWithAnd",
    "core/ReplaceBreakWithContinue",
    "core/ReplaceContinueWithBreak",
    "core/NumberReplacer",
    "core/ZeroIterationForLoop",
    "core/RemoveDecorator",
    "core/ReplaceComparisonOperator_Eq_NotEq",
    "core/ReplaceComparisonOperator_NotEq_Eq",
    "core/ReplaceComparisonOperator_Lt_LtE",
    "core/ReplaceComparisonOperator_LtE_Lt",
    "core/ReplaceComparisonOperator_Gt_GtE",
    "core/ReplaceComparisonOperator_GtE_Gt",
    "core/ReplaceComparisonOperator_Is_IsNot",
    "core/ReplaceComparisonOperator_IsNot_Is",
    "core/ReplaceBinaryOperator_Add_Sub",
    "core/ReplaceBinaryOperator_Sub_Add",
)


@dataclass(frozen=True)
class Change:
    """A changed module.

    Attributes:
        before, after: the lines that differ, as they were and as they are.
    """

    module: str
    before: str
    after: str
    code: str

    @property
    def name(self) -> str:
        """Module and lines, by which a change is known from one run to the next."""
        return f"{self.module}: {self.before} -> {self.after}"


def changes(modules: Sequence[str] = MODULES) -> Iterator[Change]:
    """Every change of the modules, each once."""
    for module in modules:
        path = _ROOT.joinpath(*module.split(".")).with_suffix(".py")
        source, seen = path.read_text(encoding="utf-8"), set[str]()
        for operator in _OPERATORS:
            for code in _changed(source, operator):
                if code not in seen and _compiles(code):
                    seen.add(code)
                    yield Change(module, *_lines(source, code), code)


def _changed(source: str, operator: str) -> Iterator[str]:
    occurrence = 0
    while (code := mutate_code(source, get_operator(operator)(), occurrence)) is not None:
        yield code
        occurrence += 1


def _compiles(code: str) -> bool:
    try:
        compile(code, "", "exec")
    except SyntaxError:
        return False
    return True


def _lines(source: str, code: str) -> tuple[str, str]:
    diff = list(difflib.ndiff(source.splitlines(), code.splitlines()))
    sides = [" ".join(line[2:].strip() for line in diff if line.startswith(mark)) for mark in ("- ", "+ ")]
    return sides[0], sides[1]


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the changed module in the place of its own."""

    def __init__(self, change: Change) -> None:
        self._change = change

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """The changed module's; None for any other."""
        return importlib.util.spec_from_loader(fullname, self) if fullname == self._change.module else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed code."""
        path = _ROOT.joinpath(*self._change.module.split(".")).with_suffix(".py")
        module.__file__ = str(path)
        exec(compile(self._change.code, str(path), "exec"), module.__dict__)  # noqa: S102 - it is the project's own code


def served(change: Change) -> ASGIApp:
    """A stand-in with a changed module, which it imports anew; what judges it keeps the modules that it has."""
    ours = ("ventia_mock", "ventia_document")
    kept = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in ours}
    for name in kept:
        del sys.modules[name]
    finder = _Finder(change)
    sys.meta_path.insert(0, finder)
    try:
        app = importlib.import_module("ventia_mock.app").App
        stand_in = importlib.import_module("ventia_mock.stand_in").StandIn
        source = importlib.import_module("ventia_document.check").read_checked(SOURCE.path)
        served: ASGIApp = app(stand_in(source))
        return served
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] in ours]:
            del sys.modules[name]
        sys.modules.update(kept)
