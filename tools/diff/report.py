"""The changes and the verdict as text, JSON or Markdown."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field

from tools.diff.changes import Change, Effect, Witness
from tools.diff.version import RULE, Coverage
from ventia_document.source import Json

WIDTH = 100
_ORDER = (Effect.BREAKING, Effect.ADDITIVE, Effect.COSMETIC)


@dataclass(frozen=True)
class DiffReport:
    """The changes since a base, and the verdict on the version.

    Attributes:
        package: the changes of the package's public names; None if the base has no package.
        stale: a line for each entry of the accepted changes that accepts none.
    """

    base: str
    document: list[Change]
    package: list[Change] | None
    verdict: Coverage
    stale: list[str] = field(default_factory=list)

    @property
    def is_covered(self) -> bool:
        """Whether the version covers the changes, and every accepted change is one."""
        return self.verdict.is_covered and not self.stale

    def __iter__(self) -> Iterator[Change]:
        return iter([*self.document, *(self.package or [])])


def summary(report: DiffReport) -> str:
    """The report in one line."""
    verdict = report.verdict
    stale = f"; {len(report.stale)} of the accepted changes no longer there" if report.stale else ""
    if verdict.step == "none":
        return f"nothing changed since {report.base}{stale}"
    counts = {each: sum(change.effect is each for change in report) for each in _ORDER}
    counted = ", ".join(f"{count} {each}" for each, count in counts.items() if count)
    covered = "" if verdict.is_high_enough else ": not covered"
    section = "has a" if verdict.changelog else "has no"
    return (
        f"{counted}: {verdict.base} -> {verdict.needed} needed; info.version is {verdict.now}{covered}; "
        f"CHANGELOG {section} section {verdict.section}{stale}"
    )


def as_text(report: DiffReport) -> str:
    """The report for a terminal: a paragraph a change, the worst first."""
    lines: list[str] = []
    for title, changes in _groups(report):
        lines += [title, ""]
        for change in changes:
            lines += [*_paragraph(change), ""]
    lines += _remarks(report)
    return "\n".join([*lines, summary(report)]) + "\n"


def _groups(report: DiffReport) -> Iterator[tuple[str, list[Change]]]:
    for each in _ORDER:
        if changes := [change for change in report if change.effect is each and not change.accepted]:
            yield str(each).upper(), changes
    if changes := [change for change in report if change.accepted]:
        yield "ACCEPTED", changes


def _paragraph(change: Change) -> list[str]:
    words = textwrap.wrap(_sentence(change.message), WIDTH - 2, break_on_hyphens=False)
    return [
        *(f"  {line}" for line in words),
        f"    {_for(change):<38}{change.id}",
        f"    {change.place}",
        *(f"    {line}" for line in _grounds(change)),
    ]


def _grounds(change: Change) -> Iterator[str]:
    """What shows the effect, and why it is accepted."""
    for witness in change.witnesses:
        yield f"{_of(witness)}: {witness.says}"
        yield f"  {written(witness.value)}"
    if change.proof:
        yield change.proof
    if change.accepted:
        yield f"accepted: {change.accepted}"


def _of(witness: Witness) -> str:
    happened = "was accepted, is refused" if witness.direction == "request" else "could not come, now can"
    return f"{witness.of} {happened}"


def written(value: Json) -> str:
    """A witness as JSON, with long texts cut."""
    return json.dumps(_cut(value), ensure_ascii=False)


def _cut(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _cut(part) for key, part in value.items()}
    if isinstance(value, list):
        return [*map(_cut, value[:9]), *([f"… {len(value)} items"] if len(value) > 9 else [])]
    return f"{value[:20]}… {len(value)} characters" if isinstance(value, str) and len(value) > 60 else value


def _sentence(message: str) -> str:
    return message if message.startswith("`") else message[:1].upper() + message[1:]


def _for(change: Change) -> str:
    """`requests breaking, responses additive`."""
    return ", ".join(f"{what} {each}" for what, each in change.effects._asdict().items() if each)


def _remarks(report: DiffReport) -> list[str]:
    lines = [] if report.package is not None else [f"{report.base} has no generated package to compare the names of."]
    if report.verdict.step != "none" and report.verdict.base.startswith("0."):
        lines.append(RULE)
    return [*lines, *report.stale]


def as_json(report: DiffReport) -> str:
    """The report for programs."""
    report_object: Json = {
        "base": report.base,
        "document": [*map(_object, report.document)],
        "package": None if report.package is None else [*map(_object, report.package)],
        "version": {**asdict(report.verdict), "covered": report.verdict.is_covered},
        "stale": report.stale,
        "summary": summary(report),
    }
    return json.dumps(report_object, indent=2, ensure_ascii=False) + "\n"


def _object(change: Change) -> Json:
    return {
        "id": change.id,
        "named_by": change.named_by,
        "class": str(change.effect),
        **{what: str(effect) for what, effect in change.effects._asdict().items()},
        "says": change.message,
        "at": change.at,
        "place": change.place,
        "witnesses": [
            {name: vars(each)[name] for name in ("direction", "of", "value", "says")} for each in change.witnesses
        ],
        "proof": change.proof,
        "accepted": change.accepted,
    }


def as_markdown(report: DiffReport) -> str:
    """The report for a pull request."""
    mark = "✅" if report.is_covered else "❌"
    lines = [f"### {mark} {_plain(summary(report))}", ""]
    for title, changes in _groups(report):
        lines += [f"**{title.capitalize()}**", "", "| what | requests | responses | names | name | where |"]
        lines += ["| --- | --- | --- | --- | --- | --- |", *map(_row, changes), ""]
    return "\n".join([*lines, *_remarks(report)]).rstrip() + "\n"


def _row(change: Change) -> str:
    effects = (str(each) if each else "" for each in change.effects)
    said = "<br>".join(_plain(line) for line in (_sentence(change.message), *_grounds(change)))
    return f"| {' | '.join((said, *effects, f'`{change.id}`', f'`{change.place}`'))} |"


def _plain(words: str) -> str:
    """Words with Markdown escaped, but for the key or name in backticks that they start with."""
    code = re.match(r"`[^`|]+`", words)
    start = code.group() if code else ""
    return start + re.sub(r"[\\|*_<>\[\]~#@`]", r"\\\g<0>", words.removeprefix(start))


FORMATS: Mapping[str, Callable[[DiffReport], str]] = {"text": as_text, "json": as_json, "markdown": as_markdown}
