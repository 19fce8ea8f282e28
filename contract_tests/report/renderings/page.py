"""Renders a report as a web page: one file that needs nothing else."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from contract_tests.report.model import RunReport
from contract_tests.report.renderings import words
from contract_tests.report.renderings.faults import faults

_MOST_BYTES = 1_000_000
_MOST_FAULTS = 50
_MOST_CHARACTERS = 20_000
"""Of a request or a response; fewer if the page would become too large."""


def page(report: RunReport) -> str:
    """A report in HTML, below a megabyte however much failed."""
    most = _MOST_CHARACTERS
    while len((html := _render(report, most)).encode()) > _MOST_BYTES and most > 100:
        most //= 2
    return html


def _render(report: RunReport, most: int) -> str:
    found = faults(report.failures)
    shown = found[:_MOST_FAULTS]
    return _TEMPLATE.render(
        report=report,
        words=words,
        most=most,
        faults=shown,
        left_out=len(found) - len(shown),
        number_of={rule: number for number, fault in reversed(list(enumerate(shown, 1))) for rule in fault.rules},
    )


def _harmless(value: Any) -> Any:
    return words.visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"cut": words.cut, "sha256": _sha256, "visible": words.visible}
    return environment.get_template("page.html")


_TEMPLATE = _template()
