"""Threads, event loops, cancellation, signals and forks, mixed with every fault of a server: no message is doubled."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.client.soaking import KINDS
from tests.support.fault_server import faults

ROOT = Path(__file__).parents[2]
CALLS = int(os.environ.get("SOAK", "200"))
"""How many calls are made at the least."""

WARM = 8000
"""Calls after which a process has imported and opened all that it will."""

SLOW = {"endless_body", "hang_read", "hang_unread", "limited_long", "slow_body"}
"""Faults that take a timeout each, and are left to other tests."""


def is_true(said: str, taken: int) -> bool:
    """Whether what is said of a message can be, where a server has taken it so many times."""
    if said in ("MessageSent", "MessageQueued") or "had taken" in said:
        return taken == 1
    if said == "not_sent" or "nothing was sent" in said or "refused" in said:
        return taken == 0
    return taken <= 1


@pytest.mark.soak
def test_no_message_is_doubled_or_told_wrong_and_nothing_is_left_over() -> None:
    environment = {**os.environ, "PYTHONPATH": "generated"}
    with faults() as server:
        ports = json.dumps({name: port for name, port in server.ports.items() if name not in SLOW})
        each = str(CALLS // len(KINDS))
        running = {
            kind: subprocess.Popen(
                [sys.executable, "-m", "tests.client.soaking", kind, each, "7", ports],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
            for kind in KINDS
        }
        said = {kind: json.loads(process.communicate()[0]) for kind, process in running.items()}
    for kind, result in said.items():
        ended: dict[str, str] = result["ended"]
        assert [] == [(name, how) for name, how in ended.items() if not is_true(how, server.taken[name])], kind
        assert len(ended) >= CALLS // len(KINDS) or kind == "signals"  # which may come before the first line of a call
        assert 0 == result["sockets"], kind
        if CALLS >= WARM:
            assert result["memory"][-1] < 1.1 * result["memory"][2], kind  # from the half on, when all is warm
        logging.info("%s: %s; kilobytes at each quarter: %s", kind, Counter(ended.values()), result["memory"])
    assert [] == [name for name, taken in server.taken.items() if taken > 1]
