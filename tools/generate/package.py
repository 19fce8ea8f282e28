"""Builds the client's package: the generator's modules, then the runtime modules, then the record of its inputs."""

from __future__ import annotations

import dataclasses
import functools
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError

from tools import provenance
from tools.generate import call_examples, generator, refusals
from tools.generate.errors import GenerationError
from tools.generate.parsed import names, texts, unions
from tools.generate.parsed.clashes import clashes
from tools.generate.parsed.prepared import media_type_overrides, simplified, with_docstrings
from tools.generate.service import unusable_service
from tools.generate.template_context import TemplateContext
from tools.generate.unsendable import unsendable
from tools.overlay.origin import Overlaid, likeness
from ventia_document.check import errors, findings
from ventia_document.operations import operations
from ventia_document.source import DocumentError, Finding, Json, Source, read
from ventia_document.structure import is_within
from ventia_document.support.parts.security import missing_key
from ventia_document.support.refusals import unsupported
from ventia_document.support.rest import rest

LINE_LENGTH = "120"


def build(root: Path, document: Path, package: Path) -> None:
    """Write the package into a new folder.

    Raises:
        GenerationError: the generator warns, drops something or fails, or is not of the locked version.
        DocumentError, OverlayError: an input cannot be read or applied.
    """
    _require_locked_versions(root)
    source = read(document)
    layers = root / "overlays/package"
    _require_valid_python(sorted((layers / "runtime").rglob("[!.]*.py")), root, "mend the runtime module")
    overlay = read(root / refusals.OVERLAY)
    try:
        _refuse(findings(source.value) if errors(source.value) else (), lambda finding: source.place(finding.at))
        write_modules(source, Overlaid(source.value, overlay), layers, package)
    except GenerationError as error:
        lines = str(error).splitlines()
        more = refused(source, overlay, layers, error.places) if error.places else []
        raise GenerationError("\n".join(dict.fromkeys([*lines, *more]))) from None
    _require_valid_python(sorted(package.rglob("*.py")), package.parent, "mend the template it is of")
    _format(package)
    shutil.copytree(layers / "runtime", package, ignore=_all_but_modules, dirs_exist_ok=True)
    shutil.copy(root / "LICENSE", package)
    (package / "py.typed").touch()
    provenance.write(root, package)


def refused(
    source: Source, overlay: Source, layers: Path, known: Collection[str], whole: Overlaid | None = None
) -> list[str]:
    """The lines in which `build` refuses a document, beside what is wrong at places that are known.

    Args:
        whole: the document under the overlay, if it is there already.
    """
    lines, places, left = list[str](), known, source
    while operations((left := _without(left, places)).value):
        try:
            with tempfile.TemporaryDirectory() as folder:
                overlaid = whole if left is source else None
                overlaid = overlaid or Overlaid(left.value, overlay, allow_unmatched=left is not source)
                write_modules(left, overlaid, layers, Path(folder) / "client", whole=False)
        except GenerationError as error:
            lines += [line for line in str(error).splitlines() if line not in lines]
            places = error.places
            if not places or _without(left, places).value == left.value:
                break
        except DocumentError as error:  # an overlay that does not fit, perhaps since a part is left out
            return lines if left is not source else str(error).splitlines()
        else:
            break
    return lines


def _without(source: Source, places: Collection[str]) -> Source:
    return dataclasses.replace(source, value=rest(source.value, places)) if places else source


def write_modules(source: Source, overlaid: Overlaid, layers: Path, package: Path, *, whole: bool = True) -> None:
    """Write the generator's modules of a sound document under an overlay.

    Args:
        whole: False for what is not to be used, where modules that cannot be refused are left empty.

    Raises:
        GenerationError, DocumentError: the document or the overlay is refused; the text lists everything.
    """
    place = functools.partial(_place, source, overlaid)
    _refuse(errors(overlaid.document), overlaid.place)
    described = simplified(with_docstrings(overlaid.document))
    config = generator.config(layers / "config.yaml", layers, package, media_type_overrides(described))
    data = GeneratorData.from_dict(described, config=config)
    _refuse(_of_parts(source.value, overlaid), place)
    _refuse(clashes(overlaid.document, data), place)
    _refuse(_of_generator(source.value, overlaid, data, described), place)
    assert isinstance(data, GeneratorData)
    texts.unescape(data)
    unions.order(data)
    texts.describe(source.value, data)
    context = TemplateContext(source, data)
    project = generator.project(data, config, layers / "templates")
    session = functools.partial(call_examples.session, package.name, context)
    project.env.globals.update(document=source.value, rules=context, session=session)
    if whole or names.like_templates(project, layers / "templates"):
        with generator.template_errors(layers / "templates"):
            names.rename(project, layers / "templates")
    else:
        generator.leave_out_parts(project)
    generator.run(project, layers / "templates")
    modules = {path.stem for folder in (package, layers / "runtime") for path in folder.iterdir()}
    _refuse(names.colliding(project, package, modules, overlaid.document), place)


def _of_parts(document: Json, overlaid: Overlaid) -> Iterator[Finding]:
    of_document = unsupported(document)
    known = set(map(likeness, of_document))
    yield from of_document
    yield from missing_key(document)
    yield from (each for each in overlaid.checked.findings if likeness(each) not in known)
    for each in (document, overlaid.document):
        yield from refusals.of_document(each)
    with suppress(LookupError, ValueError):  # of a part that has a finding of its own
        yield from unsendable(document, overlaid.document)


def _of_generator(
    document: Json, overlaid: Overlaid, data: GeneratorData | GeneratorError, described: Json
) -> Iterator[Finding]:
    found = list(refusals.of_generator(data, described, with_docstrings(document)))
    yield from found
    if isinstance(data, GeneratorData):
        of_operations = refusals.of_operations(overlaid.document, data)
        yield from (each for each in of_operations if not any(is_within(known.at, each.at) for known in found))


def _require_locked_versions(root: Path) -> None:
    for tool, locked in provenance.locked_versions(root).items():
        if version(tool) != locked:
            raise GenerationError(f"{tool} is {version(tool)}, but requirements.lock says {locked}; run make setup")


def _refuse(found: Iterable[Finding], place: Callable[[Finding], str]) -> None:
    if lines := {finding.line(place(finding)): finding.at for finding in found}:
        raise GenerationError("\n".join(lines), list(lines.values()))


def _place(source: Source, overlaid: Overlaid, finding: Finding) -> str:
    """Where a finding comes from: the document, or the overlay if only that has the part."""
    is_missing = finding in unusable_service(source.value)  # of a part that neither has
    return source.place(finding.at) if finding.at in source.places or is_missing else overlaid.place(finding)


def _all_but_modules(folder: str, names: list[str]) -> list[str]:
    """The names in a folder that are neither modules nor folders."""
    return [
        name
        for name in names
        if name.startswith((".", "__pycache__")) or not (Path(folder, name).is_dir() or name.endswith(".py"))
    ]


def _require_valid_python(paths: Iterable[Path], root: Path, mend: str) -> None:
    for path in paths:
        try:
            compile(path.read_bytes(), path.name, "exec")
        except SyntaxError as error:
            where = f"{path.relative_to(root)}:{error.lineno or 1}"
            raise GenerationError(f"{where}: {error.msg}; {mend}") from None


def _format(package: Path) -> None:
    """Remove unused and repeated imports, sort the others, and format."""
    for command in (["check", "--fix-only", "--select=F401,F811,I"], ["format", f"--line-length={LINE_LENGTH}"]):
        # Isolated from a ruff configuration around the folder, which would change the output.
        ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", "--quiet", str(package)]
        done = subprocess.run(ruff, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        if done.returncode:
            raise GenerationError(f"ruff {command[0]}: {done.stdout}{done.stderr}")
