"""The README and the pages in `docs/`, and what is in them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[3]
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
}
"""The text of each page by its path."""


class Block(NamedTuple):
    """A fenced block: its language and its text."""

    language: str
    text: str


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [Block(*found) for found in re.findall(r"^```(\w+)\n(.*?)^```$", PAGES[page], re.M | re.S)]


def blocks_in(language: str) -> list[str]:
    """The blocks of all pages in one language."""
    return [block.text for page in PAGES for block in blocks(page) if block.language == language]


def operation_shown() -> str:
    """The YAML of the operation in `docs/document.md`, which stands below `paths`."""
    [text] = [block for block in blocks_in("yaml") if block.startswith("  /")]
    return text


def commands() -> list[str]:
    """The shell commands of all pages, each once, without comments and line breaks."""
    lines = "".join(blocks_in("sh")).replace("\\\n", " ").splitlines()
    return list(dict.fromkeys(command for line in lines if (command := line.split("  #")[0].strip())))


def modules() -> dict[str, str]:
    """The modules of applications, by the paths in their first lines."""
    return {path: text for text in blocks_in("python") if (path := _path(text))}


def _path(block: str) -> str | None:
    first = re.match(r"# (\S+\.py)\n", block)
    return first and first[1]


def programs() -> Iterator[tuple[str, str | None]]:
    """The Python programs, each with the output in the `text` block after it, or None; no modules."""
    for page in PAGES:
        found = blocks(page)
        for block, after in itertools.zip_longest(found, found[1:]):
            if block.language == "python" and "def test_" not in block.text and not _path(block.text):
                yield block.text, after.text if after and after.language == "text" else None


def without_line_breaks(page: str) -> str:
    """A page's text on one line."""
    return re.sub(r"\s+", " ", PAGES[page])


def without_blocks(page: str) -> str:
    """A page's text without its fenced blocks."""
    return re.sub(r"^```\w+\n.*?^```$", "", PAGES[page], flags=re.M | re.S)
