"""`python -m tools.vendor`: what it copies, when it refuses, and that no interruption leaves a mixture."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools import atomic, provenance
from tools.places import PACKAGE, ROOT
from tools.publish import vendor

pytestmark = pytest.mark.acceptance


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An application's package, whose code must not run."""
    app = tmp_path / "src" / "app"
    app.mkdir(parents=True)
    (app / "__init__.py").write_text("raise SystemExit('the application ran')\n", encoding="utf-8")
    return app


@pytest.fixture
def old(app: Path) -> Path:
    """A copy of an older version in an application, unedited, with a module that is gone since."""
    place = app / "_vendor" / PACKAGE.name
    shutil.copytree(PACKAGE, place)
    (place / "gone.py").write_text("OLD = True\n", encoding="utf-8")
    record = (provenance.read(place) or {}) | {"api_version": "0.0.9", "files": provenance.files(place)}
    (place / provenance.NAME).write_text(json.dumps(record), encoding="utf-8")
    return place


def vendored(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = vendor.main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    return code, printed.out, printed.err


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_package_and_nothing_else_is_copied(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == vendored(capsys, app / "_vendor")[0]
    assert {PACKAGE.name} == names(app / "_vendor")
    copied = provenance.hashes(app / "_vendor" / PACKAGE.name)
    assert provenance.hashes(PACKAGE) == copied
    assert {"LICENSE", "PROVENANCE.json", "py.typed"} < copied.keys()
    assert {"__init__.py", "_vendor"} == names(app)


def test_it_prints_the_new_name_the_version_and_the_requirements(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, printed, _ = vendored(capsys, app / "_vendor")
    first, name, needs = printed.splitlines()
    assert first.endswith(f"_vendor/ventia_client is ventia_client {(provenance.read(PACKAGE) or {})['api_version']}")
    assert f"import it as app._vendor.ventia_client, with {app.parent} among the folders of sys.path" == name
    for library in ("anyio", "attrs", "httpcore", "httpx", "httpx-retries", "redis"):
        assert library in needs


def test_the_copy_is_used_by_its_new_name_alone(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (app / "__init__.py").write_text("", encoding="utf-8")
    vendored(capsys, app / "_vendor")
    code = (
        "from app._vendor.ventia_client import Client, errors; import sys\n"
        "Client('k'); sys.exit('ventia_client' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=app.parent, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)


def test_an_older_copy_is_replaced_and_removed_modules_go(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, _ = vendored(capsys, old.parent)
    assert (0, True) == (code, ", and was ventia_client 0.0.9" in printed)
    assert provenance.hashes(PACKAGE) == provenance.hashes(old)
    assert {PACKAGE.name} == names(old.parent)


def test_other_vendored_packages_stay(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (old.parent / "other").mkdir()
    (old.parent / "__init__.py").touch()
    assert 0 == vendored(capsys, old.parent)[0]
    assert {"__init__.py", "other", PACKAGE.name} == names(old.parent)


def edit(place: Path) -> None:
    with (place / "client.py").open("a", encoding="utf-8") as file:
        file.write("DEBUG = True\n")


def add(place: Path) -> None:
    (place / "helpers.py").touch()


def drop(place: Path) -> None:
    (place / "gone.py").unlink()


def link_to_itself(place: Path) -> None:
    (place / "_runtime/key.py").rename(place.parent / "key.py")
    (place / "_runtime/key.py").symlink_to(place.parent / "key.py")


def link_to_nothing(place: Path) -> None:
    (place / "more.py").symlink_to("nothing.py")


def link_to_a_folder(place: Path) -> None:
    (place / "more").symlink_to(place.parent)


def pipe(place: Path) -> None:
    os.mkfifo(place / "pipe")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        *((edit, "client.py"), (add, "helpers.py"), (drop, "gone.py (deleted)"), (link_to_itself, "_runtime/key.py")),
        *((link_to_nothing, "more.py"), (link_to_a_folder, "more"), (pipe, "pipe")),
    ],
)
@pytest.mark.parametrize("options", [(), ("--check",)])
def test_a_copy_that_was_edited_by_hand_is_refused_and_kept(
    old: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[Path], None],
    named: str,
    options: tuple[str, ...],
) -> None:
    change(old)
    before = provenance.hashes(old.parent)
    code, printed, error = vendored(capsys, *options, old.parent)
    assert (1, "") == (code, printed)
    assert f"was edited by hand: {named};" in error
    assert before == provenance.hashes(old.parent)


def other_line_ends(place: Path) -> None:
    """As git checks out with `core.autocrlf=true`."""
    for path in place.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def left_behind(place: Path) -> None:
    """As file managers, editors and Python leave behind."""
    for name in (".DS_Store", "models/._client.py", "Thumbs.db", "desktop.ini", ".client.py.swp", ".idea/a.xml"):
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_bytes(b"\0")
    (place / "__pycache__").mkdir(exist_ok=True)


@pytest.mark.parametrize("change", [other_line_ends, left_behind])
def test_what_no_person_did_to_a_copy_leaves_it_current(
    app: Path, capsys: pytest.CaptureFixture[str], change: Callable[[Path], None]
) -> None:
    place = app / "_vendor" / PACKAGE.name
    shutil.copytree(PACKAGE, place)
    change(place)
    assert 0 == vendored(capsys, "--check", place.parent)[0]


@pytest.mark.parametrize("change", [other_line_ends, left_behind])
def test_what_no_person_did_to_an_older_copy_does_not_hold_up_a_newer(
    old: Path, capsys: pytest.CaptureFixture[str], change: Callable[[Path], None]
) -> None:
    change(old)
    code, _, error = vendored(capsys, "--check", old.parent)
    assert 1 == code
    assert "edited by hand" not in error
    assert 0 == vendored(capsys, old.parent)[0]
    assert provenance.hashes(PACKAGE) == provenance.hashes(old)
    assert not (old / ".DS_Store").exists()


def folder(place: Path) -> None:
    place.mkdir(parents=True)
    (place / "theirs.py").touch()


def file(place: Path) -> None:
    place.parent.mkdir(parents=True)
    place.touch()


def link(place: Path) -> None:
    place.parent.mkdir(parents=True)
    place.symlink_to(PACKAGE.parent)


def unread(place: Path) -> None:
    folder(place)
    (place / provenance.NAME).write_text("[]", encoding="utf-8")


def deep(place: Path) -> None:
    folder(place)
    (place / provenance.NAME).write_text("[" * 200_000, encoding="utf-8")


@pytest.mark.parametrize("make", [folder, file, link, unread, deep])
def test_only_a_copy_is_ever_replaced(
    app: Path, capsys: pytest.CaptureFixture[str], make: Callable[[Path], None]
) -> None:
    make(app / "_vendor" / PACKAGE.name)
    before = provenance.hashes(app)
    code, _, error = vendored(capsys, app / "_vendor")
    assert (1, True) == (code, "is no copy of this package" in error)
    assert before == provenance.hashes(app)


@pytest.mark.parametrize("own", [PACKAGE.parent, PACKAGE / "api", ROOT / "overlays/package/runtime"])
def test_the_package_is_not_copied_into_the_toolkit_itself(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = provenance.hashes(own)
    code, _, error = vendored(capsys, own)
    assert (1, True) == (code, "lies in the toolkit itself" in error)
    assert before == provenance.hashes(own)


def test_a_folder_that_cannot_be_made_is_refused(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (app / "lost").symlink_to(app / "nowhere")
    for folder in ("__init__.py", "__init__.py/_vendor", "lost", "long" * 100):
        code, _, error = vendored(capsys, app / folder)
        assert (1, 1) == (code, error.count("\n"))
        assert folder.split("/")[0] in error
        assert "name a folder" in error
        assert "[Errno" not in error


@pytest.mark.parametrize("dest", ["", " "])
def test_an_empty_name_is_refused(dest: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        vendor.main([dest])
    assert "name a folder of your application" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["my-app", "a b", "class", "münchen.d"])
def test_into_a_folder_that_is_no_package_it_is_copied_by_its_own_name(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed, _ = vendored(capsys, tmp_path / name)
    assert (0, f"import it as ventia_client, with {tmp_path / name} among the folders of sys.path") == (
        code,
        printed.splitlines()[1],
    )


def test_a_file_or_link_in_the_way_of_the_fresh_copy_goes_and_the_links_target_stays(
    app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = app / "theirs"
    folder(theirs)
    for stand in (Path.touch, lambda path: path.symlink_to(theirs)):
        stand(app / f".{PACKAGE.name}.new")
        assert 0 == vendored(capsys, app)[0]
    assert {"__init__.py", "theirs", PACKAGE.name} == names(app)
    assert {"theirs.py"} == names(theirs)


def test_check_distinguishes_a_current_an_older_and_a_missing_copy(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = provenance.hashes(old.parent)
    code, _, error = vendored(capsys, "--check", old.parent)
    assert (1, True) == (code, "is ventia_client 0.0.9, and not" in error)
    assert before == provenance.hashes(old.parent)
    vendored(capsys, old.parent)
    assert 0 == vendored(capsys, "--check", old.parent)[0]
    code, _, error = vendored(capsys, "--check", old.parent / "elsewhere")
    assert (1, True, False) == (code, "is not there" in error, (old.parent / "elsewhere").exists())


def test_a_version_of_the_copy_that_is_no_text_is_printed_escaped(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = (provenance.read(old) or {}) | {"api_version": "\ud800\n"}
    (old / provenance.NAME).write_text(json.dumps(record), encoding="utf-8")
    code, printed, _ = vendored(capsys, old.parent)
    assert (0, True) == (code, r"was ventia_client \ud800\n" in printed)


def append(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("# a change\n")


def falsify(path: Path) -> None:
    path.write_text(
        path.read_text(encoding="utf-8").replace('"api_version": "', '"api_version": "6.'), encoding="utf-8"
    )


def stray(path: Path) -> None:
    (path / "mine").symlink_to(path.parent)


@pytest.fixture
def toolkit(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copied checkout, which vendoring takes for its own."""
    monkeypatch.setattr(vendor, "ROOT", checkout)
    monkeypatch.setattr(vendor, "PACKAGE", checkout / "generated/ventia_client")
    return checkout


@pytest.mark.parametrize(
    ("changed", "change"),
    [
        ("generated/ventia_client/client.py", append),
        ("openapi/ventia.yaml", append),
        ("generated/ventia_client/PROVENANCE.json", falsify),
        ("generated/ventia_client", stray),
    ],
)
def test_a_package_that_drifted_is_refused(
    toolkit: Path, app: Path, capsys: pytest.CaptureFixture[str], changed: str, change: Callable[[Path], None]
) -> None:
    change(toolkit / changed)
    code, printed, error = vendored(capsys, app / "_vendor")
    assert (1, "") == (code, printed)
    assert "run make generate" in error
    assert not (app / "_vendor").exists()


def test_a_package_that_cannot_be_imported_under_its_new_name_is_not_copied(
    toolkit: Path, app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (
        toolkit / "overlays/package/runtime/_runtime/rate_limit/process_window.py",
        toolkit / "generated/ventia_client/_runtime/rate_limit/process_window.py",
    ):
        with path.open("a", encoding="utf-8") as file:
            file.write("import ventia_client\n")
    provenance.write(toolkit, toolkit / "generated/ventia_client")
    code, printed, error = vendored(capsys, app / "_vendor")
    assert (1, "") == (code, printed)
    assert "cannot be imported as app._vendor.ventia_client: ImportError" in error
    assert not (app / "_vendor").exists()


def test_the_command_copies_the_package(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.vendor", str(tmp_path / "app")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)
    assert provenance.hashes(PACKAGE) == provenance.hashes(tmp_path / "app" / PACKAGE.name)


_KILLED, _RAISED = 9, 70
_STEPS = {"shutil.copyfile", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "ctypes.dlsym", "fcntl.flock"}


def killed_at(step: int, place: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Vendor in a process that is killed before one of the steps by which it changes files; whether it had so many."""
    child = os.fork()
    if child:
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert code in (0, _KILLED)
        return code == _KILLED
    left = step

    def count(event: str, _: tuple[Any, ...]) -> None:
        nonlocal left
        if event in _STEPS:
            left -= 1
            if left < 0:
                os._exit(_KILLED)

    monkeypatch.setattr(vendor, "_try_import", lambda *_: None)  # which takes most of the time, and changes nothing
    monkeypatch.setattr(vendor, "print", lambda *_: None, raising=False)
    sys.addaudithook(count)
    try:
        os._exit(vendor.main([str(place.parent)]))
    finally:
        os._exit(_RAISED)


def version(place: Path, number: str) -> None:
    """A package of three modules that bear a version, and its record."""
    for name in ("__init__.py", "client.py", "_runtime/key.py"):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(f"VERSION = {number!r}\n", encoding="utf-8")
    record = {"api_version": number, "files": provenance.files(place)}
    (place / provenance.NAME).write_text(json.dumps(record), encoding="utf-8")


def test_killed_at_any_point_it_leaves_the_old_copy_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, place, kept = (tmp_path / name / PACKAGE.name for name in ("package", "app", "kept"))
    for folder, number in ((package, "0.2.0"), (place, "0.1.0"), (kept, "0.1.0")):
        version(folder, number)
    monkeypatch.setattr(vendor, "PACKAGE", package)
    monkeypatch.setattr(vendor, "_refuse_drift", lambda: None)  # the package is not that of this checkout
    before, after = provenance.hashes(place), provenance.hashes(package)
    found, step = [], 0
    while killed_at(step, place, monkeypatch):
        found.append(provenance.hashes(place))
        assert found[-1] in (before, after)
        if found[-1] == after:
            shutil.rmtree(place)
            shutil.copytree(kept, place)
        step += 1
    assert before in found
    assert after in found
    assert ({PACKAGE.name}, after) == (names(place.parent), provenance.hashes(place))


def test_where_folders_cannot_be_exchanged_they_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic, "_exchange", lambda *_: False)
    for name in ("fresh", "place"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    atomic.put(tmp_path / "fresh", tmp_path / "place")
    assert {"fresh", "place"} == names(tmp_path)
    assert {"fresh"} == names(tmp_path / "place")
    with pytest.raises(OSError, match="nothing"):
        atomic.put(tmp_path / "nothing", tmp_path / "place")
    assert {"fresh"} == names(tmp_path / "place")
