"""Runs plain `schemathesis run` with the same document, to compare the suite with it."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import schemathesis.cli
from starlette.types import ASGIApp

from contract_tests.run import SOURCE
from contract_tests.target.file import STAND_IN, read_target
from contract_tests.target.knowledge import narrowed
from ventia_mock.http.server import running
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY

LEFT_OUT = "positive_data_acceptance"
"""The check of schemathesis that the correct server fails: it refuses some valid messages for what they name."""


def finds(app: ASGIApp, seed: int) -> bool:
    """Whether schemathesis with its default options, the server's key and identifiers finds the server faulty.

    It changes the folder of its process, so it needs a process of its own.
    """
    with tempfile.TemporaryDirectory() as folder, running(app) as url:
        os.chdir(folder)  # schemathesis keeps its files there
        document, config = Path(folder, "document.json"), Path(folder, "schemathesis.toml")
        document.write_text(json.dumps(narrowed(SOURCE.value, read_target(STAND_IN, None))))
        config.write_text(f'[auth.openapi.ApiKey]\napi_key = "{SAMPLE_KEY}"\n')
        arguments = ["--config-file", str(config), "run", str(document), f"--url={url}{StandIn(SOURCE).base_path}"]
        arguments += [
            f"--seed={seed}",
            "--max-failures=1",
            "--generation-database=none",
            f"--exclude-checks={LEFT_OUT}",
        ]
        try:
            schemathesis.cli.schemathesis.main(arguments, standalone_mode=False)
        except SystemExit as ended:
            return ended.code not in (0, None)
    return False
