"""Renders a report as JUnit XML: a test case for each rule, whose failures are the server's faults."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from contract_tests.report.model import Failure, Fault, RuleResult, RunReport
from contract_tests.report.renderings import words
from contract_tests.report.renderings.faults import faults

_MOST_CHARACTERS = 2_000
"""Of a request or a response."""
_Case = tuple[str, str, list[tuple[str, str, str]]]
"""Class, name, and results: kind, message, text."""


def junit(report: RunReport) -> str:
    """A report as JUnit XML."""
    suite = ET.Element("testsuite", name=_text(words.headline(report)), time=f"{report.seconds:.3f}")
    counts = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for group, name, results in _cases(report):
        case = ET.SubElement(suite, "testcase", classname=group, name=_text(name))
        counts["tests"] += 1
        for kind, message, text in results:
            ET.SubElement(case, kind, message=_text(message)).text = _text(text)
            counts[{"failure": "failures", "error": "errors", "skipped": "skipped"}[kind]] += 1
    suite.attrib.update({name: str(count) for name, count in counts.items()})
    suites = ET.Element("testsuites")
    suites.append(suite)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True)


def _cases(report: RunReport) -> Iterator[_Case]:
    ended = [("error", report.ended, "")] if report.ended else []
    yield "run", "everything that was planned was asked", ended
    found = faults(report.failures)
    known = set()
    for group, rules in (("requests", report.rules), ("responses", report.responses)):
        for rule in rules:
            known.add(rule.name)
            yield group, rule.name, _results(report, rule, [each for each in found if rule.name in each.rules])
    for fault in found:
        if known.isdisjoint(fault.rules):
            yield "searches", fault.title, [_of_fault(fault)]
    for each in report.differences:
        where = f"if the server is right, correct the document at {', '.join(each.at)}"
        seen = f"differs, {each.count:,} x, from what is {each.standing}"
        yield "assumptions", each.fact, [("skipped", seen, f"{each.first.complaint}\n{where}\n{_block(each.first)}")]
    for group, failures in (("client", report.of_the_client), ("suite", report.of_the_suite)):
        for failure in failures:
            yield group, failure.test, [("failure", failure.complaint, failure.replay)]
    for failure in report.silences:
        yield "no answer", failure.rule, [("error", failure.complaint, _block(failure))]


def _results(report: RunReport, rule: RuleResult, found: list[Fault]) -> list[tuple[str, str, str]]:
    if found:
        return [_of_fault(fault) for fault in found]
    if words.state(report, rule) == "violated":
        return [("failure", rule.sentence, "")]
    return [("skipped", rule.why_not or "no reason is given", "")] if words.state(report, rule) == "not tested" else []


def _of_fault(fault: Fault) -> tuple[str, str, str]:
    first = fault.first
    return "failure", f"{first.sentence}: {first.complaint}" if first.sentence else first.complaint, _block(first)


def _block(failure: Failure) -> str:
    parts = [failure.name, *failure.requests, failure.response]
    return "\n\n".join([*(words.cut(part, _MOST_CHARACTERS) for part in parts if part), f"replay: {failure.replay}"])


def _text(text: str) -> str:
    return words.visible(text)
