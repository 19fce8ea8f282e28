"""The project's document with the rows of the table, and the client, the stand-in and the judge that follow it."""

from __future__ import annotations

import copy
import importlib
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from openapi_python_client.strings import PythonIdentifier

from contract_tests.oracle.requests import Judge
from tests.acceptance.document.rows import Followed
from tools.generate.package import build
from tools.places import ROOT
from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_document.operations import operations
from ventia_document.source import Json, Source, dump, read
from ventia_mock.app import App
from ventia_mock.stand_in import StandIn

PACKAGE = "client_of_the_table"
VENTIA = read(DOCUMENT).value


@dataclass(frozen=True)
class Built:
    """All that follows an edited document.

    Attributes:
        package: the client's package.
        app: the stand-in.
    """

    source: Source
    package: ModuleType
    app: App
    base_path: str
    judge: Judge

    def module(self, row: Followed) -> Any:
        """The client's module of a row's operation."""
        name = PythonIdentifier(row.operation_id, "field_")
        return importlib.import_module(f"{PACKAGE}.api.interactions.{name}")


def with_rows(rows: Iterable[Followed]) -> Json:
    """The project's document with the operations of rows."""
    document = copy.deepcopy(VENTIA)
    for row in rows:
        row.added_to(document)
    return document


def inputs(folder: Path) -> None:
    """Put all that the client is made of into a folder, but for the document."""
    shutil.copytree(ROOT / "overlays", folder / "overlays")
    for name in ("LICENSE", "requirements.lock"):
        shutil.copy(ROOT / name, folder)
    (folder / "openapi").mkdir()


@contextmanager
def built(rows: Iterable[Followed], folder: Path) -> Iterator[Built]:
    """Build everything for rows, and import the package."""
    with built_of(with_rows(rows), folder) as made:
        yield made


@contextmanager
def built_of(document: Json, folder: Path) -> Iterator[Built]:
    """Build everything for a document, and import the package."""
    inputs(folder)
    path = folder / "openapi" / "ventia.yaml"
    path.write_text(dump(document), encoding="utf-8")
    build(folder, path, folder / PACKAGE)
    source = read_checked(path)
    stand_in = StandIn(source)
    sys.path.insert(0, str(folder))
    try:
        package = importlib.import_module(PACKAGE)
        for name in ("errors", "models"):
            importlib.import_module(f"{PACKAGE}.{name}")
        yield Built(source, package, App(stand_in), stand_in.base_path, Judge(operations(source.value)))
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]
