"""The ledger of messages that are sent once, whatever dies: `python -m ventia_client.ledger` shows and mends one."""

from __future__ import annotations

import sys

from ._runtime.ledger.ledgers import Ledger
from ._runtime.ledger.records import Record, State
from ._runtime.ledger.stores import Store

__all__ = ["Ledger", "Record", "State", "Store"]

if __name__ == "__main__":
    from ._runtime.ledger.command import main

    sys.exit(main())

for _class in (Ledger, Record, Store):
    _class.__module__ = __name__  # where help and a pickle name them
