"""Each edit of the table that is not followed is refused at its line, by all that read the document."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.document.rows import Refused
from tests.acceptance.document.table.some import REFUSED
from tests.support.stride import thinned
from tools.lint import checks
from ventia_document import DOCUMENT
from ventia_document.source import read

pytestmark = thinned


@pytest.mark.parametrize("row", REFUSED, ids=str)
def test_an_edit_is_refused_at_its_line(row: Refused, tmp_path: Path) -> None:
    path = tmp_path / "ventia.yaml"
    path.write_text(row.edit(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    source = read(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    places = [(source.places[finding.at][0], finding) for finding in checks.check(source.value).findings]
    at_its_line = [finding.message for line, finding in places if row.at in lines[line - 1]]
    assert any(row.words in message for message in at_its_line), [
        (lines[line - 1].strip(), finding.message) for line, finding in places
    ]
