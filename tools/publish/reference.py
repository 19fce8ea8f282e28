"""Writes the reference page of the API: one HTML file that makes no requests.

python -m tools.reference [-o FILE]

Scalar renders the document under `overlays/document/reference.yaml`. Its script is in a Python package, so that Node.js
is not needed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import jinja2
from markupsafe import Markup

from tools import atomic
from tools.overlay.origin import sound
from tools.places import ROOT
from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_document.operations import Operation, operations
from ventia_document.samples import samples
from ventia_document.source import DocumentError, Json, read
from ventia_document.structure import nodes
from ventia_document.wire.keys import key_place

PAGE = ROOT / "ventia_mock/page/reference.html"
"""The page of the stand-in, in the checkout and in the wheel."""

_OVERLAY = ROOT / "overlays/document/reference.yaml"
_TEMPLATE = Path(__file__).with_name("reference.html")

_SETTINGS: dict[str, Json] = {
    "agent": {"disabled": True},
    "customCss": ".scalar-reference-intro-auth { display: none !important }"  # a form for an API key
    # The further fields of a body are a card of their own, on which its description would stand a second time.
    ".request-body-schema > .schema-card ~ .schema-card > .schema-card-description { display: none !important }",
    "defaultOpenAllTags": True,
    "documentDownloadType": "none",
    "hiddenClients": True,  # the document has samples of its own, which are tested
    "hideClientButton": True,
    "hideModels": True,  # they are shown in the operation, and so once
    "hideTestRequestButton": True,  # a message would reach a real person, but on the stand-in (reference.html)
    "mcp": {"disabled": True},
    "orderRequiredPropertiesFirst": False,
    "orderSchemaPropertiesBy": "preserve",
    "showDeveloperTools": "never",
    "telemetry": False,
    "withDefaultFonts": False,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Write the page; exit code 0 if it was written, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.reference", description="Write the API's reference page.")
    parser.add_argument("-o", dest="out", type=Path, default=PAGE, metavar="FILE", help=f"default: {PAGE.name}")
    out: Path = parser.parse_args(argv).out
    try:
        atomic.write(out, page(DOCUMENT, _OVERLAY).encode())
    except (DocumentError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{out} was written from {DOCUMENT.relative_to(ROOT)}")
    return 0


def page(document: Path, over: Path) -> str:
    """The page of a document under an overlay.

    Raises:
        DocumentError: one of them cannot be read or applied.
    """
    overlaid = sound(read_checked(document).value, read(over)).document
    for _, node in nodes(overlaid):
        _list_rules(node)
    for operation in operations(overlaid):
        _keep_first_example(operation)
    _describe_service(overlaid)
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(_TEMPLATE.read_text())
    script, settings = _embedded(_script()), _embedded(json.dumps({**_SETTINGS, "content": overlaid}))
    return template.render(document=overlaid, script=script, settings=settings)


def _list_rules(schema: dict[str, Json]) -> None:
    """Move the rules between fields, which Scalar does not show, into a list in the description."""
    parts = [part for part in schema.get("allOf", []) if isinstance(part, dict)]
    rules = [part for part in parts if "x-rule" in part and "$ref" not in part]
    if rules:
        others = [part for part in schema.pop("allOf") if part not in rules]
        listed = "\n".join(f"- {_in_words(part)}" for part in rules)
        described = {"description": f"{schema.get('description', '')}\n\n{listed}\n"}
        schema.update(described, **({"allOf": others} if others else {}))


def _in_words(rule: dict[str, Json]) -> str:
    """A rule in words, after its title if it has one."""
    return f"{rule['title']}: {rule['x-rule']}" if "title" in rule else str(rule["x-rule"])


def _keep_first_example(operation: Operation) -> None:
    """Keep one example of a body, and name those of the parameters like it, as Scalar wants them for a first request.

    Among many examples the page would offer a choice, which the samples do not follow.
    """
    for media_type in operation.media_types:
        kept = dict(list(media_type.value.get("examples", {}).items())[:1])
        media_type.value.update({"examples": kept} if kept else {})
        for parameter in operation.parameters:
            values = list(samples(operation.document, parameter).values())[:1]
            named = {name: {"value": value} for name in kept for value in values}
            parameter.value["examples"] = {**named, **parameter.value.get("examples", {})}


def _describe_service(document: Json) -> None:
    """Add the API keys and the rate limit, which Scalar does not show, to the introduction."""
    schemes, limit = document.get("components", {}).get("securitySchemes", {}).values(), document.get("x-rate-limit")
    lines = [f"{_where(each)}: {each.get('description', '')}" for each in schemes]
    if limit:
        most = f"{limit['requests']} requests are accepted in {limit['seconds']} seconds"
        lines.append(f"For each {limit.get('scope', 'caller')} {most}.")
    document["info"]["description"] = "\n\n".join([document["info"].get("description", "").strip(), *lines])


def _where(scheme: Json) -> str:
    place = key_place(scheme)
    return f"`{place.name}` in the {place.place}" + f", after `{place.prefix.strip()}`" * bool(place.prefix)


def code_samples() -> list[Json]:
    """The code samples of the overlay: language, label and source of each."""
    updates = [node["update"] for _, node in nodes(read(_OVERLAY).value) if "update" in node]
    return [sample for update in updates for sample in update.get("x-codeSamples", [])]


def _script() -> str:
    package = find_spec("flask_openapi3_scalar")
    assert package
    assert package.submodule_search_locations
    [folder] = package.submodule_search_locations
    return Path(folder, "templates/scalar/js/scalar.standalone.js").read_text(encoding="utf-8")


def _embedded(code: str) -> Markup:
    """JavaScript for HTML, with the tags in its texts escaped that would end it."""
    return Markup(re.sub("<(?=/script|!--)", r"\\x3c", code, flags=re.I))  # noqa: S704 - the code is our own


if __name__ == "__main__":
    sys.exit(main())
