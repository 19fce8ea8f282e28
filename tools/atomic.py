"""Writes files and folders atomically: readers find the old one or the new one, never a part or a mixture."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from ventia_document.source import DocumentError

_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS
_HERE = -100 if sys.platform == "linux" else -2  # AT_FDCWD


def write(out: Path, content: bytes) -> None:
    """Write a file under a temporary name beside it, then rename it.

    Raises:
        DocumentError: it was not written.
    """
    if out.exists() and not out.is_file():
        raise DocumentError(f"{out}: is not a file; name one")
    part = out.with_name(f".{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(out)
    except OSError as error:
        raise DocumentError(f"{out}: cannot be written: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def staged(place: Path) -> Iterator[Path]:
    """A temporary path for a folder that is to be `put` in a place, deleted at the end.

    Other processes that stage the same place wait. A missing parent folder is made, and removed if this fails.

    Raises:
        OSError: the folder cannot be made.
    """
    fresh = place.with_name(f".{place.name}.new") / place.name
    with _alone(place.parent):
        _delete(fresh.parent)  # left by a process that was killed
        fresh.parent.mkdir()
        try:
            yield fresh
        finally:
            _delete(fresh.parent)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            for each in missing:
                each.rmdir()
        raise
    finally:
        os.close(descriptor)


def _delete(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)


def why(error: OSError) -> str:
    """The file of an error, and its reason, in a line."""
    return f"{error.filename2 or error.filename}: {error.strerror}" if error.filename else str(error)


def put(fresh: Path, place: Path) -> None:
    """Exchange a folder with the one in a place, which may be missing.

    On systems that cannot exchange two folders, the place is empty for a moment.

    Raises:
        OSError: neither folder was moved.
    """
    if not os.path.lexists(place):
        fresh.rename(place)
    elif not _exchange(fresh, place):
        _take_turns(fresh, place)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders atomically; False if the system cannot."""
    rename = getattr(ctypes.CDLL(None), "renameat2" if sys.platform == "linux" else "renameatx_np", None)
    return rename is not None and rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0


def _take_turns(fresh: Path, place: Path) -> None:
    old = fresh.with_name(f"{fresh.name}.old")
    place.rename(old)
    try:
        fresh.rename(place)
    except OSError:
        old.rename(place)
        raise
    old.rename(fresh)
