"""What plain `schemathesis run` finds with the same document."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import schemathesis.cli
from starlette.types import ASGIApp

from contract_tests import run
from contract_tests.knowledge import narrowed
from contract_tests.target import STAND_IN, read_target
from ventia_mock.http.server import running
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY

LEFT_OUT = "positive_data_acceptance"
"""Its check that the correct server fails, which refuses some valid messages for what it knows."""


def finds(app: ASGIApp, seed: int) -> bool:
    """Whether it finds a fault of a server, as it is by default, with the server's key and identifiers.

    It is called in a process of its own, and leaves that in another folder.
    """
    with tempfile.TemporaryDirectory() as folder, running(app) as url:
        os.chdir(folder)  # where it keeps what it remembers
        document, config = Path(folder, "document.json"), Path(folder, "schemathesis.toml")
        document.write_text(json.dumps(narrowed(run.SOURCE.value, read_target(STAND_IN, None))))
        config.write_text(f'[auth.openapi.ApiKey]\napi_key = "{SAMPLE_KEY}"\n')
        arguments = ["--config-file", str(config), "run", str(document), f"--url={url}{StandIn(run.SOURCE).base_path}"]
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
