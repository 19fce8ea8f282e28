"""The events of a call: lines of the logger `ventia_client`, without any key or text of a message."""

from __future__ import annotations

import logging

LOG = logging.getLogger("ventia_client")
"""INFO: a wait for the rate limit. WARNING: each further attempt, and an outcome that is unknown.

Its name is the same where the package is vendored under another one."""
