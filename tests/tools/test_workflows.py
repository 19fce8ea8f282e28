"""The workflows of GitHub, and the samples that call them: what zizmor does not look at."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github/workflows"
WORKFLOWS = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.yml")}
STEPS = [
    (name, job, step)
    for name, workflow in WORKFLOWS.items()
    for job in workflow["jobs"].values()
    for step in job["steps"]
]
PAGE = (ROOT / "docs/contract.md").read_text(encoding="utf-8")
SAMPLES = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.S)]
ON = True  # the key `on` of YAML 1.1


@pytest.mark.parametrize("name", WORKFLOWS)
def test_each_job_has_an_end_and_only_the_permission_to_read(name: str) -> None:
    workflow = WORKFLOWS[name]
    assert {} == workflow["permissions"]
    for job in workflow["jobs"].values():
        assert {"contents": "read"} == job["permissions"]
        assert 0 < job["timeout-minutes"] <= 120
        assert "concurrency" in job or "concurrency" in workflow


def test_each_action_is_one_commit_with_its_version_beside_it() -> None:
    for path in FOLDER.glob("*.yml"):
        for line in re.findall("uses: .*", path.read_text(encoding="utf-8")):
            assert re.fullmatch(r"uses: actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_no_checkout_leaves_a_credential_behind() -> None:
    checkouts = [step for _, _, step in STEPS if "actions/checkout" in step.get("uses", "")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_no_command_has_an_expression_in_it() -> None:
    """What a caller wrote comes in the environment: else the shell would run it."""
    assert [] == [step["run"] for _, _, step in STEPS if "${{" in step.get("run", "")]


def test_the_pythons_are_those_of_the_metadata() -> None:
    for path in ("pyproject.toml", "tools/publish/ventia_mock/pyproject.toml"):
        named = re.findall(r"Python :: (3\.\d+)", (ROOT / path).read_text(encoding="utf-8"))
        assert named == WORKFLOWS["ci.yml"]["jobs"]["test"]["strategy"]["matrix"]["python-version"]


def calls(sample: Any) -> list[Any]:
    return [job for job in sample["jobs"].values() if "contract.yml" in job.get("uses", "")]


def test_the_samples_call_the_workflow_as_it_is() -> None:
    assert 2 == len(SAMPLES)
    accepted = WORKFLOWS["contract.yml"][ON]["workflow_call"]
    required = {name for name, each in accepted["inputs"].items() if each.get("required")}
    for sample in SAMPLES:
        [job] = calls(sample)
        assert required <= job["with"].keys() <= accepted["inputs"].keys()
        assert accepted["secrets"].keys() == job["secrets"].keys()
        assert job["uses"].startswith(f"{job['with']['toolkit']}/.github/workflows/contract.yml@")
        assert job["uses"].endswith(f"@{job['with']['toolkit-ref']}")


def test_a_call_is_six_lines_long() -> None:
    block = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)[0]
    job = block[block.index("    uses:") :]
    assert len(job.splitlines()) <= 6


def test_the_scheduled_sample_is_for_a_guarded_target() -> None:
    [scheduled] = [sample for sample in SAMPLES if "schedule" in sample[ON]]
    assert {} == scheduled["permissions"] or {"contents": "read"} == scheduled["permissions"]
    [job] = calls(scheduled)
    assert "start" not in job["with"]
    assert "[safety]" in PAGE[PAGE.index("schedule:") - 600 : PAGE.index("schedule:") + 900]
