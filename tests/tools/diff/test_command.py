"""`make diff`: the changes of document and package, and which version covers them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.tools.diff.edits import BASE, SCHEMAS, A, B, C, N
from tools import provenance
from tools.diff import package
from tools.diff.__main__ import main
from tools.diff.changes import Effect
from tools.diff.version import judge

ROOT = Path(__file__).parents[3]

SECTION = "## [{}] - 2026-11-23\n\n### Added\n\n- Something.\n"
VERSIONS = [
    # the worst change, base, now, sections, needed, covered
    (N, "0.1.0", "0.1.0", [], "0.1.0", True),
    (C, "0.1.0", "0.1.0", ["0.1.0"], "0.1.1", False),
    (C, "0.1.0", "0.1.1", ["0.1.1"], "0.1.1", True),
    (A, "0.1.0", "0.1.1", ["0.1.1"], "0.1.1", True),
    (A, "0.1.9", "0.1.10", ["0.1.10"], "0.1.10", True),
    (A, "0.1.0", "0.2.0", ["0.2.0"], "0.1.1", True),
    (B, "0.1.0", "0.1.1", ["0.1.1"], "0.2.0", False),
    (B, "0.1.0", "0.1.1", ["0.2.0"], "0.2.0", False),
    (B, "0.1.4", "0.2.0", ["0.2.0"], "0.2.0", True),
    (B, "0.1.4", "1.0.0", ["1.0.0"], "0.2.0", True),
    (B, "0.2.0", "0.1.0", ["0.1.0"], "0.3.0", False),
    (C, "1.2.3", "1.2.4", ["1.2.4"], "1.2.4", True),
    (A, "1.2.3", "1.2.4", ["1.2.4"], "1.3.0", False),
    (A, "1.2.3", "1.3.0", ["1.2.4"], "1.3.0", False),
    (B, "1.2.3", "1.9.0", ["1.9.0"], "2.0.0", False),
    (B, "1.2.3", "2.0.0", ["2.0.0"], "2.0.0", True),
]


@pytest.mark.parametrize("row", VERSIONS)
def test_a_version_covers_what_changed(row: tuple[Effect, str, str, list[str], str, bool]) -> None:
    worst, base, now, sections, needed, covered = row
    verdict = judge(worst, base, now, "# Changelog\n\n" + "\n".join(map(SECTION.format, sections)))
    assert (needed, covered) == (verdict.needed, verdict.is_covered)


@pytest.mark.parametrize(
    "empty",
    [
        "## [0.2.0]\n\n<!-- to do\n\n- what? -->\n",
        "## [0.2.0]\n\n### Added\n\n## [0.1.0]\n\n- Something.\n",
        "## [0.2.0]\n",
        "0.2.0",
        "",
    ],
)
def test_a_section_must_say_something(empty: str) -> None:
    assert not judge(B, "0.1.0", "0.2.0", empty).is_covered


@pytest.mark.parametrize("version", ["1", "1.2", "01.0.0", "1.0.0-rc.1", "next"])
def test_a_version_is_three_numbers(version: str) -> None:
    with pytest.raises(ValueError, match=f"'{version}'; write three numbers, such as 0.2.0"):
        judge(B, "0.1.0", version, "")


ATTRS = "from attrs import define, field\n@define\nclass F:\n    a: int\n"
PROPERTY = "    @property\n    def b(self) -> int: ...\n"
BASE_CLASS = {"api": "from client._inner import Base\nclass F(Base): ...\n"}
MOVED = "positional-arguments-changed"
PACKAGES: dict[str, tuple[dict[str, str] | str, dict[str, str] | str, set[tuple[str, str, Effect]]]] = {
    "names are lost and gained": (
        {"api": "def send(a: str) -> None: ...\ndef gone() -> None: ...\n_own = 1\n", "_inner": "a = 1"},
        {"api": "def send(a: str, b: str) -> None: ...\ndef added() -> None: ...\n", "more": "b = 1"},
        {
            ("griffe object-removed", "api.gone v1:client/api.py:2", B),
            ("griffe parameter-added-required", "api.send client/api.py:1", B),
            ("public-name-added", "api.added client/api.py:2", A),
            ("public-name-added", "more client/more.py:1", A),
        },
    ),
    # A call such as `f(1, 2)` would say something else, without an error.
    "arguments of a function change places": (
        "def f(a: int = 1, b: int = 1) -> None: ...",
        "def f(b: int = 1, a: int = 1) -> None: ...",
        {("griffe parameter-moved", "api.f client/api.py:1", B)},
    ),
    "an argument may only be named": (
        "def f(a: int = 1) -> None: ...",
        "def f(*, a: int = 1) -> None: ...",
        {("griffe parameter-changed-kind", "api.f client/api.py:1", B)},
    ),
    "a field is new before another": (
        ATTRS + "    b: int = 1",
        ATTRS + "    new: int = 1\n    b: int = 1",
        {(MOVED, "api.F client/api.py:2", B), ("public-name-added", "api.F.new client/api.py:5", A)},
    ),
    "a field may only be named": (
        ATTRS + "    b: int = 1",
        ATTRS + "    b: int = field(default=1, kw_only=True)",
        {(MOVED, "api.F client/api.py:2", B)},
    ),
    "a field that may only be named is new": (
        ATTRS + "    c: int = field(kw_only=True)",
        ATTRS + "    b: int = field(kw_only=True)\n    c: int = field(kw_only=True)",
        {("public-name-added", "api.F.b client/api.py:5", A)},
    ),
    "a property is no argument": (
        ATTRS + PROPERTY,
        ATTRS + "    c: int = 1\n" + PROPERTY,
        {("public-name-added", "api.F.c client/api.py:5", A)},
    ),
    "a constructor of its own has no arguments of the fields": (
        "class F:\n    _a: int\n    b: int\n    def __init__(self, x: int) -> None: ...\n",
        "class F:\n    b: int\n    def __init__(self, x: int) -> None: ...\n",
        set(),
    ),
    "a private base loses a method": (
        {**BASE_CLASS, "_inner": "class Base:\n    def send(self) -> None: ...\n"},
        {**BASE_CLASS, "_inner": "class Base: ...\n"},
        {("griffe object-removed", "api.F.send v1:client/api.py:2", B)},
    ),
    "nothing public changes": ("def f() -> int:\n    return 1\n_a = 1\n", "def f() -> int:\n    return 2\n", set()),
}


@pytest.mark.parametrize("name", PACKAGES)
def test_public_names_of_the_package_are_compared(tmp_path: Path, name: str) -> None:
    folders: list[Path] = []
    expected = PACKAGES[name][2]
    for modules in PACKAGES[name][:2]:
        folders.append(tmp_path / str(len(folders)) / "client")
        folders[-1].mkdir(parents=True)
        for stem, code in {"__init__": "", **({"api": modules} if isinstance(modules, str) else modules)}.items():
            (folders[-1] / f"{stem}.py").write_text(code, encoding="utf-8")
    changes = package.compare(folders[0], folders[1], ("v1:", ""))
    assert expected == {
        (f"{each.finder} {each.id}".strip(), f"{each.at.removeprefix('client.')} {each.place}", each.effect)
        for each in changes
    }


PATH = "openapi/ventia.yaml"
NARROWER = (PATH, "enum: [image, audio, video, file]", "enum: [image, audio, file]")


class Repository(NamedTuple):
    """A git repository with what the command looks at, committed and tagged v1."""

    root: Path

    def replace(self, path: str, old: str, new: str) -> None:
        """Change a file, and pass the package off as made from it."""
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text
        self.write(path, text.replace(old, new, 1))
        provenance.write(self.root, self.root / CLIENT)

    def write(self, path: str, text: str) -> None:
        (self.root / path).write_text(text, encoding="utf-8")

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", "-C", str(self.root), *arguments], check=True, capture_output=True)

    def commit_without(self, path: str) -> None:
        self.git("rm", "-rq", "--cached", path)
        self.git(*COMMIT)

    def diff(self, *arguments: str) -> tuple[int, str]:
        """The exit code, and the output or the error."""
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(arguments, self.root)
        return code, err.getvalue() if code == 2 else out.getvalue()


COMMIT = ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qam", "one"]
CLIENT = "generated/ventia_client"


@pytest.fixture
def repository(committed: Repository, tmp_path: Path) -> Repository:
    return Repository(shutil.copytree(committed.root, tmp_path / "repository"))


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    root = tmp_path_factory.mktemp("committed")
    (root / "openapi").mkdir()
    for name in (PATH, "requirements.lock"):
        shutil.copy(ROOT / name, root / name)
    shutil.copytree(ROOT / CLIENT / "models", root / CLIENT / "models")
    (root / CLIENT / "__init__.py").touch()
    made = Repository(root)
    made.write("CHANGELOG.md", "# Changelog\n\n" + SECTION.format("0.1.0"))
    made.replace(PATH, f"version: {BASE.value['info']['version']}", "version: 0.1.0")
    for command in (["init", "-q"], ["add", "."], COMMIT, ["tag", "v1"]):
        made.git(*command)
    return made


def test_nothing_changed_is_covered(repository: Repository) -> None:
    assert (0, "nothing changed since v1\n") == repository.diff("v1")


def test_a_breaking_change_fails_until_version_and_changelog_follow(repository: Repository) -> None:
    repository.replace(*NARROWER)
    code, text = repository.diff("v1")
    reported = text.splitlines()
    assert '  `enum` of MediaType loses "video"' in reported
    said = "the body of POST /contact/{idcontact}/message (application/json) was accepted, is refused: "
    at = reported.index(f"    {said}mediaType: Must be one of image, audio, file")
    assert {"video"} == {json.loads(reported[at + 1])["mediaType"]}
    assert (
        "1 breaking: 0.1.0 -> 0.2.0 needed; info.version is 0.1.0: not covered; CHANGELOG has no section 0.2.0"
    ) == reported[-1]
    repository.replace(PATH, "version: 0.1.0", "version: 0.2.0")
    assert [1, 1] == [code, repository.diff("v1")[0]]
    repository.replace("CHANGELOG.md", "## [0.1.0]", SECTION.format("0.2.0") + "\n## [0.1.0]")
    assert 0 == repository.diff("v1")[0]


def test_names_of_the_package_count(repository: Repository) -> None:
    repository.replace("generated/ventia_client/models/__init__.py", '    "Medium",\n', "")
    code, text = repository.diff("v1", "--format", "json")
    reported = json.loads(text)
    assert (1, []) == (code, reported["document"])
    assert ["ventia_client.models.Medium"] == [each["at"] for each in reported["package"]]
    assert ("minor", "0.2.0", False) == tuple(reported["version"][key] for key in ("step", "needed", "covered"))


def test_json_holds_all_that_is_known(repository: Repository) -> None:
    repository.replace(*NARROWER)
    [change] = json.loads(repository.diff("v1", "--format", "json")[1])["document"]
    [witness] = change.pop("witnesses")
    assert ("request", "video") == (witness["direction"], witness["value"]["mediaType"])
    assert {
        "id": "request-enum-changed",
        "named_by": "ventia",
        "class": "breaking",
        "requests": "breaking",
        "responses": "none",
        "names": "none",
        "says": '`enum` of MediaType loses "video"',
        "at": f"{SCHEMAS}/MediaType/enum",
        "place": "openapi/ventia.yaml:{}:{}".format(*BASE.places[f"{SCHEMAS}/MediaType/enum"]),
        "proof": "",
        "accepted": "",
    } == change


ACCEPTED = """accepted:
  - change: request-enum-changed
    at: /components/schemas/MediaType/enum
    reason: The platform never took videos.
"""


def test_an_accepted_change_is_shown_with_its_reason_and_breaks_nothing(repository: Repository) -> None:
    repository.replace(*NARROWER)
    repository.replace(PATH, "version: 0.1.0", "version: 0.1.1")
    repository.write("openapi/accepted-changes.yaml", ACCEPTED)
    repository.write("CHANGELOG.md", SECTION.format("0.1.1"))
    code, text = repository.diff("v1")
    assert 0 == code
    assert re.search(r"ACCEPTED\n(.*\n)+    accepted: The platform never took videos\.\n", text)


def test_an_entry_that_accepts_nothing_any_more_fails(repository: Repository) -> None:
    repository.write("openapi/accepted-changes.yaml", ACCEPTED)
    assert (
        1,
        "openapi/accepted-changes.yaml:2:5: request-enum-changed at /components/schemas/MediaType/enum "
        "is no breaking change any more; remove the entry\n"
        "nothing changed since v1; 1 of the accepted changes no longer there\n",
    ) == repository.diff("v1")


def test_markdown_is_a_table_that_no_value_breaks(repository: Repository) -> None:
    repository.replace(PATH, "title: one sender", "title: one | <b>sender</b>")
    code, text = repository.diff("v1", "--format", "markdown")
    assert (1, "### ❌ 1 cosmetic: 0.1.0") == (code, text.partition(" -")[0])
    rows = [line.replace(r"\|", "") for line in text.splitlines() if line.startswith("|")]
    assert {7} == {row.count("|") for row in rows}
    assert "<b>" not in text.replace(r"\<b\>", "")


def test_a_base_without_package_is_said(repository: Repository) -> None:
    repository.commit_without("generated")
    code, text = repository.diff("HEAD")
    assert (0, "HEAD has no generated package to compare the names of.") == (code, text.splitlines()[0])


def test_without_git_checkout_there_is_nothing_to_compare(tmp_path: Path) -> None:
    code, error = Repository(tmp_path).diff("v1")
    said = f"{tmp_path} is no checkout that git reads; run this in a clone (fatal: not a git repository"
    assert (2, said) == (code, error[: len(said)])


def test_a_checkout_of_somebody_else_is_one_that_git_refuses(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    code, error = repository.diff("v1")
    assert 2 == code
    assert "(fatal: detected dubious ownership in repository at" in error


def unreadable_base(repository: Repository, text: str) -> None:
    sound = (repository.root / PATH).read_text(encoding="utf-8")
    repository.write(PATH, text)
    repository.git(*COMMIT)
    repository.write(PATH, sound)


NO_REVISION = ("v9", "", "--all", "^HEAD", "v1:openapi", "a b", "\x00")
NO_ACCEPTED = ("[]", "accepted: 1", "accepted: [a]", "accepted: [{change: a, at: b}]", "accepted: [")
NO_DOCUMENT = ("openapi: [", "openapi: 3.1.0\ninfo: {}\n", "a")
LISTED = "openapi/accepted-changes.yaml"
REFUSED: list[tuple[Callable[[Repository], None], str, str]] = [
    *((lambda _: None, each, f"{each!r} is no revision that git knows here; name a commit, a") for each in NO_REVISION),
    (lambda it: it.commit_without(PATH), "HEAD", f"'HEAD' has no {PATH}; name a revision that has\n"),
    (lambda it: it.write(f"{CLIENT}/__init__.py", "a = 1\n"), "v1", f"{CLIENT} is not what the document makes"),
    *((partial(Repository.write, path=LISTED, text=each), "v1", f"{LISTED}:") for each in NO_ACCEPTED),
    *((partial(Repository.write, path=PATH, text=each), "v1", f"{PATH}:") for each in NO_DOCUMENT),
    *((partial(unreadable_base, text=each), "HEAD", f"HEAD:{PATH}:") for each in NO_DOCUMENT),
]


@pytest.mark.parametrize(("prepare", "revision", "said"), REFUSED)
def test_without_two_versions_nothing_is_compared(
    repository: Repository, prepare: Callable[[Repository], None], revision: str, said: str
) -> None:
    prepare(repository)
    code, error = repository.diff("--", revision)
    assert (2, said) == (code, error[: len(said)])
