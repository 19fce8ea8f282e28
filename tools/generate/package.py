"""Builds the client's package: the generator's modules, then the runtime modules, then the record of its inputs."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

from openapi_python_client.parser import GeneratorData

from tools import provenance
from tools.generate import call_examples, generator, refusals
from tools.generate.errors import GenerationError
from tools.generate.prepared import media_type_overrides, simplified, with_docstrings
from tools.generate.template_context import TemplateContext
from tools.overlay.origin import Overlaid, sound
from ventia_document.check import read_checked
from ventia_document.source import Finding, Source, read

LINE_LENGTH = "120"


def build(root: Path, document: Path, package: Path) -> None:
    """Write the package into a new folder.

    Raises:
        GenerationError: the generator warns, drops something or fails, or is not of the locked version.
        DocumentError, OverlayError: an input cannot be read or applied.
    """
    _require_locked_versions(root)
    source = read_checked(document)
    overlaid = sound(source.value, read(root / refusals.OVERLAY))
    layers = root / "overlays/package"
    runtime = sorted((layers / "runtime").rglob("[!.]*.py"))
    _require_valid_python(runtime, root)
    place = functools.partial(_place, source, overlaid)
    for each in (source.value, overlaid.document):
        _refuse(refusals.of_document(each), place)
    described = simplified(with_docstrings(overlaid.document))
    config = generator.config(layers / "config.yaml", layers, package, media_type_overrides(described))
    data = GeneratorData.from_dict(described, config=config)
    _refuse(refusals.of_generator(data, described, with_docstrings(source.value)), place)
    assert isinstance(data, GeneratorData)
    _refuse(refusals.of_operations(overlaid.document, data), place)
    context = TemplateContext(source, data)
    _require_own_names(source, context, layers / "runtime/_runtime/outcomes.py")
    project = generator.project(data, config, layers / "templates")
    session = functools.partial(call_examples.session, package.name, context)
    project.env.globals.update(document=source.value, rules=context, session=session)
    generator.run(project, layers / "templates")
    _require_valid_python(sorted(package.rglob("*.py")), package.parent)
    _format(package)
    shutil.copytree(layers / "runtime", package, ignore=_all_but_modules, dirs_exist_ok=True)
    shutil.copy(root / "LICENSE", package)
    (package / "py.typed").touch()
    provenance.write(root, package)


def _require_locked_versions(root: Path) -> None:
    for tool, locked in provenance.locked_versions(root).items():
        if version(tool) != locked:
            raise GenerationError(f"{tool} is {version(tool)}, but requirements.lock says {locked}; run make setup")


def _refuse(findings: Iterable[Finding], place: Callable[[Finding], str]) -> None:
    if lines := [finding.line(place(finding)) for finding in findings]:
        raise GenerationError("\n".join(lines))


def _place(source: Source, overlaid: Overlaid, finding: Finding) -> str:
    """Where a finding comes from: the document, or the overlay if only that has the part."""
    return source.place(finding.at) if finding.at in source.places else overlaid.place(finding)


def _require_own_names(source: Source, context: TemplateContext, outcomes: Path) -> None:
    """Refuse a response component that is named like an error class of the runtime modules."""
    own = re.findall(r"^class (\w+)", outcomes.read_text(encoding="utf-8"), re.M)
    for name in [error.name for error in context.errors if error.name in own]:
        where = source.place(f"/components/responses/{name}")
        raise GenerationError(f"{where}: {name} is an error of the client's own; give the response another name")


def _all_but_modules(folder: str, names: list[str]) -> list[str]:
    """The names in a folder that are neither modules nor folders."""
    return [
        name
        for name in names
        if name.startswith((".", "__pycache__")) or not (Path(folder, name).is_dir() or name.endswith(".py"))
    ]


def _require_valid_python(paths: Iterable[Path], root: Path) -> None:
    for path in paths:
        try:
            compile(path.read_bytes(), path.name, "exec")
        except SyntaxError as error:
            where = f"{path.relative_to(root)}:{error.lineno or 1}"
            raise GenerationError(f"{where}: {error.msg}; mend the runtime module, or the template it is of") from None


def _format(package: Path) -> None:
    """Remove unused and repeated imports, sort the others, and format."""
    for command in (["check", "--fix-only", "--select=F401,F811,I"], ["format", f"--line-length={LINE_LENGTH}"]):
        # Isolated from a ruff configuration around the folder, which would change the output.
        ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", "--quiet", str(package)]
        done = subprocess.run(ruff, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        if done.returncode:
            raise GenerationError(f"ruff {command[0]}: {done.stdout}{done.stderr}")
