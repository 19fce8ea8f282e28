"""Hooks that hatchling runs when it builds a wheel (pyproject.toml, ventia_mock/pyproject.toml)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

_ROOT = Path(__file__).resolve().parents[2]


class Metadata(MetadataHookInterface):
    """Sets the description of a wheel, and the extras that need its version."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set them in the metadata of a project."""
        page = (_ROOT / self.config["description"]).read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": without_relative_links(page)}
        if extras := self.config.get("extras"):
            metadata["optional-dependencies"] = {
                name: [each.format(version=metadata["version"]) for each in required]
                for name, required in extras.items()
            }


class Packages(BuildHookInterface[Any]):
    """Puts packages of the checkout into a wheel; for development they are imported from where they are."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add them, unless this is an editable install."""
        if version == "standard":
            packages = self.config["packages"].items()
            build_data["force_include"].update({str(_ROOT / source): target for source, target in packages})


def without_relative_links(text: str) -> str:
    """A Markdown text with the words of its relative links in the place of these."""
    return re.sub(r"\[([^]]+)\]\((?!https?:)[^)]+\)", r"\1", text)
