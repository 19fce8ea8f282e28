"""Writes files and folders whole or not at all, so that nobody ever finds half of one, or a mixture of two."""

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
    """Write a file: under another name beside it, which then takes its place.

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
    """Where to make a folder that is then `put` to a place; what is left there in the end is deleted.

    Others who want the same wait. The folder around the place is made if it is not there, and unmade if this fails.

    Raises:
        OSError: there can be none.
    """
    fresh = place.with_name(f".{place.name}.new") / place.name
    with _alone(place.parent):
        _delete(fresh.parent)  # of one that was killed
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
    """What could not be read or written, and why, in a line."""
    return f"{error.filename2 or error.filename}: {error.strerror}" if error.filename else str(error)


def put(fresh: Path, place: Path) -> None:
    """Move a folder to a place; what was there goes where the folder was.

    Where the system cannot exchange two folders, the place is empty for a moment.

    Raises:
        OSError: neither was moved.
    """
    if not os.path.lexists(place):
        fresh.rename(place)
    elif not _exchange(fresh, place):
        _take_turns(fresh, place)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders at once; whether that could be done."""
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
