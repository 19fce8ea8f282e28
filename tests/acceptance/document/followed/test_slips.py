"""The suite finds each stand-in that is wrong in just one thing, and none other, as test_change.py shows."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.acceptance.document.built import with_rows
from tests.acceptance.document.followed.slips import KINDS, ROWS, slipped
from tests.support.stride import some, thinned
from tests.support.suite import KEY, STAND_IN
from ventia_document.check import read_checked
from ventia_document.source import dump
from ventia_mock.app import App
from ventia_mock.http.server import running
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import read_world

pytestmark = thinned

Run = Callable[..., subprocess.CompletedProcess[str]]
SOME = [row for row in ROWS if row.name in some(*KINDS)]


def test_the_suite_finds_each_stand_in_that_is_wrong_in_just_one_thing(
    checkout: Path, run: Run, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip in each operation, and a violation of each, which names it."""
    (checkout / "openapi" / "ventia.yaml").write_text(dump(with_rows(SOME)), encoding="utf-8")
    path = tmp_path_factory.mktemp("wrong") / "ventia.yaml"
    path.write_text(dump(with_rows(slipped(SOME))), encoding="utf-8")
    wrong = StandIn(read_checked(path), read_world(key=KEY))
    monkeypatch.setenv("VENTIA_API_KEY", KEY)
    with running(App(wrong)) as url:
        place = f'nobody_is_reached = true\nbase_url = "{url}{wrong.base_path}"'
        target = re.sub('base_url = ".*"', place, STAND_IN.read_text(encoding="utf-8"))
        (checkout / "target.toml").write_text(target, encoding="utf-8")
        few = ("-q", "-p", "no:cacheprovider", "--few", "--examples=10", "-k", "row")
        done = run("pytest", "contract_tests/test_search.py", *few, "--target=target.toml", "--junitxml=found.xml")
    found = "".join(failure.text or "" for failure in ElementTree.parse(checkout / "found.xml").iter("failure"))  # noqa: S314 - our own
    paths = {row.name: row.path.partition("{")[0] for row in SOME}
    assert [] == [name for name, path in paths.items() if not re.search(rf"{re.escape(path)}(?![-\w])", found)], (
        done.stdout
    )
