"""The command `python -m ventia_client.ledger`."""

from __future__ import annotations

import sys

from .._runtime.ledger.command import main

sys.exit(main())
