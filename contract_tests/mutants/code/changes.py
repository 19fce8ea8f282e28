"""Makes every change that cosmic-ray knows of the modules by which the stand-in decides, and serves a changed one."""

from __future__ import annotations

import ast
import difflib
import importlib
import importlib.abc
import importlib.util
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from itertools import pairwise, zip_longest
from pathlib import Path
from types import ModuleType

from cosmic_ray.ast import ast_nodes, get_ast  # type: ignore[import-untyped]  # it has no types
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

# Others of cosmic-ray change a name into any other, a type hint or a decorator, which shows nothing but a crash.
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


# What these switch off are guards against errors of the code that calls.
_GUARDS = re.compile(r"\b(frozen|strict|compare)=(True|False)")


@dataclass(frozen=True)
class Change:
    """A changed module.

    Attributes:
        scope: the class, the function or the method that has the lines; the module outside of these.
        line: the number of the first line that differs.
        before, after: the lines that differ, as they were and as they are.
    """

    module: str
    scope: str
    line: int
    before: str
    after: str
    code: str

    @property
    def name(self) -> str:
        """Scope and lines, by which a change is known from one run to the next."""
        return f"{self.scope}: {self.before} -> {self.after}"


def path_of(module: str) -> Path:
    """The file of one of the modules."""
    return _ROOT.joinpath(*module.split(".")).with_suffix(".py")


def changes(modules: Sequence[str] = MODULES) -> Iterator[Change]:
    """Every change of the modules, each once."""
    for module in modules:
        source = path_of(module).read_text(encoding="utf-8")
        scopes, seen = _scopes(source), {_unguarded(source)}
        for code in _changed(source):
            if _unguarded(code) not in seen and _compiles(code):
                seen.add(_unguarded(code))
                line = _first_line(source, code)
                yield Change(module, ".".join([module, *scopes.get(line, ())]), line, *_lines(source, code), code)


def _unguarded(code: str) -> str:
    return _GUARDS.sub("", code)


def _scopes(source: str) -> dict[int, list[str]]:
    """The names of the classes and functions around each line, the outermost first."""
    scopes: dict[int, list[str]] = {}

    def add(node: ast.AST, names: list[str]) -> None:
        for inner in ast.iter_child_nodes(node):
            if isinstance(inner, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                here = [*names, inner.name]
                scopes.update(dict.fromkeys(range(inner.lineno, (inner.end_lineno or inner.lineno) + 1), here))
                add(inner, here)

    add(ast.parse(source), [])
    return scopes


def _changed(source: str) -> Iterator[str]:
    lines = source.splitlines(keepends=True)
    ends = [0, *(node.end_lineno or 0 for node in ast.parse(source).body)]
    for start, end in pairwise(ends):  # since each change has its text parsed anew
        statement = "".join(lines[start:end])
        nodes = list(ast_nodes(get_ast(statement)))
        for operator in (get_operator(name)() for name in _OPERATORS):
            for occurrence in range(sum(len(list(operator.mutation_positions(node))) for node in nodes)):
                yield "".join([*lines[:start], mutate_code(statement, operator, occurrence), *lines[end:]])


def _compiles(code: str) -> bool:
    try:
        compile(code, "", "exec")
    except SyntaxError:
        return False
    return True


def _first_line(source: str, code: str) -> int:
    pairs = zip_longest(source.splitlines(), code.splitlines())
    return next(number for number, (before, after) in enumerate(pairs, 1) if before and before != after)


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
        path = path_of(self._change.module)
        module.__file__ = str(path)
        exec(compile(self._change.code, str(path), "exec"), module.__dict__)  # noqa: S102 - it is the project's own code


def served(*changed: Change) -> ASGIApp:
    """A stand-in with changed modules, which it imports anew; what judges it keeps the modules that it has."""
    ours = ("ventia_mock", "ventia_document")
    kept = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in ours}
    for name in kept:
        del sys.modules[name]
    finders = [_Finder(change) for change in changed]
    sys.meta_path[:0] = finders
    try:
        app = importlib.import_module("ventia_mock.app").App
        stand_in = importlib.import_module("ventia_mock.stand_in").StandIn
        source = importlib.import_module("ventia_document.check").read_checked(SOURCE.path)
        served: ASGIApp = app(stand_in(source))
        return served
    finally:
        del sys.meta_path[: len(finders)]
        for name in [name for name in sys.modules if name.partition(".")[0] in ours]:
            del sys.modules[name]
        sys.modules.update(kept)
