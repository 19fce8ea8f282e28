"""A lock around late imports, so that no fork happens in the middle of one.

A process that forks while another thread is within an import has a child that waits for that import for ever. So a fork
waits until no thread is.
"""

from __future__ import annotations

import os
import threading

LOADING = threading.RLock()
"""Held while a module is imported after the start of the program, and while the process forks."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=LOADING.acquire, after_in_parent=LOADING.release, after_in_child=LOADING.release)
