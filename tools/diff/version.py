"""The version that the changes need, and whether the document and the changelog have it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tools.diff.changes import Effect

STEPS = {Effect.BREAKING: "major", Effect.ADDITIVE: "minor", Effect.COSMETIC: "patch", Effect.NONE: "none"}
"""The number that semantic versioning raises, from 1.0.0 on."""
_BELOW_1 = {**STEPS, Effect.BREAKING: "minor", Effect.ADDITIVE: "patch"}
RULE = "Below 1.0.0 a breaking change raises the second number, and anything else the third."


@dataclass(frozen=True)
class Coverage:
    """Whether the document's version covers the changes.

    Attributes:
        step: the number to raise: major, minor, patch or none.
        needed: the lowest version that covers them.
        has_section: the changelog has a section for the version now, or for the needed one.
    """

    base: str
    now: str
    step: str
    needed: str
    has_section: bool

    @property
    def is_high_enough(self) -> bool:
        """Whether the document's version is at least the needed one."""
        return _numbers(self.now) >= _numbers(self.needed)

    @property
    def is_covered(self) -> bool:
        """Whether nothing changed, or both the version and the changelog cover the changes."""
        return self.step == "none" or (self.is_high_enough and self.has_section)

    @property
    def section(self) -> str:
        """The version that the changelog should have a section for."""
        return self.now if self.is_high_enough else self.needed


def judge(effect: Effect, base: str, now: str, changelog: str) -> Coverage:
    """The verdict on changes, by their worst effect."""
    needed = base if effect is Effect.NONE else ".".join(map(str, _next(_numbers(base), effect)))
    step = STEPS[effect] if _numbers(base)[0] else _BELOW_1[effect]
    verdict = Coverage(base, now, step, needed, has_section=False)
    return replace(verdict, has_section=_has_section(changelog, verdict.section))


def _numbers(version: str) -> tuple[int, int, int]:
    major, minor, patch = map(int, version.split("."))
    return major, minor, patch


def _next(version: tuple[int, int, int], effect: Effect) -> tuple[int, int, int]:
    major, minor, patch = version
    if effect is Effect.BREAKING:
        return (major + 1, 0, 0) if major else (0, minor + 1, 0)
    return (major, minor + 1, 0) if effect is Effect.ADDITIVE and major else (major, minor, patch + 1)


def _has_section(changelog: str, version: str) -> bool:
    """Whether there is a section for a version, with more in it than headings and comments."""
    changelog = re.sub(r"<!--.*?-->", "", changelog, flags=re.S)
    section = re.search(rf"^## \[{re.escape(version)}\].*\n((?:(?!## ).*(?:\n|\Z))*)", changelog, re.M)
    return section is not None and bool(re.search(r"^(?!#)(?!\[.*\]:).*\S", section[1], re.M))
