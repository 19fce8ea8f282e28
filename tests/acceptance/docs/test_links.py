"""The links of the README and of the pages in `docs/` lead somewhere."""

from __future__ import annotations

import re

import pytest

from tests.acceptance.docs.pages import PAGES, ROOT, without_blocks


def links(page: str) -> list[str]:
    return re.findall(r"\]\(([^)]+)\)", without_blocks(page))


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_a_link_leads_to_a_file_and_a_heading(page: str) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        if path.startswith("https://"):
            continue
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.is_file(), link
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), link


def test_the_readme_leads_to_every_page() -> None:
    assert PAGES.keys() - {"README.md"} <= set(links("README.md"))


def test_the_readme_is_two_screens() -> None:
    assert len(PAGES["README.md"].splitlines()) <= 100
