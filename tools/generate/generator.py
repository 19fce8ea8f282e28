"""openapi-python-client with this project's settings and templates."""

from __future__ import annotations

import contextlib
import io
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import jinja2
import openapi_python_client
import pydantic
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.strings import PythonCode

from tools.generate.errors import GenerationError
from ventia_document.source import pointer, read, read_text

TEMPLATES = Path(openapi_python_client.__file__).with_name("templates")
"""The generator's own templates, which the project's find under `generator/`."""


def config(path: Path, layers: Path, package: Path, media_types: dict[str, str]) -> Config:
    """The generator's configuration, of a file of settings.

    Args:
        media_types: the generator's names of media types that it does not know.

    Raises:
        GenerationError: a setting is unknown, or of another type.
    """
    return Config.from_sources(
        _settings(path).model_copy(update={"content_type_overrides": media_types}),
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


OF_PARTS = ("model.py.jinja", "endpoint_module.py.jinja")
"""The templates of the modules that are as many as the document has classes and operations."""


def project(data: GeneratorData, config: Config, templates: Path) -> Project:
    """The generator at work on a document, with templates that override its own of the same names."""
    made = Project(openapi=data, config=config)
    own, generators = jinja2.FileSystemLoader(templates), jinja2.FileSystemLoader(TEMPLATES)
    made.env.loader = jinja2.ChoiceLoader([own, generators, jinja2.PrefixLoader({"generator": generators})])
    return made


def leave_out_parts(project: Project) -> None:
    """Make the modules of classes and operations empty, which saves most of the time."""
    loaders = [jinja2.DictLoader(dict.fromkeys(OF_PARTS, "")), *filter(None, [project.env.loader])]
    project.env.loader = jinja2.ChoiceLoader(loaders)


def renderer(project: Project) -> tuple[Callable[[Endpoint], str], Callable[[ModelProperty], str]]:
    """Functions that make the module of an endpoint, and of a class, as the project writes them."""
    is_bool = {"isbool": lambda prop: prop.get_base_type_string() == PythonCode("bool")}
    endpoints = project.env.get_template("endpoint_module.py.jinja", globals=is_bool)
    models = project.env.get_template("model.py.jinja")
    return lambda endpoint: endpoints.render(endpoint=endpoint), lambda model: models.render(model=model)


def run(project: Project, templates: Path) -> None:
    """Write the package: the generator's modules, and one for each template that the generator does not know.

    Raises:
        GenerationError: the generator warns, or a template fails.
    """
    with template_errors(templates):
        _build(project)
        _render_extra_templates(project, templates)


@contextlib.contextmanager
def template_errors(templates: Path) -> Iterator[None]:
    """Raise an error of a template as a GenerationError with its place."""
    for path in templates.rglob("*.jinja"):
        read_text(path)  # Jinja's own error of a file that is not UTF-8 does not name it
    try:
        yield
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        found = [f"{frame.filename}:{frame.lineno}" for frame in frames if frame.filename.endswith(".jinja")]
        if not found:
            raise
        raise GenerationError(f"{found[-1]}: {error}") from None


def _build(project: Project) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        errors = project.build()
    if errors:
        raise GenerationError("\n".join(f"openapi-python-client: {each.header}: {each.detail}" for each in errors))


def _render_extra_templates(project: Project, templates: Path) -> None:
    strict = project.env.overlay(undefined=jinja2.StrictUndefined)  # not for the generator's own, which would fail
    for template in sorted(templates.rglob("*.py.jinja")):
        name = template.relative_to(templates)
        if not (TEMPLATES / name).is_file():
            module = project.package_dir / name.with_suffix("")
            module.parent.mkdir(exist_ok=True)
            module.write_text(strict.get_template(name.as_posix()).render(), encoding="utf-8")
