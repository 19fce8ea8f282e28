"""The command `python -m ventia_mock`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from ventia_document import DOCUMENT, printing
from ventia_document.check import read_checked
from ventia_document.source import DocumentError, read
from ventia_mock.app import App
from ventia_mock.control.curl import KEY_VARIABLE
from ventia_mock.http.server import address, listen, server
from ventia_mock.journal.har_file import HarFile
from ventia_mock.journal.journal import MOST_RECORDS, Journal
from ventia_mock.log import log_to_stderr
from ventia_mock.platform.rate_limiter import RateLimiter
from ventia_mock.platform.upstream import Upstream
from ventia_mock.reload import reload
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY, WORLD, World, read_world

_log = logging.getLogger("ventia_mock")


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the document until interrupted; returns 1 if a file is not valid or the address is taken."""
    printing.escape()
    arguments = _parser().parse_args(argv)
    log_to_stderr()
    try:
        stand_in = _stand_in(arguments)
    except (DocumentError, ValueError, OSError) as error:
        return _fail(str(error))
    try:
        listening = listen(arguments.host, arguments.port)
    except (OSError, OverflowError) as error:
        return _fail(f"{arguments.host}:{arguments.port}: cannot be listened on: {error}; name another with --port")
    at = address(listening)
    key = f"the one in {KEY_VARIABLE}" if os.environ.get(KEY_VARIABLE) else _first_key(stand_in)
    served = server(App(stand_in, arguments.allow_host))
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=served.config.get_loop_factory()) as loop:
        print(f"Ventia's stand-in listens on {at}{stand_in.base_path} - API key: {key} - inbox: {at}/", flush=True)
        _log.info("rate_limit=%r", str(stand_in.platform.accounts.first.limiter or "off"))
        loop.run(_serve(stand_in, served, listening, arguments))
    return 0


async def _serve(
    stand_in: StandIn, served: uvicorn.Server, listening: socket.socket, arguments: argparse.Namespace
) -> None:
    reloading = asyncio.create_task(reload(stand_in, arguments.document, arguments.world, _read_world))
    await served.serve(sockets=[listening])
    reloading.cancel()


def _stand_in(arguments: argparse.Namespace) -> StandIn:
    if arguments.allow_contact and not arguments.upstream:
        raise ValueError("--allow-contact: Must be given with --upstream URL")
    upstream = Upstream(arguments.upstream, arguments.allow_contact) if arguments.upstream else None
    return StandIn(
        read_checked(arguments.document),
        _read_world(arguments.world),
        journal=Journal(arguments.db, arguments.keep),
        limiter=RateLimiter.of if arguments.rate_limit else lambda _: None,
        upstream=upstream,
        har=HarFile(arguments.record) if arguments.record else None,
    )


def _read_world(path: Path) -> World:
    world = read_world(path, os.environ.get(KEY_VARIABLE))
    for company in world.companies:
        for lack in company.lacks():
            _log.warning("%s: no message of the company %r is accepted: it has no %s", path, company.id, lack)
    return world


def _first_key(stand_in: StandIn) -> str:
    return stand_in.platform.accounts.first.company.api_keys[0]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ventia-mock",
        description="A stand-in for the Ventia platform: it validates and answers by the document, and shows every "
        "message in an inbox. It sends nothing; only with --upstream does it pass valid messages on, for the contacts "
        "of --allow-contact, and these are really sent.",
        epilog=f"The first company of the world has the API key in {KEY_VARIABLE} or, without it, that of the world "
        f"file, or else {SAMPLE_KEY}.",
    )
    option = parser.add_argument
    option("--version", action=_Version, nargs=0, help="print the version of the document and exit")
    option("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    option("--port", type=int, default=8080, help="port to listen on, 0 for a free one (default: 8080)")
    option(
        "--rate-limit",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="refuse requests above the document's rate limit (default: on)",
    )
    option("--document", type=Path, default=DOCUMENT, help="OpenAPI 3.1 document (default: the project's)")
    option(
        "--world",
        type=Path,
        default=WORLD,
        help="YAML file of companies and what belongs to them (default: a sample world)",
    )
    option("--db", type=Path, help="SQLite file to keep the messages in (default: memory)")
    option("--keep", type=_positive, default=MOST_RECORDS, help="number of messages to keep (default: %(default)s)")
    option(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="another name besides localhost for this machine",
    )
    option("--record", type=Path, metavar="FILE", help="write every exchange into this HAR file, without keys")
    option("--upstream", metavar="URL", help="pass valid requests on to this server, and check its answers")
    option(
        "--allow-contact",
        action="append",
        default=[],
        metavar="ID",
        help="with --upstream: a contact who may be messaged; requests for any other are refused",
    )
    return parser


class _Version(argparse.Action):
    """Prints the version, which is read only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(parser.prog, read(DOCUMENT).value["info"]["version"])
        parser.exit()


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"Must be a number above 0; got {text!r}")
    return int(text)


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1
