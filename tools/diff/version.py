"""The version that the changes need, and whether the document and the changelog have it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tools import provenance
from tools.diff.changes import Effect

RULE = "Below 1.0.0 a breaking change raises the second number, and anything else the third."


@dataclass(frozen=True)
class Coverage:
    """Whether the document's version covers the changes.

    Attributes:
        step: the number to raise: major, minor, patch or none.
        needed: the lowest version that covers them.
        section: the version that the changelog should have a section for.
        changelog: whether it has.
    """

    base: str
    now: str
    step: str
    needed: str
    section: str
    changelog: bool

    @property
    def is_high_enough(self) -> bool:
        """Whether the document's version is at least the needed one."""
        return _numbers(self.now) >= _numbers(self.needed)

    @property
    def is_covered(self) -> bool:
        """Whether nothing changed, or both the version and the changelog cover the changes."""
        return self.step == "none" or (self.is_high_enough and self.changelog)


def judge(effect: Effect, base: str, now: str, changelog: str) -> Coverage:
    """The verdict on changes, by their worst effect.

    Raises:
        ValueError: a version is not three numbers.
    """
    major, *_ = old = _numbers(base)
    raised = min(Effect.BREAKING - effect + (not major), 2)
    needed = ".".join(map(str, [*old[:raised], old[raised] + 1, 0, 0][:3])) if effect else base
    step = ("major", "minor", "patch")[raised] if effect else "none"
    covering = max(needed, now, key=_numbers)
    return Coverage(base, now, step, needed, covering, _has_section(changelog, covering))


def _numbers(version: str) -> list[int]:
    if not re.fullmatch(provenance.VERSION, version):
        raise ValueError(f"info.version is {version!r}; write three numbers, such as 0.2.0")
    return [*map(int, version.split("."))]


def _has_section(changelog: str, version: str) -> bool:
    """Whether there is a section for a version, with more in it than headings and comments."""
    changelog = re.sub(r"<!--.*?-->", "", changelog, flags=re.S)
    section = re.search(rf"^## \[{re.escape(version)}\].*\n((?:(?!## ).*(?:\n|\Z))*)", changelog, re.M)
    return section is not None and bool(re.search(r"^(?!#)(?!\[.*\]:).*\S", section[1], re.M))
