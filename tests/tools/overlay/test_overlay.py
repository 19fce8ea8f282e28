from __future__ import annotations

import contextlib
import copy
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tools.overlay.__main__ import main
from tools.overlay.document import OverlayError, read_actions
from tools.overlay.engine import apply
from ventia_document.source import DocumentError, Json, dump, read

ROOT = Path(__file__).parents[3]
CASES = sorted((Path(__file__).parent / "cases").iterdir())
STANDARD = ROOT.parent / "shared" / "overlay-compliance"

Write = Callable[[str, str | bytes], Path]


def names(path: Path) -> str:
    return "-".join(path.parts[-3:]) if path.is_file() else path.name


def standard(pattern: str) -> list[object]:
    """Files of the standard's test data; one skipped parameter where the data is not there."""
    found = sorted(STANDARD.glob(pattern))
    absent = pytest.param(
        None, marks=pytest.mark.skip("the standard's test data is not beside the project"), id="absent"
    )
    return list(found) or [absent]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture
def document(write: Write) -> Path:
    return write("document.yaml", "info:\n  title: Pets\n")


def overlay(*actions: Json) -> str:
    """A JSON text, and so a YAML text too, of an overlay that has these actions."""
    return json.dumps({"overlay": "1.1.0", "info": {"title": "Try", "version": "1.0.0"}, "actions": actions})


RENAME = overlay({"target": "$.info.title", "update": "Shop"})
STALE = overlay({"target": "$.info.title", "update": "Shop"}, {"target": "$.gone", "remove": True})


def apply_case(case: Path) -> Json:
    allow_unmatched = (case / "allow-unmatched").exists()
    return apply(read(case / "document.yaml").value, read(case / "overlay.yaml"), allow_unmatched=allow_unmatched)


@pytest.mark.parametrize("case", [case for case in CASES if (case / "output.yaml").exists()], ids=names)
def test_case_gives_its_output(case: Path) -> None:
    # As text, which has an order, and distinguishes true from 1.
    assert dump(read(case / "output.yaml").value) == dump(apply_case(case))


@pytest.mark.parametrize("case", [case for case in CASES if (case / "error.txt").exists()], ids=names)
def test_case_gives_its_error(case: Path) -> None:
    with pytest.raises(OverlayError) as caught:
        apply_case(case)
    assert str(caught.value).startswith(f"{case / 'overlay.yaml'}:")
    assert (case / "error.txt").read_text(encoding="utf-8").strip() in str(caught.value)


@pytest.mark.parametrize("case", CASES, ids=names)
def test_case_is_whole(case: Path) -> None:
    """A case has its document, its overlay, and either an output or an error."""
    assert (case / "document.yaml").exists()
    assert (case / "overlay.yaml").exists()
    assert (case / "output.yaml").exists() != (case / "error.txt").exists()


@pytest.mark.parametrize("case", standard("compliant-sets/*/overlay.yaml"), ids=names)
def test_standards_set_gives_its_output(case: Path) -> None:
    result = apply(read(case.with_name("openapi.yaml")).value, read(case))
    assert read(case.with_name("output.yaml")).value == result


@pytest.mark.parametrize("file", standard("tests/v*/pass/*.yaml"), ids=names)
def test_overlay_that_the_standard_passes_is_read(file: Path) -> None:
    source = read(file)
    assert len(source.value["actions"]) == len(read_actions(source))


@pytest.mark.parametrize("file", standard("tests/v*/fail/*.yaml"), ids=names)
def test_overlay_that_the_standard_fails_is_refused(file: Path) -> None:
    with pytest.raises(OverlayError, match=r": (the overlay|info|action \d+) "):
        read_actions(read(file))


@pytest.mark.parametrize("case", CASES, ids=names)
def test_apply_leaves_its_arguments_as_they_are(case: Path) -> None:
    document, source = read(case / "document.yaml").value, read(case / "overlay.yaml")
    before = copy.deepcopy((document, source.value))
    with contextlib.suppress(OverlayError):
        apply(document, source)
    assert before == (document, source.value)


def test_result_shares_nothing_with_the_overlay(write: Write) -> None:
    source = read(write("overlay.yaml", overlay({"target": "$", "update": {"tags": [{"name": "pets"}]}})))
    apply({}, source)["tags"][0]["name"] = "shop"
    assert {"tags": [{"name": "pets"}]} == source.value["actions"][0]["update"]


def test_value_that_a_document_holds_twice_changes_only_where_it_is_targeted(write: Write) -> None:
    limit = {"rate": 1}
    source = read(write("overlay.yaml", overlay({"target": "$.a.rate", "update": 2})))
    assert {"a": {"rate": 2}, "b": {"rate": 1}} == apply({"a": limit, "b": limit}, source)


def test_error_without_places_names_the_file(write: Write) -> None:
    source = read(write("overlay.json", STALE))
    with pytest.raises(OverlayError) as caught:
        apply({"info": {"title": "Pets"}}, source)
    assert str(caught.value).startswith(f'{source.path}: action 2 (target "$.gone") selects nothing')


def test_error_shows_the_start_of_a_long_value(write: Write) -> None:
    source = read(write("overlay.yaml", overlay({"target": "$", "update": "long " * 1000})))
    with pytest.raises(OverlayError, match=r'a primitive, "long .*…, into an object') as caught:
        apply({}, source)
    assert len(str(caught.value)) < 600


def test_document_that_is_too_deep_for_a_descendant_query_is_refused(write: Write) -> None:
    document: Json = {}
    for _ in range(200):
        document = {"deeper": document}
    with pytest.raises(OverlayError, match=r"has a target that goes too deep into the document; write the path out"):
        apply(document, read(write("overlay.yaml", overlay({"target": "$..x", "remove": True}))))


def test_target_that_is_nested_too_deep_is_refused(write: Write) -> None:
    target = f"$[?{'(' * 5000}@.x{')' * 5000}]"
    with pytest.raises(OverlayError, match="cannot be read as an RFC 9535 JSONPath"):
        apply({}, read(write("overlay.yaml", overlay({"target": target, "remove": True}))))


def test_an_overlay_error_is_a_document_error() -> None:
    """Who reads and overlays documents has one error to catch."""
    assert issubclass(OverlayError, DocumentError)


def test_overlays_apply_in_their_order_on_the_command_line(
    write: Write, document: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    add = write("add.yaml", overlay({"target": "$.info", "update": {"tags": ["a"]}}))
    more = write("more.yaml", overlay({"target": "$.info.tags", "update": ["b"]}))
    assert 0 == main([str(document), str(add), str(more)])
    assert "info:\n  title: Pets\n  tags:\n  - a\n  - b\n" == capfd.readouterr().out
    assert 1 == main([str(document), str(more), str(add)])
    assert f"{more}:1:" in capfd.readouterr().err


def test_without_out_yaml_is_printed(write: Write, document: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert 0 == main([str(document), str(write("overlay.yaml", RENAME))])
    assert ("info:\n  title: Shop\n", "") == capfd.readouterr()


def test_json_is_read_and_written(write: Write, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    document = write("document.json", '{"info": {"title": "Größe"}}')
    rename = write("overlay.json", overlay({"target": "$.info", "update": {"x-größe": 1}}))
    assert 0 == main([str(document), str(rename), "-o", str(tmp_path / "out.json")])
    expected = '{\n  "info": {\n    "title": "Größe",\n    "x-größe": 1\n  }\n}\n'
    assert expected == (tmp_path / "out.json").read_text(encoding="utf-8")
    assert ("", "") == capfd.readouterr()


def test_out_is_written_as_yaml(write: Write, document: Path, tmp_path: Path) -> None:
    assert 0 == main([str(document), str(write("overlay.yaml", RENAME)), "-o", str(tmp_path / "out.yaml")])
    assert "info:\n  title: Shop\n" == (tmp_path / "out.yaml").read_text(encoding="utf-8")
    assert {"document.yaml", "overlay.yaml", "out.yaml"} == {path.name for path in tmp_path.iterdir()}


def test_out_may_be_the_document(write: Write, document: Path) -> None:
    assert 0 == main([str(document), str(write("overlay.yaml", RENAME)), "-o", str(document)])
    assert "info:\n  title: Shop\n" == document.read_text(encoding="utf-8")


def test_stale_overlay_writes_nothing(
    write: Write, document: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stale = write("overlay.yaml", STALE)
    assert 1 == main([str(document), str(stale), "-o", str(tmp_path / "out.yaml")])
    assert {"document.yaml", "overlay.yaml"} == {path.name for path in tmp_path.iterdir()}
    out, err = capfd.readouterr()
    assert "" == out
    assert err.startswith(f"{stale}:1:")
    assert 'action 2 (target "$.gone") selects nothing' in err


def test_failure_leaves_an_existing_out_as_it_is(write: Write, document: Path) -> None:
    out = write("out.yaml", "precious: true\n")
    good, stale = write("good.yaml", RENAME), write("stale.yaml", STALE)
    assert 1 == main([str(document), str(good), str(stale), "-o", str(out)])
    assert "precious: true\n" == out.read_text(encoding="utf-8")


def test_failure_to_replace_out_leaves_it_and_no_other_file(
    write: Write, document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    out = write("out.yaml", "precious: true\n")
    rename = write("overlay.yaml", RENAME)
    monkeypatch.setattr(Path, "replace", refuse)
    assert 1 == main([str(document), str(rename), "-o", str(out)])
    assert f"{out}: cannot be written: No space left on device\n" == capfd.readouterr().err
    assert "precious: true\n" == out.read_text(encoding="utf-8")
    assert {"document.yaml", "overlay.yaml", "out.yaml"} == {path.name for path in tmp_path.iterdir()}


def test_out_that_is_no_regular_file_is_not_replaced(write: Write, document: Path, tmp_path: Path) -> None:
    """A device or a pipe, such as /dev/null, is not replaced by a file."""
    os.mkfifo(tmp_path / "out.yaml")
    assert 1 == main([str(document), str(write("overlay.yaml", RENAME)), "-o", str(tmp_path / "out.yaml")])
    assert (tmp_path / "out.yaml").is_fifo()


def test_failure_to_print_is_an_error(
    write: Write, document: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=io.BytesIO(), flush=refuse))
    assert 1 == main([str(document), str(write("overlay.yaml", RENAME))])
    assert "No space left on device" in capfd.readouterr().err


def test_text_that_utf_8_cannot_say_is_refused(write: Write, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    document = write("document.json", '{"info": {"title": "Pets", "summary": "\\ud800"}}')
    assert 1 == main([str(document), str(write("overlay.yaml", RENAME)), "-o", str(tmp_path / "out.json")])
    assert capfd.readouterr().err.startswith(f"{document}:")
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize("out", [".", "absent/out.yaml"])
def test_out_that_cannot_be_a_file_is_refused(
    out: str, write: Write, document: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert 1 == main([str(document), str(write("overlay.yaml", RENAME)), "-o", str(tmp_path / out)])
    assert capfd.readouterr().err.startswith(f"{tmp_path / out}: ")


def test_allow_unmatched_ignores_a_target_that_selects_nothing(
    write: Write, document: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert 0 == main([str(document), str(write("overlay.yaml", STALE)), "--allow-unmatched"])
    assert ("info:\n  title: Shop\n", "") == capfd.readouterr()


HOSTILE: dict[str, str | bytes] = {
    "empty.yaml": "",
    "array.yaml": "- a\n",
    "text.json": '"text"',
    "null.json": "null",
    "not-utf-8.yaml": b"title: \xff\xfe\n",
    "not-yaml.yaml": "a: [1\n",
    "not-json.json": "{",
    "control.yaml": "a: \x00\n",
    "list-as-key.yaml": "? [a]\n: 1\n",
    "same-key-twice.yaml": "a: 1\na: 2\n",
    "two-documents.yaml": "a: 1\n---\nb: 1\n",
    "unknown-alias.yaml": "a: *b\n",
    "contains-itself.yaml": "&a [*a]\n",
    "not-a-number.json": '{"a": NaN}',
    "deep.yaml": f"a: {'[' * 2000}{']' * 2000}\n",
    "deep.json": "[" * 100_000,
}


@pytest.mark.parametrize("name", [*HOSTILE, "missing.yaml", "."])
def test_file_that_is_none_is_refused_in_one_message(
    name: str, write: Write, document: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    hostile = write(name, HOSTILE[name]) if name in HOSTILE else tmp_path / name
    rename = write("overlay.yaml", RENAME)
    assert 1 == main([str(hostile), str(rename), "-o", str(tmp_path / "out.yaml")])
    assert 1 == main([str(document), str(hostile), "-o", str(tmp_path / "out.yaml")])
    assert not (tmp_path / "out.yaml").exists()
    assert capfd.readouterr().err.startswith(f"{hostile}:")


def test_document_that_is_no_object_is_refused_by_its_place(write: Write, capfd: pytest.CaptureFixture[str]) -> None:
    document = write("document.yaml", "# a comment\n- pets\n")
    assert 1 == main([str(document), str(write("overlay.yaml", RENAME))])
    assert f'{document}:2:1: the document is ["pets"]; it must be an object\n' == capfd.readouterr().err


def test_overlay_is_a_command(write: Write, document: Path) -> None:
    command = [sys.executable, "-m", "tools.overlay", str(document), str(write("overlay.yaml", STALE))]
    run = subprocess.run(command, capture_output=True, cwd=ROOT, check=False, text=True, encoding="utf-8")
    assert (1, "") == (run.returncode, run.stdout)
    assert "selects nothing" in run.stderr
    assert "Traceback" not in run.stderr


def test_command_without_an_overlay_is_a_usage_error(document: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([str(document)])
    assert 2 == caught.value.code
    assert "OVERLAY" in capfd.readouterr().err
