"""The document and the package of a git revision."""

from __future__ import annotations

import io
import subprocess
import tarfile
from dataclasses import replace
from pathlib import Path

from ventia_document.check import read_sound
from ventia_document.source import DocumentError, Source


class RevisionError(Exception):
    """There is nothing to compare with; the text says why, and what would work."""


class Revision:
    """A revision of a git repository.

    Args:
        name: a commit, a tag or a branch, as git understands it.

    Raises:
        RevisionError: the folder is no git checkout, or git knows no such revision.
    """

    def __init__(self, root: Path, name: str) -> None:
        self.name = name
        self._root, self._complaint = root, ""
        if self._git("rev-parse", "--git-dir") is None:
            raise RevisionError(f"{root} is no checkout that git reads; run this in a clone ({self._complaint})")
        commit = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if commit is None or commit.startswith(b"^"):  # git reads `^name` as all but that commit
            raise RevisionError(f"{name!r} is no revision that git knows here; name a commit, a tag or a branch")
        self._commit = commit.decode().strip()

    def document(self, path: Path, folder: Path) -> Source:
        """The document at a path below the root; its places begin with the revision.

        Args:
            folder: a temporary one, which the file is written to.

        Raises:
            RevisionError: the revision has none.
            DocumentError: it cannot be read, or is not a valid one.
        """
        copy = self.unpacked(path, folder)
        if copy is None:
            raise RevisionError(f"{self.name!r} has no {path}; name a revision that has")
        try:
            return replace(read_sound(copy), path=Path(f"{self.name}:{path}"))
        except DocumentError as error:
            raise DocumentError(str(error).replace(str(copy), f"{self.name}:{path}")) from None

    def unpacked(self, path: Path, folder: Path) -> Path | None:
        """The file or folder at a path below the root, written to a folder; None if the revision has none."""
        packed = self._git("archive", "--format=tar", self._commit, "--", path.as_posix())
        if packed is None:
            return None
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        return folder / path

    def _git(self, *arguments: str) -> bytes | None:
        """The output of git; None if it fails."""
        try:
            command = ["git", "-C", str(self._root), *arguments]
            done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - git, without a shell
        except FileNotFoundError:
            raise RevisionError("git is not installed; it has the version to compare with") from None
        except ValueError:  # a null byte in a name
            return None
        self._complaint = done.stderr.decode(errors="replace").partition("\n")[0]
        return None if done.returncode else done.stdout
