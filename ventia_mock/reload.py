"""Serves the document and the world anew when their files change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ventia_document.check import read_checked
from ventia_document.source import DocumentError
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import World

_log = logging.getLogger("ventia_mock")
_PAUSE = 0.3  # seconds between two looks at the files


async def reload(
    stand_in: StandIn, document: Path, world: Path, read_world: Callable[[Path], World], pause: float = _PAUSE
) -> None:
    """Look at the files again and again, until cancelled; a file that is not valid is reported once, and not served.

    They are read in a thread, since a large one takes seconds, in which requests are answered as before.
    What is no file at the start, such as a shell's `<(...)`, can be read only once.
    """
    served: dict[Path, tuple[Callable[[Path], Any], Callable[[Any], None]]] = {
        document: (read_checked, stand_in.serve_document),
        world: (read_world, stand_in.serve_world),
    }
    seen = {path: _state(path) for path in served if path.is_file()}
    while True:
        await asyncio.sleep(pause)
        for path, before in seen.items():
            if (state := _state(path)) == before:
                continue
            seen[path] = state
            try:
                if state and not path.is_file():  # a pipe, say, on which to wait
                    raise DocumentError(f"{path}: cannot be read: it is no file")
                read, serve = served[path]
                serve(await asyncio.to_thread(read, path))
            except DocumentError as error:
                stand_in.stay_stale(path, str(error))
                _log.error("%s changed, and is not valid; what was served before still is:\n%s", path, error)
            else:
                _log.info("%s changed, and is served anew", path)


def _state(path: Path) -> tuple[int, int] | None:
    """Time and size of a file; None if there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size
