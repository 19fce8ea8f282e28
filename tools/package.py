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
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

import jinja2
import openapi_python_client
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError

from tools import overlay, provenance, samples
from tools.rules import Rules, UncheckedRule, shape
from ventia_document.check import read_checked
from ventia_document.operations import operations
from ventia_document.schemas import WORDS
from ventia_document.source import Json, Source, read

LINE_LENGTH = "120"
TEMPLATES = Path(openapi_python_client.__file__).with_name("templates")
"""The generator's own, which ours find under `generator/`."""


class GenerationError(Exception):
    """Nothing was generated; the text says why, and what would work."""


def build(root: Path, document: Path, package: Path) -> None:
    """Write the whole package into a folder that is not there yet.

    Raises:
        GenerationError: the generator warns, drops something or fails, or is not of the locked version.
        DocumentError, OverlayError: an input cannot be read or applied.
    """
    _require_locked_versions(root)
    source = read_checked(document)
    overlaid = overlay.apply(source.value, read(root / "overlays/document/client.yaml"))
    layers = root / "overlays/package"
    _refuse_broken(layers / "runtime")
    project = _project(_described(overlaid), layers, package)
    rules = _rules(source, project, layers / "runtime/outcomes.py")
    project.env.globals.update(
        document=source.value, rules=rules, session=functools.partial(samples.session, package.name, rules)
    )
    with _template_errors():
        _run(project)
        _render_extra_templates(project, layers / "templates")
    _refuse_dropped(project, source, overlaid)
    _refuse_broken(package)
    _tidy(package)
    shutil.copytree(layers / "runtime", package, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "LICENSE", package)
    (package / "py.typed").touch()
    provenance.write(root, package, source.value["info"]["version"])


def _require_locked_versions(root: Path) -> None:
    for tool, locked in provenance.locked_versions(root).items():
        if version(tool) != locked:
            raise GenerationError(f"{tool} is {version(tool)}, but requirements.lock says {locked}; run make setup")


def _project(document: Json, layers: Path, package: Path) -> Project:
    config = Config.from_sources(
        _config(layers / "config.yaml"),
        MetaType.NONE,
        document_source=layers,
        file_encoding="utf-8",
        overwrite=False,
        output_path=package,
    )
    data = GeneratorData.from_dict(document, config=config)
    if isinstance(data, GeneratorError):
        raise GenerationError(_said([data]))
    project = Project(openapi=data, config=config)
    own, generators = jinja2.FileSystemLoader(layers / "templates"), jinja2.FileSystemLoader(TEMPLATES)
    project.env.loader = jinja2.ChoiceLoader([own, generators, jinja2.PrefixLoader({"generator": generators})])
    return project


def _rules(source: Source, project: Project, outcomes: Path) -> Rules:
    try:
        rules = Rules(source, project.openapi)
    except UncheckedRule as error:
        raise GenerationError(str(error)) from None
    own = re.findall(r"^class (\w+)", outcomes.read_text(encoding="utf-8"), re.M)
    for name in [error.name for error in rules.errors if error.name in own]:
        where = source.place(f"/components/responses/{name}")
        raise GenerationError(f"{where}: {name} is an error of the client's own; give the response another name")
    return rules


def _config(path: Path) -> ConfigFile:
    settings = read(path).value
    if unknown := settings.keys() - ConfigFile.model_fields.keys():
        raise GenerationError(f"{path}: {sorted(unknown)} are no settings; there are {sorted(ConfigFile.model_fields)}")
    try:
        return ConfigFile(**settings)
    except ValueError as error:
        raise GenerationError(f"{path}: {error}") from None


@contextlib.contextmanager
def _template_errors() -> Iterator[None]:
    try:
        yield
    except jinja2.TemplateError as error:
        frames = traceback.extract_tb(error.__traceback__)
        [*_, template] = [f"{frame.filename}:{frame.lineno}" for frame in frames if frame.filename.endswith(".jinja")]
        raise GenerationError(f"{template}: {error}") from None


def _run(project: Project) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        said = project.build()
    if said:
        raise GenerationError(_said(said))


def _said(errors: Sequence[GeneratorError]) -> str:
    return "\n".join(f"openapi-python-client: {error.header}: {error.detail}" for error in errors)


def _refuse_dropped(project: Project, source: Source, overlaid: Json) -> None:
    """Refuse what the generator passes over without a word: operations, media types, and bodies that become Any."""
    collections = project.openapi.endpoint_collections_by_tag.values()
    made = {shape(e.method, e.path.get_untrusted_value()): e for each in collections for e in each.endpoints}
    for operation in operations(overlaid):
        endpoint = made.get(shape(operation.method, operation.path))
        bodies = [b.prop.get_type_string().as_unembedded_code() for b in endpoint.bodies] if endpoint else []
        if (
            endpoint is None
            or len(bodies) != len(operation.media_types)
            or any(re.search(r"\bAny\b", body) for body in bodies)
        ):
            raise GenerationError(
                f"{source.place(operation.at)}: {operation.at}: the generator cannot type this operation's body "
                f"({', '.join(bodies) or 'none'}); give it one that it can with overlays/document/client.yaml"
            )


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
    for template in sorted(templates.glob("*.py.jinja")):
        if template.name not in own:
            text = project.env.get_template(template.name).render()
            (project.package_dir / template.stem).write_text(text, encoding="utf-8")


def _refuse_broken(folder: Path) -> None:
    for path in sorted(folder.rglob("*.py")):
        try:
            compile(path.read_text(encoding="utf-8"), path.name, "exec")
        except SyntaxError as error:
            where = f"{path.relative_to(folder)}:{error.lineno}"
            raise GenerationError(f"{where}: {error.msg}; mend the template or the runtime module") from None


def _tidy(package: Path) -> None:
    """Leave out unused and repeated imports, sort the others, and format; `--isolated` from the folder's own rules."""
    for command in (["check", "--fix-only", "--select=F401,F811,I"], ["format", f"--line-length={LINE_LENGTH}"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", "--quiet", str(package)]
        done = subprocess.run(ruff, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        if done.returncode:
            raise GenerationError(f"ruff {command[0]}: {done.stdout}{done.stderr}")
