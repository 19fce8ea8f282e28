"""`python -m tools.generate`: what it writes, when it does, and what it refuses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.tools.generate.conftest import Generate
from tools import provenance

pytestmark = pytest.mark.acceptance

Run = Callable[..., subprocess.CompletedProcess[str]]
PACKAGE = Path("generated/ventia_client")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_committed_client_is_what_any_checkout_makes(checkout: Path, run: Run) -> None:
    """Made anew in another folder, from nothing, the package has the same bytes."""
    committed = provenance.hashes(checkout / PACKAGE)
    for path in (checkout / PACKAGE).rglob("*.py"):
        path.unlink()
    assert (0, "") == ((done := run("tools.generate")).returncode, done.stderr)
    assert committed == provenance.hashes(checkout / PACKAGE)


def test_a_current_client_is_not_written_again(checkout: Path, generate: Generate) -> None:
    before = (checkout / PACKAGE).stat().st_ino
    assert (0, "") == ((done := generate()).returncode, done.stdout)
    assert before == (checkout / PACKAGE).stat().st_ino


def test_the_standard_library_alone_can_say_that_nothing_is_to_be_done(checkout: Path) -> None:
    """As make asks, with an interpreter that starts sooner since it looks for no installed package."""
    command = [sys.executable, "-S", str(checkout / "tools/provenance.py")]
    assert (0, b"") == ((done := subprocess.run(command, capture_output=True, check=False)).returncode, done.stderr)
    replace(checkout / "openapi/ventia.yaml", "title: Ventia\n", "title: Ventia 2\n")
    assert (1, b"") == ((done := subprocess.run(command, capture_output=True, check=False)).returncode, done.stderr)


def test_temporary_files_of_editors_are_no_inputs(checkout: Path) -> None:
    for name in (
        "runtime/.key.py.swp",
        "runtime/_runtime/key.pyc",
        "runtime/.#key.py",
        "templates/types.py.jinja~",
        ".DS_Store",
    ):
        (checkout / "overlays/package" / name).touch()
    assert provenance.is_current(checkout, checkout / PACKAGE)


def test_the_rest_of_a_killed_run_goes_with_the_next_one(checkout: Path, generate: Generate) -> None:
    left = checkout / "generated/.ventia_client.new"
    (left / "ventia_client").mkdir(parents=True)
    (left / "ventia_client/half.py").touch()
    replace(checkout / "openapi/ventia.yaml", "title: Ventia\n", "title: Ventia 2\n")
    assert 0 == generate().returncode
    assert {"ventia_client"} == {path.name for path in (checkout / "generated").iterdir()}


def test_a_file_that_is_missing_or_in_the_way_is_named(checkout: Path, generate: Generate) -> None:
    shutil.move(checkout / "generated", checkout / "kept")
    (checkout / "generated").touch()
    assert (1, True) == ((done := generate()).returncode, f"{checkout}/generated: " in done.stderr)
    (checkout / "requirements.lock").unlink()
    (checkout / "generated").unlink()
    shutil.move(checkout / "kept", checkout / "generated")
    assert_refused(checkout, generate, f"{checkout}/requirements.lock: No such file")


def test_touching_an_input_makes_nothing_stale(checkout: Path, generate: Generate) -> None:
    (checkout / "openapi/ventia.yaml").touch()
    assert "" == generate().stdout


def test_an_edited_output_is_written_anew(checkout: Path, generate: Generate) -> None:
    replace(checkout / PACKAGE / "client.py", "DEFAULT_TIMEOUT = 30.0", "DEFAULT_TIMEOUT = None")
    generate()
    assert "DEFAULT_TIMEOUT = 30.0" in (checkout / PACKAGE / "client.py").read_text(encoding="utf-8")


def test_check_names_the_differing_files_and_the_command_and_writes_nothing(checkout: Path, generate: Generate) -> None:
    replace(checkout / PACKAGE / "client.py", "DEFAULT_TIMEOUT = 30.0", "DEFAULT_TIMEOUT = None")
    (checkout / PACKAGE / "stray.py").touch()
    (checkout / PACKAGE / "types.py").unlink()
    edited = provenance.hashes(checkout)
    done = generate("--check")
    assert 1 == done.returncode
    named = [line.split(" is not ")[0] for line in done.stderr.splitlines()]
    assert [f"{PACKAGE}/client.py", f"{PACKAGE}/stray.py", f"{PACKAGE}/types.py"] == named
    assert "run make generate" in done.stderr
    assert edited == provenance.hashes(checkout)


def test_check_passes_on_a_current_client(generate: Generate) -> None:
    assert (0, "") == ((done := generate("--check")).returncode, done.stderr)


def test_a_changed_input_of_each_kind_makes_the_output_stale(checkout: Path) -> None:
    kinds = [
        "openapi/ventia.yaml",
        "overlays/document/client.yaml",
        "overlays/package/config.yaml",
        "overlays/package/runtime/client.py",
        "overlays/package/templates/_runtime/document.py.jinja",
        "tools/generate/package.py",
        "ventia_document/check.py",
        "ventia_document/openapi-3.1.json",
        "generated/ventia_client/LICENSE",
        "generated/ventia_client/PROVENANCE.json",
    ]
    for kind in kinds:
        path = checkout / kind
        before = path.read_bytes()
        path.write_bytes(before.replace(b'"', b"'", 1) + b"\n")
        assert not provenance.is_current(checkout, checkout / PACKAGE), kind
        path.write_bytes(before)
    assert provenance.is_current(checkout, checkout / PACKAGE)


def test_the_provenance_names_inputs_versions_and_files(checkout: Path) -> None:
    recorded = json.loads((checkout / PACKAGE / provenance.NAME).read_text(encoding="utf-8"))
    assert {"openapi/ventia.yaml", "overlays/document/client.yaml"} < recorded["inputs"].keys()
    assert {tool: version(tool) for tool in provenance.TOOLS} == recorded["versions"]
    assert {"client.py", "py.typed", "LICENSE"} < recorded["files"].keys()


def test_the_provenance_names_every_module_that_generating_imports_and_none_of_the_lint(checkout: Path) -> None:
    """The closure of the imports, found in the modules' texts, holds all that are loaded when the package is built."""
    code = (
        "import sys; from tools.generate.__main__ import main; main(['--check'])\n"
        "ours = [each for name, each in sys.modules.items() if name.split('.')[0] in ('tools', 'ventia_document')]\n"
        "print(*(module.__file__ for module in ours))"
    )
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    loaded = {str(Path(path).relative_to(checkout)) for path in done.stdout.split()}
    recorded = json.loads((checkout / PACKAGE / provenance.NAME).read_text(encoding="utf-8"))["inputs"].keys()
    assert {"tools/generate/package.py", "tools/overlay/origin.py", "ventia_document/keywords.py"} < loaded
    assert loaded <= recorded
    assert not [name for name in recorded if name.startswith("tools/lint")]


def assert_refused(checkout: Path, generate: Generate, *said: str) -> None:
    before = provenance.hashes(checkout / "generated")
    done = generate()
    assert (1, "") == (done.returncode, done.stdout)
    assert "Traceback" not in done.stderr
    for words in said:
        assert words in done.stderr
    assert before == provenance.hashes(checkout / "generated")


def test_a_document_that_is_no_yaml_is_refused_with_its_line(checkout: Path, generate: Generate) -> None:
    replace(checkout / "openapi/ventia.yaml", "info:\n", "info: [\n")
    assert_refused(checkout, generate, "openapi/ventia.yaml:", "not YAML")


def test_an_overlay_that_does_not_fit_is_refused_with_its_action(checkout: Path, generate: Generate) -> None:
    replace(checkout / "overlays/document/client.yaml", "$.components.parameters.ContactId.schema\n", "$.securities\n")
    assert_refused(checkout, generate, "overlays/document/client.yaml:", "$.securities")


def test_a_body_that_the_generator_cannot_type_is_refused_with_its_place(checkout: Path, generate: Generate) -> None:
    reference = "- $ref: '#/components/schemas/ChannelMessage'"
    replace(checkout / "overlays/document/client.yaml", reference, "- required: [channelId]")
    assert_refused(checkout, generate, "openapi/ventia.yaml:", "/post", "cannot type")


def test_a_media_type_that_the_generator_drops_is_refused(checkout: Path, generate: Generate) -> None:
    media_type = (
        "          application/json:\n            schema:\n              $ref: '#/components/schemas/Message'\n"
    )
    dropped = "          application/xml:\n            schema:\n              type: string\n"
    replace(checkout / "openapi/ventia.yaml", media_type, dropped + media_type)
    assert_refused(checkout, generate, "application/xml")


def test_a_warning_of_the_generator_is_a_refusal(checkout: Path, generate: Generate) -> None:
    replace(checkout / "openapi/ventia.yaml", "      operationId: createMessage\n", "")
    replace(checkout / "openapi/ventia.yaml", "'200':\n          $ref", "'2oo':\n          $ref")
    assert_refused(checkout, generate, "2oo")


def test_a_template_that_fails_leaves_the_old_package(checkout: Path, generate: Generate) -> None:
    replace(
        checkout / "overlays/package/templates/_runtime/document.py.jinja",
        "document.info.version",
        "document.nothing.version",
    )
    assert_refused(checkout, generate, "overlays/package/templates/_runtime/document.py.jinja:")


def test_another_version_of_the_generator_is_refused(checkout: Path, generate: Generate) -> None:
    replace(checkout / "requirements.lock", "openapi-python-client==", "openapi-python-client==9.")
    assert_refused(checkout, generate, "openapi-python-client is", "make setup")


def test_a_keyword_that_the_client_cannot_check_is_refused_with_its_place(checkout: Path, generate: Generate) -> None:
    rule = "        - title: template without media\n"
    replace(checkout / "openapi/ventia.yaml", rule, "        - $anchor: it\n" + rule)
    assert_refused(checkout, generate, "openapi/ventia.yaml:", "/components/schemas/Message/allOf/4", "'$anchor'")


def test_a_pattern_that_python_cannot_read_is_refused_with_its_place(checkout: Path, generate: Generate) -> None:
    replace(checkout / "openapi/ventia.yaml", "pattern: ^[0-9a-fA-F]{24}$", "pattern: ^\\p{Hex_Digit}{24}$")
    assert_refused(
        checkout,
        generate,
        "openapi/ventia.yaml:",
        "/components/schemas/ObjectId/pattern",
        "is no escape that all engines know",
    )


def test_a_response_with_the_name_of_an_error_of_the_clients_own_is_refused(checkout: Path, generate: Generate) -> None:
    document = checkout / "openapi/ventia.yaml"
    document.write_text(document.read_text(encoding="utf-8").replace("SessionNotOnline", "NotSent"), encoding="utf-8")
    assert_refused(checkout, generate, "openapi/ventia.yaml:", "NotSent is a name of the client's own")


def test_an_error_response_of_any_name_becomes_a_class(checkout: Path, generate: Generate) -> None:
    document = checkout / "openapi/ventia.yaml"
    renamed = document.read_text(encoding="utf-8").replace("SessionNotOnline", "session.not-online")
    document.write_text(renamed, encoding="utf-8")
    assert 0 == generate().returncode
    errors = (checkout / PACKAGE / "errors.py").read_text(encoding="utf-8")
    assert "class SessionNotOnline(Refused):" in errors
