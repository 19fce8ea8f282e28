"""Makes the curl command that repeats a request; it takes the API key from a variable of the shell."""

from __future__ import annotations

import shlex

from ventia_mock.journal.record import Record
from ventia_mock.operations.served import ServedOperation

KEY_VARIABLE = "VENTIA_API_KEY"


def replay(record: Record, base: str, served: ServedOperation) -> str:
    """The curl command that sends a recorded request again, to the server at `base`, to paste into a shell."""
    url = base + record.url
    for name in served.authentication.query_names:
        url += f"{'&' if '?' in url else '?'}{name}="
    key = f'"${KEY_VARIABLE}"' if served.authentication.query_names else ""
    parts = [f"curl {_literally(url)}-X {shlex.quote(record.method)} {shlex.quote(url)}{key}"]
    parts += [f'-H "{name}: {prefix}${KEY_VARIABLE}"' for name, prefix in served.authentication.headers.items()]
    types = [line for line in record.headers.split("\n") if line.startswith("content-type: ")]
    parts += [f"-H {shlex.quote(line)}" for line in types]
    parts += [f"--data-raw {shlex.quote(record.body)}"] if record.body else []
    return " \\\n  ".join(parts)


def _literally(url: str) -> str:
    """The options without which curl sends `{a,b}` and `[1-9]` several times, and `/a/../b` as `/b`."""
    return f"{'--globoff ' if set(url) & set('{}[]') else ''}{'--path-as-is ' if '/.' in url else ''}"
