"""Makes the curl command that sends a request, for a shell (bash) in which VENTIA_API_KEY holds the key."""

from __future__ import annotations

import base64
import re
import shlex
from collections.abc import Callable, Iterator

from contract_tests.wire.request import KEYS_IN_A_BODY, KeyPlaceholder, Request, Text, percent_encoded

_READABLE = 600  # bytes of a body, above which repetitions are written as such
_REPETITION = re.compile(rb"(.{1,24}?)\1{15,}", re.DOTALL)


def curl(request: Request, base: str) -> str:
    """The curl command of a request to a server at a base URL."""
    query = "&".join(f"{percent_encoded(name)}={_in_a_shell(value, percent_encoded)}" for name, value in request.query)
    url = _shell_quoted(base + request.path) + (f"?{query}" if query else "")
    lines = [f'curl -sS -i -X {shlex.quote(request.method)} "{url}"']
    lines += [f'-H "{_shell_quoted(name)}: {_in_a_shell(value, _shell_quoted)}"' for name, value in request.headers]
    if not any(name.lower() == "content-type" for name, _ in request.headers):
        lines += ["-H 'Content-Type:'"] if request.body else []  # or curl would send one of its own
    return " \\\n  ".join([*lines, *_data(request)])


def _data(request: Request) -> list[str]:
    body = request.body
    if not body:
        return []
    if len(body) > _READABLE and not request.has_key_in_body:
        program = f"import sys; sys.stdout.buffer.write({' + '.join(_parts(body))})"
        if len(program) < len(body) // 2:
            return [f"--data-binary @<(python3 -c {shlex.quote(program)})"]
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = "\0"
    if text.isprintable():
        # Single quotes end before the key's variable, since a shell expands it only outside of them.
        quoted = shlex.quote(text)
        for key in KEYS_IN_A_BODY:
            quoted = quoted.replace(key, f"'\"{key}\"'")
        return [f"--data-raw {quoted}"]
    return [f"--data-binary @<(echo {base64.b64encode(body).decode()} | base64 -d)"]


def _parts(body: bytes) -> Iterator[str]:
    """The body as expressions of Python, with each repetition as a product."""
    at = 0
    for match in _REPETITION.finditer(body):
        if match.start() > at:
            yield repr(body[at : match.start()])
        yield f"{match[1]!r} * {len(match[0]) // len(match[1])}"
        at = match.end()
    if at < len(body):
        yield repr(body[at:])


def _in_a_shell(text: Text, quoted: Callable[[str], str]) -> str:
    return text.in_a_shell(quoted) if isinstance(text, KeyPlaceholder) else quoted(text)


def _shell_quoted(text: str) -> str:
    """A text for double quotes in a shell."""
    return re.sub(r'([\\"$`])', r"\\\1", text)
