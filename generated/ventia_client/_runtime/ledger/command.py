"""The command `python -m ventia_client.ledger`: shows a ledger, and notes what a person found out."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from ..outcomes import LedgerUnavailable
from .ledgers import Ledger
from .records import Record, iso
from .sqlite_store import SqliteStore

_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 1 if it could not do what it was to do."""
    if (reconfigure := getattr(sys.stdout, "reconfigure", None)) is not None:
        reconfigure(errors="backslashreplace")  # under LC_ALL=C the encoding may lack what a key has
    arguments = _parser().parse_args(argv)
    try:
        ledger = _ledger(arguments.ledger)
        try:
            print(arguments.command(ledger, arguments))  # noqa: T201 - a command prints
        finally:
            ledger.close()
    except (LedgerUnavailable, LookupError, ModuleNotFoundError, ValueError) as error:
        print(*error.args[:1], *getattr(error, "__notes__", []), sep="\n", file=sys.stderr)  # noqa: T201 - as above
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    name = f"python -m {__package__.partition('._runtime')[0]}.ledger" if __package__ else None
    parser = argparse.ArgumentParser(prog=name, description="The ledger of messages that are sent once.")
    parser.add_argument("ledger", help="the path of the ledger's file, or the URL of its Redis")
    commands = parser.add_subparsers(required=True, metavar="list|resolve|forget")
    listing = _command(commands, "list", _list, "list the messages of which it is unknown whether they were sent")
    listing.add_argument("--all", action="store_true", help="list all messages")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    resolving = _command(commands, "resolve", _resolve, "note whether an unknown message was sent")
    resolving.add_argument("key", help="as it is listed")
    found = resolving.add_mutually_exclusive_group(required=True)
    found.add_argument("--sent", action="store_true", help="it was sent: no call with its key will send it")
    found.add_argument("--not-sent", action="store_true", help="it was not: the next call with its key sends it")
    forgetting = _command(commands, "forget", _forget, "remove messages that were sent before a time")
    forgetting.add_argument("--before", required=True, type=_time, help="a day, 2026-11-28, or an age: 30d, 12h, 5m")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],  # pyright: ignore[reportPrivateUsage] - has no other name
    name: str,
    run: Callable[[Ledger, argparse.Namespace], str],
    text: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    parser.set_defaults(command=run)
    return parser


def _ledger(place: str) -> Ledger:
    if re.match(r"(rediss?|unix)://", place):
        return Ledger.redis(place)
    return Ledger(SqliteStore(place, must_exist=True))


def _time(text: str) -> datetime:
    if age := re.fullmatch(r"(\d{1,6})([dhm])", text):
        return datetime.now(UTC) - timedelta(**{_UNITS[age[2]]: int(age[1])})
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time; pass a day, 2026-11-28, or an age: 30d, 12h, 5m"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _list(ledger: Ledger, arguments: argparse.Namespace) -> str:
    records = ledger.records() if arguments.all else ledger.unknown()
    if arguments.json:
        return "\n".join(json.dumps({**json.loads(record.to_json()), "at": iso(record)}) for record in records)
    return _table(records) if records else "nothing" + ("" if arguments.all else " is unknown")


def _table(records: Sequence[Record]) -> str:
    rows = [("KEY", "STATE", "CONTACT", "TIME (UTC)", "BY", "MESSAGE")]
    rows += [
        (
            record.key,
            record.state,
            _printable(record.contact),
            f"{record.at:%Y-%m-%d %H:%M:%S}",
            record.by,
            _message(record),
        )
        for record in records
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _message(record: Record) -> str:
    """The message if it is kept, and else how its call ended."""
    return record.note or "" if record.body is None else json.dumps(record.body, ensure_ascii=True)


def _printable(text: str) -> str:
    return text if text.isprintable() else ascii(text)


def _resolve(ledger: Ledger, arguments: argparse.Namespace) -> str:
    ledger.resolve(arguments.key, sent=arguments.sent)
    end = "counts as sent" if arguments.sent else "is free again: the next call with it sends the message"
    return f"{arguments.key!r} {end}"


def _forget(ledger: Ledger, arguments: argparse.Namespace) -> str:
    return (
        f"removed {ledger.forget(before=arguments.before)} messages from before {arguments.before:%Y-%m-%d %H:%M} UTC"
    )
