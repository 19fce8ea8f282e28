"""Builds the client's package in a folder: the generator, its templates, and what is laid over its output."""

from __future__ import annotations

import contextlib
import functools
import io
import re
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

import jinja2
import openapi_python_client
import pydantic
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData

from tools import provenance
from tools.generate import call_examples, refusals
from tools.generate.template_context import Rules, UncheckedRule
from tools.lint.targets import Overlaid, checked
from ventia_document.check import Fault, read_checked
from ventia_document.schemas import WORDS
from ventia_document.source import Json, Source, pointer, read, read_text

LINE_LENGTH = "120"
TEMPLATES = Path(openapi_python_client.__file__).with_name("templates")
"""The generator's own, which ours find under `generator/`."""


class GenerationError(Exception):
    """Nothing was generated; the text says why, and what would work."""


def build(root: Path, document: Path, package: Path) -> list[str]:
    """Write the whole package into a folder that is not there yet; the result is what a reader should know of it.

    Raises:
        GenerationError: the generator warns, drops something or fails, or is not of the locked version.
        DocumentError, OverlayError: an input cannot be read or applied.
    """
    _require_locked_versions(root)
    source = read_checked(document)
    overlaid = checked(source.value, read(root / refusals.OVERLAY))
    layers = root / "overlays/package"
    runtime = sorted((layers / "runtime").rglob("[!.]*.py"))
    _refuse_broken(runtime, root)
    place = functools.partial(_place, source, overlaid)
    for each in (source.value, overlaid.document):
        _refuse(refusals.of_document(each), place)
    described = _described(overlaid.document)
    config = _config(layers / "config.yaml", layers, package)
    data = GeneratorData.from_dict(described, config=config)
    _refuse(refusals.of_generator(data, described, _described(source.value)), place)
    assert isinstance(data, GeneratorData)
    _refuse(refusals.of_operations(overlaid.document, data), place)
    project = _project(data, config, layers / "templates")
    rules = _rules(source, data, layers / "runtime/_runtime/outcomes.py")
    project.env.globals.update(
        document=source.value, rules=rules, session=functools.partial(call_examples.session, package.name, rules)
    )
    with _template_errors(layers / "templates"):
        _run(project)
        _render_extra_templates(project, layers / "templates")
    _refuse_broken(sorted(package.rglob("*.py")), package.parent)
    _tidy(package)
    shutil.copytree(layers / "runtime", package, ignore=_all_but_modules, dirs_exist_ok=True)
    shutil.copy(root / "LICENSE", package)
    (package / "py.typed").touch()
    provenance.write(root, package)
    return [fault.told(place(fault)) for fault in refusals.left_to_the_server(overlaid.document)]


def _require_locked_versions(root: Path) -> None:
    for tool, locked in provenance.locked_versions(root).items():
        if version(tool) != locked:
            raise GenerationError(f"{tool} is {version(tool)}, but requirements.lock says {locked}; run make setup")


def _refuse(found: Iterable[Fault], place: Callable[[Fault], str]) -> None:
    if told := [fault.told(place(fault)) for fault in found]:
        raise GenerationError("\n".join(told))


def _place(source: Source, overlaid: Overlaid, fault: Fault) -> str:
    """Where a fault comes from: the document, or the overlay if only that has the part."""
    return source.place(fault.at) if fault.at in source.places else overlaid.place(fault)


def _project(data: GeneratorData, config: Config, templates: Path) -> Project:
    project = Project(openapi=data, config=config)
    own, generators = jinja2.FileSystemLoader(templates), jinja2.FileSystemLoader(TEMPLATES)
    project.env.loader = jinja2.ChoiceLoader([own, generators, jinja2.PrefixLoader({"generator": generators})])
    return project


def _rules(source: Source, data: GeneratorData, outcomes: Path) -> Rules:
    try:
        rules = Rules(source, data)
    except UncheckedRule as error:
        raise GenerationError(str(error)) from None
    own = re.findall(r"^class (\w+)", outcomes.read_text(encoding="utf-8"), re.M)
    for name in [error.name for error in rules.errors if error.name in own]:
        where = source.place(f"/components/responses/{name}")
        raise GenerationError(f"{where}: {name} is an error of the client's own; give the response another name")
    return rules


def _config(path: Path, layers: Path, package: Path) -> Config:
    return Config.from_sources(
        _settings(path),
        MetaType.NONE,
        document_source=layers,
        file_encoding="utf-8",
        overwrite=False,
        output_path=package,
    )


def _settings(path: Path) -> ConfigFile:
    source = read(path)
    known = sorted(ConfigFile.model_fields)
    if not isinstance(source.value, dict):
        raise GenerationError(f"{source.place('')}: holds no settings by name; there are {known}")
    for name in sorted(source.value.keys() - known):
        raise GenerationError(f"{source.place(pointer(name))}: {name!r} is no setting; there are {known}")
    try:
        return ConfigFile(**source.value)
    except pydantic.ValidationError as error:
        [first, *_] = error.errors()
        at = pointer(*first["loc"])
        raise GenerationError(f"{source.place(at)}: {at}: {first['msg']}") from None


@contextlib.contextmanager
def _template_errors(templates: Path) -> Iterator[None]:
    for path in templates.rglob("*.jinja"):
        read_text(path)  # of what is no text, Jinja does not tell the name
    try:
        yield
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        found = [f"{frame.filename}:{frame.lineno}" for frame in frames if frame.filename.endswith(".jinja")]
        if not found:
            raise
        raise GenerationError(f"{found[-1]}: {error}") from None


def _run(project: Project) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        said = project.build()
    if said:
        raise GenerationError("\n".join(f"openapi-python-client: {error.header}: {error.detail}" for error in said))


def _described(value: Json) -> Json:
    """The document with descriptions for docstrings: the form added, each paragraph in one line for the generator."""
    if isinstance(value, list):
        return [_described(item) for item in value]
    if not isinstance(value, dict):
        return value
    described = {key: _described(item) for key, item in value.items()}
    if isinstance(text := value.get("description"), str):
        paragraphs = re.sub(r"(?<=\S)\n(?=\w)", " ", text).strip()
        described["description"] = f"{paragraphs} {_form(value)}".strip()
    return described


def _form(schema: Json) -> str:
    """What a text must look like, in a sentence; empty if it may be any."""
    of_format = WORDS["format"].format(schema["format"]) if "format" in schema else ""
    rule = schema.get("x-rule", of_format)
    like = schema.get("examples")
    return f"{rule}, such as `{like[0]}`." if rule and isinstance(like, list) else ""


def _render_extra_templates(project: Project, templates: Path) -> None:
    """Render the templates that the generator does not know."""
    own = {path.name for path in TEMPLATES.iterdir()}
    strict = project.env.overlay(undefined=jinja2.StrictUndefined)  # which the generator's own would not pass
    for template in sorted(templates.rglob("*.py.jinja")):
        if template.name not in own:
            name = template.relative_to(templates)
            made = project.package_dir / name.with_suffix("")
            made.parent.mkdir(exist_ok=True)
            made.write_text(strict.get_template(name.as_posix()).render(), encoding="utf-8")


def _all_but_modules(folder: str, names: list[str]) -> list[str]:
    """The names in a folder that are no modules, nor folders of such."""
    return [
        name
        for name in names
        if name.startswith((".", "__pycache__")) or not (Path(folder, name).is_dir() or name.endswith(".py"))
    ]


def _refuse_broken(paths: Iterable[Path], around: Path) -> None:
    for path in paths:
        try:
            compile(path.read_bytes(), path.name, "exec")
        except SyntaxError as error:
            where = f"{path.relative_to(around)}:{error.lineno or 1}"
            raise GenerationError(f"{where}: {error.msg}; mend the runtime module, or the template it is of") from None


def _tidy(package: Path) -> None:
    """Leave out unused and repeated imports, sort the others, and format; `--isolated` from the folder's own rules."""
    for command in (["check", "--fix-only", "--select=F401,F811,I"], ["format", f"--line-length={LINE_LENGTH}"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", "--quiet", str(package)]
        done = subprocess.run(ruff, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        if done.returncode:
            raise GenerationError(f"ruff {command[0]}: {done.stdout}{done.stderr}")
