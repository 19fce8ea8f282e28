"""Names of the document that would hide names of the client: renamed, or refused at their places."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

from openapi_python_client import Project
from openapi_python_client.parser import properties
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.schema.untrusted_string import UntrustedString
from openapi_python_client.strings import ClassName, PythonIdentifier

from tools.generate.generator import TEMPLATES, renderer
from ventia_document.operations import operations
from ventia_document.source import Finding, Json, pointer


def rename(project: Project, templates: Path) -> None:
    """Give each parameter and field whose name the templates use themselves another name in Python: `cls_`."""
    render_endpoint, render_model = renderer(project)
    words = _words(templates, "endpoint")
    for collection in project.openapi.endpoint_collections_by_tag.values():
        for endpoint in collection.endpoints:
            parameters = [prop for _, prop in endpoint.iter_all_parameters()]
            renamed = _renamed(parameters, words, lambda endpoint=endpoint: render_endpoint(endpoint))  # type: ignore[misc]  # mypy knows no default of a lambda
            _rename_in_path(endpoint, renamed)
    words = _words(templates, "model")
    for model in project.openapi.models:
        fields = [*(model.required_properties or ()), *(model.optional_properties or ())]
        _renamed(fields, words, lambda model=model: render_model(model))  # type: ignore[misc]  # as above


def like_templates(project: Project, templates: Path) -> bool:
    """Whether a class or an operation has a name that a module could have from its template."""
    classes = [each.class_info.name for each in (*project.openapi.models, *project.openapi.enums)]
    collections = project.openapi.endpoint_collections_by_tag.values()
    named = [*classes, *(endpoint.name for collection in collections for endpoint in collection.endpoints)]
    words = _words(templates, "")
    return not words.isdisjoint(map(str, named))


def _words(templates: Path, kind: str) -> set[str]:
    """The names that a kind of module may have from our templates, the generator's, and its code for types."""
    return _words_in(templates, kind) | _words_in(TEMPLATES, kind) | _words_of_properties()


def _words_in(folder: Path, kind: str) -> set[str]:
    """Everything in the templates of a kind of module that may be a name of Python."""
    found: set[str] = set()
    for path in folder.rglob("*.jinja"):
        is_other = path.parent == folder and path.name.endswith(".py.jinja") and not path.name.startswith(kind)
        if not is_other:
            text = path.read_text(encoding="utf-8")
            found |= _words_in_code(" ".join([_JINJA.sub(" ", text), *_texts(" ".join(_JINJA.findall(text)))]))
    return found


@cache
def _words_of_properties() -> frozenset[str]:
    """The names in the imports that the generator's own code for types writes."""
    texts = [path.read_text(encoding="utf-8") for path in Path(properties.__file__).parent.glob("*.py")]
    imports = [each for text in texts for each in _texts(text) if "import " in each]
    return frozenset(word for each in imports for word in _words_in_code(each))


_JINJA = re.compile(r"\{#.*?#\}|\{[{%].*?[}%]\}", re.S)


def _texts(code: str) -> list[str]:
    """The inside of the strings of one line."""
    return [text for found in re.findall(r'"([^"\n]*)"|\'([^\'\n]*)\'', code) for text in found]


def _words_in_code(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_]\w*", _code(text)))


def _renamed(properties: Sequence[PropertyProtocol], words: set[str], render: Callable[[], str]) -> dict[str, str]:
    """The new names of properties by their old ones, where a module uses the name for something else."""
    names = [str(prop.python_name) for prop in properties]
    if words.isdisjoint(names):
        return {}
    for number, prop in enumerate(properties):  # names that no template uses, to see those that the module does
        prop.python_name = PythonIdentifier(f"zz{number}zz", "")
    used = _names(render(), names)
    found: dict[str, str] = {}
    for prop, name in zip(properties, names, strict=True):
        new = name
        while new in used or (new != name and new in names):
            new += "_"
        prop.python_name = PythonIdentifier(new, "field_", skip_snake_case=True)
        found[name] = new
    return found


def _rename_in_path(endpoint: Endpoint, renamed: dict[str, str]) -> None:
    path = endpoint.path.get_untrusted_value()
    endpoint.path = UntrustedString(re.sub(r"\{(\w+)\}", lambda found: f"{{{renamed.get(found[1], found[1])}}}", path))


_STRING_OR_COMMENT = re.compile(
    r"""(\w*)(?:"{3}(?:\\.|[^\\])*?"{3}|'{3}(?:\\.|[^\\])*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\#[^\n]*""",
    re.S,
)


def _code(module: str) -> str:
    """A module without comments and strings, but for f-strings, which have names in them."""
    return _STRING_OR_COMMENT.sub(lambda found: found[0] if "f" in (found[1] or "").lower() else " ", module)


def _names(module: str, wanted: Sequence[str]) -> set[str]:
    """The names that a module binds or uses; none if it cannot be any of those that are wanted."""
    found: set[str] = set()
    if set(wanted).isdisjoint(re.findall(r"(?<![.\w])[A-Za-z_]\w*", _code(module))):
        return found  # to parse all modules takes a third of the time of generating
    for node in ast.walk(ast.parse(module)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name)
    return found


def colliding(project: Project, package: Path, modules: set[str], document: Json) -> Iterator[Finding]:
    """Schemas, responses and operations whose names would hide others of the generated package.

    Args:
        modules: the modules at the top of the package.
    """
    yield from _like_modules(project, document)
    yield from _like_responses(document)
    bound = {(name, path.stem == "errors") for path in package.rglob("*.py") for name in _bound_twice(path)}
    for name, is_error in sorted(bound):
        yield from _refused(document, name, "responses" if is_error else "schemas")
    for operation in operations(document):
        name = str(PythonIdentifier(operation.id, "field_"))
        if name in modules:
            message = f"{name!r} is a module of the client's own; give the operation another operationId"
            yield Finding(operation.at + "/operationId", message)


def _bound_twice(path: Path) -> list[str]:
    """The names that a module imports or defines as two things, or twice."""
    text = path.read_text(encoding="utf-8")
    if not _may_bind_twice(text):
        return []  # to parse all modules takes a tenth of the time of generating
    sources: defaultdict[str, set[str]] = defaultdict(set)
    tree = ast.parse(text)
    for node in _statements(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                sources[alias.asname or alias.name].add(f"{'.' * node.level}{node.module or ''}:{alias.name}")
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            sources[node.name].add(f"defined in line {node.lineno}")
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    sources[target.id].add("assigned")
    return [name for name, found in sources.items() if len(found) > 1]


_BINDING = re.compile(
    r"^[ \t]*(?:from[ \t]+(\S+)[ \t]+)?import[ \t]+(\([^)]*\)|.+)|"
    r"^(?:class|(?:async[ \t]+)?def)[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]+)?=(?!=)",
    re.M,
)


def _may_bind_twice(module: str) -> bool:
    """Whether a name is in several imports or definitions of a module, as far as its lines show."""
    bound: set[tuple[str, str]] = set()
    for source, imported, *defined in _BINDING.findall(module):
        for each in imported.partition("#")[0].strip("() \n").split(","):
            bound.add((each.rpartition(" as ")[2].strip(), f"{source}:{each.strip()}"))
        bound.update((name, f"defined {len(bound)}") for name in defined)
    counted = Counter(name for name, _ in bound if name)
    return any(count > 1 for count in counted.values())


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """The statements in a tree, at any depth; imports are nowhere in expressions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
            yield node
            yield from _statements(node)


def _refused(document: Json, name: str, kind: str) -> Iterator[Finding]:
    """The components of a kind, and the operations, that are called by a name in the client."""
    named = document.get("components", {}).get(kind, {})
    parts = [pointer("components", kind, each) for each in named if ClassName(each, "field_") == name]
    parts += [
        operation.at + "/operationId"
        for operation in operations(document)
        if PythonIdentifier(operation.id, "field_") == name
    ]
    for at in parts or [""]:
        yield Finding(at, f"{name} is a name of the client's own, or of another part; give this another name")


def _like_modules(project: Project, document: Json) -> Iterator[Finding]:
    """Schemas whose modules are one file, on a disk that ignores case too."""
    classes = [each.class_info for each in (*project.openapi.models, *project.openapi.enums)]
    counted = Counter(each.module_name.lower() for each in classes)
    for name in [str(each.name) for each in classes if counted[each.module_name.lower()] > 1]:
        yield from _refused(document, name, "schemas")


def _like_responses(document: Json) -> Iterator[Finding]:
    named: defaultdict[str, list[str]] = defaultdict(list)
    for name in document.get("components", {}).get("responses", {}):
        named[ClassName(name, "field_")].append(name)
    for made, names in named.items():
        for name in names[1:]:
            message = f"makes a class {made} as {names[0]!r} does; give it another name"
            yield Finding(pointer("components", "responses", name), message)
