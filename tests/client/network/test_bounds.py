"""An answer takes no more memory than its bound, and an idle connection is given up before its server gives it up."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.support.callers import calling
from tests.support.fault_server import SUCCESS
from tests.support.raw_server import Connection, answer, serving
from ventia_client import MessageSent, errors

pytestmark = pytest.mark.acceptance

ROOT = Path(__file__).parents[3]

each_way = pytest.mark.parametrize("way", ["sync", "async"])

SENDER = """
import asyncio, sys
from ventia_client import ChannelMessage, Client, create_message, errors
client = Client("AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD", base_url=sys.argv[1], rate_limit=None)
message = ChannelMessage("656b0e1f8e5a2c001f3a9d12", text="Hi!", local_id="bomb")
arguments = {"client": client, "body": message}
try:
    if sys.argv[2] == "sync":
        create_message.sync("66f1a2b33c4d5e0067f8a9b0", **arguments)
    else:
        asyncio.run(create_message.asyncio("66f1a2b33c4d5e0067f8a9b0", **arguments))
except errors.UnreadableAnswer:
    [peak] = [line for line in open('/proc/self/status') if line.startswith('VmHWM')]
    print(peak.split()[1])
"""


def squeezed(megabytes: int) -> bytes:
    """So many megabytes of zeros, in a few thousandths of that."""
    squeezing = zlib.compressobj(9, wbits=31)
    parts = [squeezing.compress(bytes(1 << 20)) for _ in range(megabytes)]
    return b"".join([*parts, squeezing.flush()])


ENCODED = {
    "gzip": squeezed(40),
    "gzip, gzip": gzip.compress(squeezed(400)),
    "deflate": zlib.compress(bytes(40 << 20)),
}


def encoded(encoding: str, content: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


@each_way
@pytest.mark.parametrize("encoding", ENCODED)
def test_a_small_answer_takes_no_large_memory(way: str, encoding: str) -> None:
    assert len(ENCODED[encoding]) < 1 << 16

    def bombing(connection: Connection) -> None:
        while connection.take():
            connection.send(encoded(encoding, ENCODED[encoding]))

    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated")}
    with serving(bombing) as server:
        command = [sys.executable, "-c", SENDER, server.url, way]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=30)
    assert int(done.stdout) < 100 << 10  # kilobytes


@each_way
@pytest.mark.parametrize(
    ("encoding", "content", "kind"),
    [
        ("gzip", gzip.compress(json.dumps(SUCCESS).encode(), mtime=0), MessageSent),
        ("deflate", zlib.compress(json.dumps(SUCCESS).encode()), MessageSent),
        ("identity", json.dumps(SUCCESS).encode(), MessageSent),
        (
            "gzip, gzip",
            gzip.compress(gzip.compress(json.dumps(SUCCESS).encode(), mtime=0), mtime=0),
            errors.UnreadableAnswer,
        ),
        ("br", b"\x8b\x00\x80{}\x03", errors.UnreadableAnswer),
        ("zstd", b"(\xb5/\xfd \x02\x11\x00\x00{}", errors.UnreadableAnswer),
        ("gzip", b"{}", errors.UnreadableAnswer),
    ],
    ids=["gzip", "deflate", "identity", "gzip twice", "br", "zstd", "no gzip"],
)
def test_an_answer_is_decoded_once_at_the_most(way: str, encoding: str, content: bytes, kind: type[Any]) -> None:
    """Although none of it was asked for."""
    asked: list[bytes] = []

    def answering(connection: Connection) -> None:
        nonlocal asked
        while request := connection.take():
            asked += [line for line in request.head.lower().splitlines() if line.startswith(b"accept-encoding")]
            connection.send(encoded(encoding, content))

    with serving(answering) as server, calling(way, server.url) as caller:
        assert kind is type(caller.call("one"))
    assert [b"accept-encoding: identity"] == asked


@each_way
@pytest.mark.parametrize(("seconds", "connections"), [(0.1, 1), (1.6, 2)])
def test_a_connection_is_not_used_when_a_server_may_be_about_to_close_it(
    way: str, seconds: float, connections: int
) -> None:
    """Some servers keep a connection for two seconds: what is sent as it ends would be an unknown outcome."""

    def answering(connection: Connection) -> None:
        while connection.take():
            connection.send(answer())

    with serving(answering) as server, calling(way, server.url) as caller:
        for name in ("one", "two"):
            assert isinstance(caller.call(name), MessageSent)
            caller.rest(seconds)
        assert connections == server.accepted
