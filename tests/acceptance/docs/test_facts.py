"""The facts in the README and in the pages in `docs/` are those of the document and of the code."""

from __future__ import annotations

import re

import pytest

from tests.acceptance.docs.pages import PAGES, ROOT, without_blocks, without_line_breaks
from ventia_client._runtime.key import LEAST
from ventia_client._runtime.retries import LONGEST_PAUSE
from ventia_client.client import DEFAULT_BACKOFF, DEFAULT_DEADLINE, DEFAULT_RETRIES, DEFAULT_TIMEOUT
from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_document.operations import resolve
from ventia_mock.fixture import Mock
from ventia_mock.http.limits import LARGEST_BODY, MOST_FIELDS
from ventia_mock.journal.journal import MOST_BYTES, MOST_RECORDS
from ventia_mock.platform.faults import PROCESSED


def test_the_numbers_are_those_of_the_document_and_the_client() -> None:
    page = without_line_breaks("docs/client.md")
    limit = read_checked(DOCUMENT).value["x-rate-limit"]
    assert f"{limit['requests']} requests in any {limit['seconds']} seconds" in page
    assert f"`Client(retries={DEFAULT_RETRIES}, backoff={DEFAULT_BACKOFF}, deadline={DEFAULT_DEADLINE})`" in page
    assert f"({DEFAULT_TIMEOUT:.0f} without it)" in page
    assert f"{LEAST} characters or more" in page
    assert f"{LONGEST_PAUSE:.0f} at the most" in page


def test_the_numbers_are_those_of_the_stand_in() -> None:
    page = without_line_breaks("docs/stand-in.md")
    assert f"`--keep` ({MOST_RECORDS}), or {MOST_BYTES >> 20} MiB" in page
    assert f"| a body | has at most {LARGEST_BODY >> 20} MiB, and an object in it {MOST_FIELDS} fields |" in page


def test_the_control_routes_are_those_of_the_stand_in() -> None:
    code = (ROOT / "ventia_mock" / "control" / "routes.py").read_text(encoding="utf-8")
    routes = set(re.findall(r'_route\("/_mock/(\w+)', code))
    assert routes == set(re.findall(r"/_mock/(\w+)", PAGES["docs/stand-in.md"]))


def test_the_faults_are_those_of_the_stand_in() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .* \| (yes|no) \|$", PAGES["docs/stand-in.md"], re.M)
    assert PROCESSED == {name: delivered == "yes" for name, delivered in rows}


def test_the_members_of_the_fixture_are_all_there_are() -> None:
    table = "".join(re.findall(r"^\| (`.*?) \|", PAGES["docs/pytest.md"], re.M))
    members = {name for name in [*vars(Mock), "url", "api_key", "inbox"] if not name.startswith("_")}
    assert members - {"close"} == set(re.findall(r"`(\w+)", table))  # the plugin closes it


def test_the_identifiers_are_the_worlds() -> None:
    known = (ROOT / "ventia_mock" / "world" / "world.yaml").read_text(encoding="utf-8")
    made_by_the_stand_in = r"interaction_id='[0-9a-f]{24}'"
    for identifier in re.findall(r"\b[0-9a-f]{24}\b", re.sub(made_by_the_stand_in, "", "".join(PAGES.values()))):
        assert identifier in known


@pytest.mark.parametrize("page", PAGES)
def test_no_page_repeats_a_status_number_that_is_inferred(page: str) -> None:
    """Each is corrected in one place, the document (`openapi/EVIDENCE.md`)."""
    document = read_checked(DOCUMENT).value
    responses = [each for path in document["paths"].values() for each in path["post"]["responses"].items()]
    inferred = [
        status
        for status, response in responses
        if "status number" in resolve(document, response["$ref"].removeprefix("#")).value["description"]
    ]
    assert inferred
    assert not re.search(rf"\b({'|'.join(inferred)})\b", PAGES[page])


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_is_named_exists(page: str) -> None:
    folders = [path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "."]
    named = re.findall(rf"`((?:{'|'.join(folders)})/[^\s`]*)`", without_blocks(page))
    made_by_a_run = "contract-report/"
    assert [] == [name for name in named if name != made_by_a_run and not (ROOT / name).exists()]
