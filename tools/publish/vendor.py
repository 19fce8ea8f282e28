"""Copies the client into an application's folder of vendored packages, or checks the copy there.

python -m tools.vendor [--check] DEST

The copy is DEST/ventia_client, with its LICENSE and its PROVENANCE.json. It is replaced atomically: if this is
interrupted, the old copy or the new one is there.
"""

from __future__ import annotations

import argparse
import itertools
import keyword
import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from tools import atomic, provenance
from tools.places import PACKAGE, ROOT
from ventia_document import printing

_IMPORT_ALL = """
import importlib, pkgutil, sys, types
name, folder = sys.argv[1:]
for end, letter in enumerate(name):
    if letter == ".":
        sys.modules[name[:end]] = types.ModuleType(name[:end])
        sys.modules[name[:end]].__path__ = [folder]
package = importlib.import_module(name)
for module in pkgutil.walk_packages(package.__path__, name + "."):
    importlib.import_module(module.name)
if package.__name__.rpartition(".")[2] in sys.modules:
    raise ImportError("it imports itself by its own name")
"""
"""Imports every module of a package, below empty parent packages, so that no code of the application runs."""


_OWN = (PACKAGE.parent, ROOT / "overlays")
"""Folders of this toolkit, where a copy would be read as a part of it."""


class VendorError(Exception):
    """Nothing was copied, or the copy is not current; the text says why, and what would work."""


def main(argv: Sequence[str] | None = None) -> int:
    """Copy or check; exit code 0 if the copy is current afterwards, else 1."""
    printing.escape()
    parser = argparse.ArgumentParser(prog="python -m tools.vendor", description="Copy the client into an application.")
    parser.add_argument("dest", type=_folder, metavar="DEST", help="the folder that the package is copied into")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the copy is not current")
    arguments = parser.parse_args(argv)
    place = arguments.dest / PACKAGE.name
    try:
        _refuse_drift()
        _refuse_foreign(place)
        print(_check(place) if arguments.check else _vendor(place))
    except VendorError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{atomic.why(error)}; name a folder that can be written to", file=sys.stderr)
        return 1
    return 0


def _folder(written: str) -> Path:
    if not written.strip():
        raise argparse.ArgumentTypeError("it is empty; name a folder of your application")
    return Path(os.path.expanduser(written))  # noqa: PTH111 - Path.expanduser fails for an unknown user


def _refuse_drift() -> None:
    if not provenance.is_current(ROOT, PACKAGE):
        raise VendorError(
            f"{PACKAGE.relative_to(ROOT)} is not what the document and its overlays make, or was edited by hand; "
            "run make generate"
        )


def _refuse_foreign(place: Path) -> None:
    """Refuse to replace anything but an unedited copy of the package."""
    dest = place.parent.resolve()
    if dest == ROOT or any((dest / place.name).is_relative_to(own) for own in _OWN):
        raise VendorError(f"{place} lies in the toolkit itself; name a folder of your application")
    if dest.name == PACKAGE.name:
        raise VendorError(f"{dest} is the package's own name; name the folder that holds it, {dest.parent}")
    if os.path.lexists(place.parent) and not place.parent.is_dir():
        raise VendorError(f"{place.parent} is no folder; name a folder of your application")
    if not os.path.lexists(place):
        return
    record = provenance.read(place) if place.is_dir() and not place.is_symlink() else None
    copied = record and record.get("files")
    if not isinstance(copied, dict):
        raise VendorError(f"{place} is no copy of this package, which has a {provenance.NAME}; move it out of the way")
    there = provenance.files(place)
    if edited := [name if name in there else f"{name} (deleted)" for name in provenance.differing(copied, there)]:
        raise VendorError(
            f"{place} was edited by hand: {', '.join(edited)}; take the change into an overlay of the toolkit, or "
            "delete the folder to have it copied anew"
        )


def _check(place: Path) -> str:
    if not place.exists():
        raise VendorError(f"{place} is not there; make vendor DEST={shlex.quote(str(place.parent))} copies it")
    if differing := provenance.differing(provenance.hashes(PACKAGE), provenance.hashes(place)):
        raise VendorError(
            f"{place} is {_named(place)}, and not {_named(PACKAGE)} as it is made now: {', '.join(differing)}; "
            f"run make vendor DEST={shlex.quote(str(place.parent))}"
        )
    return f"{place} is {_named(PACKAGE)} as it is made now"


def _vendor(place: Path) -> str:
    before = _before(place)
    name, folder = _import_name(place)
    with atomic.staged(place) as fresh:
        shutil.copytree(PACKAGE, fresh, ignore=lambda _, names: set(filter(provenance.is_left_behind, names)))
        _refuse_changed(fresh)
        _try_import(fresh, name)
        atomic.put(fresh, place)
    imported = f"import it as {name}, with {folder} among the folders of sys.path"
    return f"{place} is {_named(place)}{before}\n{imported}\nat run time it needs {_needs()}"


def _before(place: Path) -> str:
    if not place.exists():
        return ""
    changed = len(provenance.differing(provenance.hashes(PACKAGE), provenance.hashes(place)))
    return f", and was {_named(place)}, of which {changed} files are others now" if changed else ", as it was"


def _refuse_changed(fresh: Path) -> None:
    if (provenance.read(fresh) or {}).get("files") != provenance.files(fresh):
        raise VendorError(f"{PACKAGE.relative_to(ROOT)} was written anew while it was copied; try again")


def _import_name(place: Path) -> tuple[str, Path]:
    """The name by which an application imports the copy, and the folder for sys.path, around its top package."""
    above = list(itertools.takewhile(lambda folder: _is_name(folder.name), place.resolve().parents))
    first = next((end for end, folder in enumerate(above) if (folder / "__init__.py").exists()), 0)
    packages = itertools.takewhile(lambda folder: (folder / "__init__.py").exists(), above[first + 1 :])
    names = above[: first + 1 + len(list(packages))]
    folder = names[-1].parent if names else place.resolve().parent
    return ".".join(place.resolve().relative_to(folder).parts), folder


def _is_name(folder: str) -> bool:
    return folder.isidentifier() and not keyword.iskeyword(folder)


def _try_import(fresh: Path, name: str) -> None:
    below = name if "." in name else f"_vendored.{name}"
    command = [sys.executable, "-I", "-B", "-c", _IMPORT_ALL, below, str(fresh.parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise VendorError(f"it cannot be imported as {name}: {done.stderr.strip().rpartition(chr(10))[2]}")


def _named(package: Path) -> str:
    record = provenance.read(package) or {}
    return ascii(f"{package.name} {record.get('api_version', 'of an unknown version')}")[1:-1]


def _needs() -> str:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shared = ", ".join(settings["tool"]["hatch"]["metadata"]["hooks"]["custom"]["extras"]["redis"])
    return f"{', '.join(settings['project']['dependencies'])}; and {shared} for a rate limit that processes share"


if __name__ == "__main__":
    sys.exit(main())
