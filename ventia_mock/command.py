"""The command `python -m ventia_mock`."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_document.source import DocumentError
from ventia_mock.keys import SAMPLE_KEY
from ventia_mock.limiter import Limiter
from ventia_mock.platform import Platform
from ventia_mock.server import address, listen, server

KEY_VARIABLE = "VENTIA_API_KEY"


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the document until interrupted; 1 if it is not valid or the address is taken."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    key = os.environ.get(KEY_VARIABLE) or SAMPLE_KEY
    try:
        source = read_checked(arguments.document)
        limiter = Limiter.of(source.value) if arguments.rate_limit else None
        platform = Platform(source, {key}, limiter)
        listening = listen(arguments.host, arguments.port)
    except DocumentError as error:
        return _fail(str(error))
    except (OSError, OverflowError) as error:
        return _fail(f"{arguments.host}:{arguments.port}: cannot be listened on: {error}; name another with --port")
    shown = key if key == SAMPLE_KEY else f"the one in {KEY_VARIABLE}"
    print(f"Ventia's stand-in listens on {address(listening)}{platform.base_path} - API key: {shown}", flush=True)
    logging.info("The rate limit is %s", limiter or "off")
    with contextlib.suppress(KeyboardInterrupt):
        server(platform).run(sockets=[listening])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ventia_mock",
        description="A stand-in for the Ventia platform: it validates and answers by the document. It sends nothing.",
        epilog=f"The API key that it knows is the one in {KEY_VARIABLE}, or else {SAMPLE_KEY}.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="port to listen on, 0 for a free one (default: 8080)")
    parser.add_argument(
        "--rate-limit",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="refuse requests above the document's rate limit (default: on)",
    )
    parser.add_argument("--document", type=Path, default=DOCUMENT, help="OpenAPI 3.1 document (default: the project's)")
    return parser


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1
