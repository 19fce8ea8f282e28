"""The Makefile hands the texts of its variables on as they are: neither make nor the shell runs what stands in them."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.support.stride import some, thinned

MAKEFILE = Path(__file__).parents[2] / "Makefile"
TEXT = MAKEFILE.read_text(encoding="utf-8")
ATTACKS = [
    "`touch run`",
    "$(touch run)",
    "$(shell touch run)",
    "'; touch run; '",
    '"; touch run; "',
    "; touch run #",
    "a b*",
]
USES = {
    "ALL": "mutants",
    "ARGS": "mock",
    "BASE": "diff",
    "CHECK": "vendor DEST=app",
    "DEST": "vendor",
    "EXAMPLES": "contract",
    "FEW": "contract",
    "FORMAT": "diff BASE=HEAD",
    "HAR": "contract",
    "PORT": "mock",
    "PYTHON": "setup",
    "REDIS": "contract",
    "REPLAY": "contract",
    "SEED": "contract",
    "STRICT": "contract",
    "TARGET": "contract",
    "URL": "contract",
    "WORKERS": "contract",
    "WORLD": "mock",
}
"""A target that uses a variable, by its name."""
SWITCHES = {"ALL", "CHECK", "FEW", "STRICT"}
"""Variables of which it matters only that they have a text."""

OVERRIDDEN = {"seeds": {"SEED"}, "test": {"STRICT"}}
"""Variables that a target sets itself."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the Makefile, whose Python prints its arguments, each in a line of its own."""
    folder = tmp_path / "a checkout"
    for name in (".venv/bin", "openapi", "overlays/document", "ventia_mock/page"):
        (folder / name).mkdir(parents=True)
    for name in ("requirements.lock", "openapi/ventia.yaml", "overlays/document/reference.yaml"):
        (folder / name).touch()
    (folder / "Makefile").write_text(TEXT, encoding="utf-8")
    python = folder / ".venv/bin/python"
    python.write_text('#!/bin/sh\nfor each; do printf "%s\\n" "$each"; done\n', encoding="utf-8")
    python.chmod(0o755)
    (folder / ".venv/ready").touch()
    (folder / "ventia_mock/page/reference.html").touch()
    return folder


def made(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if name not in USES and not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments], cwd=checkout, env=own | environment, capture_output=True, text=True, check=False
    )


def test_every_variable_is_tried() -> None:
    [names] = re.findall("^names := (.*)$", TEXT, re.M)
    assert sorted(USES) == names.split()
    used = set(re.findall(r"\$\(([A-Z]+)\)|\$\{([A-Z]+)|\$\$([A-Z]+)|option,([A-Z]+)|## .*?([A-Z]+)=", TEXT))
    assert set(USES) == {name for found in used for name in found if name} - {"MAKE", "MAKECMDGOALS"}


def attacked(names: Iterable[str]) -> list[tuple[str, str]]:
    """Names, each with some of the attacks, with another of them first in turn."""
    turns = [(name, [*ATTACKS[at % len(ATTACKS) :], *ATTACKS[: at % len(ATTACKS)]]) for at, name in enumerate(names)]
    return some(*([(name, attack) for attack in attacks] for name, attacks in turns))


@thinned
@pytest.mark.parametrize(("name", "attack"), attacked(USES))
def test_nothing_of_a_variable_runs(checkout: Path, name: str, attack: str) -> None:
    """Whether it comes from the environment or from the command line, with its dollars doubled for make or not."""
    if name == "PYTHON":
        (checkout / ".venv/ready").unlink()
    command = USES[name].split()
    for done in (
        made(checkout, *command, **{name: attack}),
        made(checkout, *command, f"{name}={attack}"),
        made(checkout, *command, f"{name}={attack.replace('$', '$$')}"),
    ):
        assert [] == list(checkout.glob("run")), done
        assert (2 if name == "PYTHON" else 0) == done.returncode, done


@thinned
@pytest.mark.parametrize(("name", "attack"), attacked(sorted(USES.keys() - SWITCHES - {"ARGS", "PYTHON"})))
def test_a_variable_arrives_as_it_was_written(checkout: Path, name: str, attack: str) -> None:
    done = made(checkout, *USES[name].split(), **{name: attack})
    arrived = [line.partition("=")[2] if line.startswith("--") else line for line in done.stdout.splitlines()]
    assert attack in arrived, done


def test_options_of_the_stand_in_are_words(checkout: Path) -> None:
    done = made(checkout, "mock", "ARGS=--no-rate-limit --db *.db")
    assert ["--port=8080", "--no-rate-limit", "--db", "*.db"] == done.stdout.splitlines()[-4:]


@pytest.mark.parametrize(("target", "line"), [("vendor", "make vendor DEST="), ("diff", "make diff BASE=")])
def test_a_missing_variable_is_named(checkout: Path, target: str, line: str) -> None:
    done = made(checkout, target)
    assert (2, True) == (done.returncode, line in done.stderr)


[TARGETS] = re.findall(r"^\.PHONY: (.*)$", TEXT, re.M)


@pytest.mark.parametrize("target", TARGETS.split())
def test_a_target_takes_the_variables_that_its_commands_use_and_refuses_others(checkout: Path, target: str) -> None:
    """`make seeds TARGET=staging.toml` would test a stand-in, and be green."""
    refused = made(checkout, "-n", target, "NONE=1")
    assert (2, "") == (refused.returncode, refused.stdout)
    assert f"NONE=: make {target} does not take it; it takes " in refused.stderr
    takes = set(re.findall("[A-Z]+", refused.stderr.partition("it takes ")[2])) - {"S"}
    every = dict.fromkeys(USES, "x")
    commands = made(checkout, "-n", target, **every).stdout
    switched = {name for name in SWITCHES if commands != made(checkout, "-n", target, **(every | {name: ""})).stdout}
    used = switched | {name for name in USES if re.search(rf"\$\{{?{name}\b", commands)}
    assert used ^ takes <= {"PYTHON"} | OVERRIDDEN.get(target, set())
    assert 0 == made(checkout, "-n", target, *(f"{name}=x" for name in takes - {"PYTHON"})).returncode


def test_a_target_that_runs_others_takes_what_they_take(checkout: Path) -> None:
    done = made(checkout, "-n", "unit", "diff", "WORKERS=2", "BASE=HEAD")
    assert 0 == done.returncode, done.stderr
