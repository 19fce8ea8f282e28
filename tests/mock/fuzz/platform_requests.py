"""Generates hostile requests to the documented operation."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from urllib.parse import quote

from tests.mock.fuzz.bodies import body_of_any_kind, mutation
from tests.mock.fuzz.request import (
    ANYWHERE,
    DOCUMENTED,
    GOOD,
    JSON_HEADER,
    NO_KEY,
    REFUSED,
    SECRET,
    SENT_ONLY,
    Headers,
    HostileRequest,
    encoded,
    head,
    huge,
    message,
    target,
)
from tests.support.stand_in import BASE, TEXT


def good(_: random.Random) -> HostileRequest:
    return HostileRequest("good", message(GOOD), SENT_ONLY)


def with_hostile_body(rng: random.Random) -> HostileRequest:
    kind, body, statuses = body_of_any_kind(rng)
    return HostileRequest(f"body: {kind}", message(body), statuses)


def with_hostile_key(rng: random.Random) -> HostileRequest:
    """Of which none is known, whatever body it comes with."""
    long = rng.choice((7, 8, 40, 2000, 50_000))
    word = rng.choice(
        ("k" * long, "\\" * min(long, 60), "a\\" * min(long, 60), "%00" * min(long, 99), "\U0001f600" * 9)
    )
    query = rng.choice(
        (
            *("", "api-key", "api-key=", "api-key=%00", f"api-key={SECRET}&api-key={SECRET}", f"API-KEY={SECRET}"),
            *(f"api-key={SECRET}%00", f"api-key=%20{SECRET}", f"api-key={SECRET}+", f"api-key[]={SECRET}"),
            *(f"api-key={SECRET.lower()}", f"api-key;={SECRET}", f"a=1;api-key={SECRET}", f"api-key=%25{SECRET}"),
            *(f"api-key={quote(word)}", f"api-key={quote(word)}", f"api-key=x&api-key={SECRET}", "api-key=%ff%fe%"),
            *("&" * 999, "=&" * 999, "a=" * 999, "api-key=" + "%F0%9F%98%80" * 99),
        )
    )
    kind, body, _ = body_of_any_kind(rng)
    if rng.random() < 0.5:
        body = encoded(TEXT | {"text": word, "more": [word[:-1], word[: len(word) // 2] + " ", word]})
        kind = "the key"
    return HostileRequest(f"key, with {kind}", message(body, target(query=query)), NO_KEY)


def with_encoded_key(rng: random.Random) -> HostileRequest:
    every = "".join(f"%{byte:02{rng.choice('xX')}}" for byte in SECRET.encode())
    name = rng.choice(("api-key", "api%2Dkey", "%61pi-key", "%61%70%69%2d%6b%65%79"))
    query = rng.choice(("", "&", "x=1&", "%00=%ff&", "=&")) + f"{name}={rng.choice((SECRET, every))}"
    return HostileRequest(
        "encoded key", message(GOOD, target(query=query + rng.choice(("", "&", "#x", "&a=%")))), SENT_ONLY
    )


def with_hostile_path(rng: random.Random) -> HostileRequest:
    contacts = ["", "%", "%2", "%zz", "%00", "%ff", "%2F", "..", ".", "%2e%2e", "a%2fb", "a;b", "%25", "%3Fx=1", "%23"]
    contacts += [
        "x" * 60_000,
        "%41" * 9000,
        SECRET,
        quote(SECRET[:-1]) + "%32",
        "%73tring",
        "string%0A",
        "\\",
        "|",
        "^",
    ]
    contacts += [
        "%u0041",
        "%C0%AF",
        "%ED%A0%80",
        "%F0%9F%98%80",
        "{idcontact}",
        "__proto__",
        "*",
        "~",
        "'",
        "string%20",
    ]
    contact = rng.choice(contacts)
    paths = [target(contact), "/" + target(contact), target(contact) + "/x", f"{BASE}/contact/{contact}", "/" + contact]
    paths += [
        f"http://{rng.choice(('localhost', 'evil.example', '[::1]:8', 'u:p@x'))}{target(contact)}",
        f"/.{target()}",
    ]
    return HostileRequest("path", message(GOOD, rng.choice(paths)), ANYWHERE)


def with_hostile_target(rng: random.Random) -> HostileRequest:
    """Of another form than a path: an authority, an asterisk, or none of all."""
    targets = [
        "*",
        "localhost:80",
        "http://localhost",
        "http://",
        "//",
        "//x",
        "?",
        "#",
        "?api-key=x",
        "https:",
        "x",
        ":",
    ]
    targets += [
        "http://[::1",
        "http://[" + target(),
        "http://a:99999" + target(),
        "/\xff",
        "/é",
        "/a b",
        "/\x00",
        "\t/",
    ]
    method = rng.choice(("GET", "OPTIONS", "POST", "DELETE"))
    return HostileRequest(
        "target", message(b"", rng.choice(targets), method=method), frozenset((400, 404, 405)), ends=True
    )


METHODS = [
    "GET",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "PROPFIND",
    "MKCOL",
    "LOCK",
    "M-SEARCH",
    "LINK",
    "SEARCH",
]


def of_any_method(rng: random.Random) -> HostileRequest:
    method = rng.choice([*METHODS, "HEAD"])
    at = rng.choice((target(), target("%00"), BASE, f"/{SECRET}", f"{BASE}/contact/{SECRET}", target(query="")))
    body = rng.choice((b"", GOOD))
    return HostileRequest("method", message(body, at, method=method), frozenset((404, 405)), method)


def of_no_method(rng: random.Random) -> HostileRequest:
    method = rng.choice(
        ("BREW", "post", "Post", "P", "", "POST\x00", "PO ST", "\xff", "GET\t", "X" * 9000, "POST,GET", "()")
    )
    return HostileRequest("no method", message(GOOD, method=method), REFUSED, ends=True)


def with_hostile_prefer(rng: random.Random) -> HostileRequest:
    codes = [
        *map(str, DOCUMENTED),
        "204",
        "0",
        "-1",
        "9" * 5000,
        "٢٠٠",
        "nan",
        "200.0",
        "'200'",
        "",
        "\\",
        "%32",
        "{0}",
    ]
    prefer = rng.choice(
        (
            f"code={rng.choice(codes)}",
            f"example={rng.choice(('messageSent', 'messageQueued', '__class__', 'x' * 20_000, SECRET, '{0}', '..'))}",
            f"code={rng.choice(codes)}, code={rng.choice(codes)}",
            ", ".join(["code=200"] * 3000),
            "code" + " " * 20_000 + "x",
            "code=" + " " * 20_000 + "200",
            " ".join(["code"] * 5000),
            rng.randbytes(30).translate(None, bytes(range(32)) + b"\x7f").decode("latin-1"),
        )
    )
    return HostileRequest("prefer", message(GOOD, more=[("Prefer", prefer)]), DOCUMENTED)


def with_hostile_type(rng: random.Random) -> HostileRequest:
    known = rng.choice(("application/json", "Application/JSON ; charset=utf-16", "application/json;" + ";" * 5000))
    types: list[str | bytes] = [
        known,
        "",
        "text/plain",
        "application/jsonp",
        "application/json, text/plain",
        "*/*",
        "\xff",
    ]
    types += [
        "multipart/form-data; boundary=" + "-" * 999,
        "application/x-www-form-urlencoded",
        b"\xff/\x80",
        "json",
        "/",
    ]
    more: Headers = [("Content-Type", rng.choice(types)) for _ in range(rng.choice((0, 1, 1, 1, 2)))]
    kind, body, statuses = rng.choice((("good", GOOD, SENT_ONLY), body_of_any_kind(rng)))
    return HostileRequest(f"content type, with {kind}", message(body, more=more, typed=False), statuses | REFUSED)


def compressed(rng: random.Random) -> HostileRequest:
    coding = rng.choice(("gzip", "deflate", "br", "zstd", "identity", "gzip, gzip", "x" * 999, ""))
    zipped = rng.choice((gzip.compress(GOOD, mtime=0), gzip.compress(bytes(1 << 20), mtime=0), b"\x1f\x8b\x08\xff"))
    body, statuses = rng.choice(((zipped, REFUSED), (GOOD, SENT_ONLY | REFUSED)))
    return HostileRequest("compressed", message(body, more=[("Content-Encoding", coding)]), statuses)


def with_hostile_headers(rng: random.Random) -> HostileRequest:
    """Which HTTP allows, however odd."""
    size = rng.choice((1, 1000, 60_000))
    odd: list[Headers] = [
        [("X-Long", "x" * size)],
        [("x" * min(size, 60_000), "1")],
        [(f"X-{each}", "1") for each in range(rng.choice((100, 3000)))],
        [("X-Same", "1")] * 500,
        [("X-Byte", bytes([rng.randrange(128, 256)]) * 9), ("X-Line", b"a\x85b"), ("X-More", b"\xa0\x85")],
        [("X-Text", "é\U0001f600\u2028 \t "), ("X-Empty", ""), ("X-Colons", ":::")],
        [
            (
                "Cookie",
                rng.choice(("a=b; a=c", "=;=;" * 900, ";" * 5000, "a", "\x80=\xff", "__proto__=1", f"k={SECRET}")),
            )
        ],
        [
            ("Authorization", f"Bearer {SECRET}"),
            ("X-Forwarded-For", "x" * 99),
            ("Forwarded", "for=x"),
            ("X-Key", SECRET),
        ],
        [("Host", rng.choice(("", "evil.example", "[", "a" * 5000, "\xff", "localhost:99999")))],
        [("Accept", "text/html;q=0"), ("Accept-Encoding", "gzip;q=1, *;q=0"), ("Range", "bytes=0-"), ("If-Match", "*")],
        [("X-HTTP-Method-Override", "DELETE"), ("Connection", rng.choice(("keep-alive", "x, y", "te, keep-alive")))],
        [("!#$%&'*+-.^_`|~", "1"), ("Content-Md5", "x"), ("Trailer", "Content-Length"), ("TE", "trailers")],
    ]
    return HostileRequest("headers", message(GOOD, more=rng.choice(odd)), SENT_ONLY)


def with_broken_head(rng: random.Random) -> HostileRequest:
    """Which HTTP does not allow."""
    length = str(len(GOOD))
    broken: list[Headers] = [
        [("Content-Length", length)] * 2,
        [("Content-Length", length), ("Content-Length", "0")],
        [("Content-Length", length), ("Transfer-Encoding", "chunked")],
        [("Content-Length", rng.choice(("-1", "+5", "0x10", "1e3", "5, 5", "", "9" * 30, "٣", "5 5", "\x00")))],
        [("Transfer-Encoding", rng.choice(("identity", "gzip", "chunked, gzip", "chunked, identity", "xchunked")))],
        [("X-Nul", "a\x00b"), ("Content-Length", length)],
        [("X\x00Nul", "1")],
        [(" X-Space", "1")],
        [("X Space", "1")],
        [("X-Space ", "1"), ("", "no name")],
        [(b"\xff\xfe", "1")],
        [("X-Bell", "\x07\x1b\x7f")],
        [("X-Return", "a\rb")],
    ]
    lines = head("POST", target(), [("Host", "localhost"), *rng.choice(broken), JSON_HEADER])
    return HostileRequest("broken head", lines + GOOD, REFUSED, ends=True)


def with_broken_line(rng: random.Random) -> HostileRequest:
    version = rng.choice(
        ("", "HTTP", "HTTP/", "HTTP/1", "HTTP/1.1.1", "HTTP/9.9", "http/1.1", "HTTP/1.1 x", "FTP/1.1", "\x00")
    )
    return HostileRequest("broken line", message(GOOD, version=version), REFUSED, ends=True)


def of_another_version(rng: random.Random) -> HostileRequest:
    more = rng.choice(([], [("Connection", "keep-alive")]))
    return HostileRequest("HTTP/1.0", message(GOOD, more=more, version="HTTP/1.0"), SENT_ONLY, ends=True)


def that_closes(_: random.Random) -> HostileRequest:
    return HostileRequest("Connection: close", message(GOOD, more=[("Connection", "close")]), SENT_ONLY, ends=True)


def that_upgrades(rng: random.Random) -> HostileRequest:
    to = rng.choice(("websocket", "h2c", "TLS/1.0", "x" * 999, ""))
    more = [("Connection", rng.choice(("Upgrade", "upgrade, HTTP2-Settings"))), ("Upgrade", to)]
    more += [("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="), ("Sec-WebSocket-Version", "13")]
    if rng.random() < 0.5:
        return HostileRequest("upgrade", message(GOOD, more=more), SENT_ONLY)
    get = head("GET", rng.choice((target(), BASE)), [("Host", "localhost"), *more])
    return HostileRequest("upgrade", get, frozenset((404, 405)), "GET")


def that_tunnels(rng: random.Random) -> HostileRequest:
    to = rng.choice(("localhost:80", target(), "evil.example:443", "*", "[::1]:80", ":", "x" * 999))
    data = head("CONNECT", to, [("Host", "localhost")]) + rng.choice((b"", rng.randbytes(50), GOOD))
    return HostileRequest("CONNECT", data, frozenset((400, 404, 405)), "CONNECT", ends=True)


def chunks(rng: random.Random, body: bytes, extension: Callable[[], str] = lambda: "") -> bytes:
    parts, at = [], 0
    while at < len(body):
        size = rng.choice((1, 7, 64, 4096)) if len(body) < 10_000 else 100_000
        part = body[at : at + size]
        number = rng.choice((f"{len(part):x}", f"{len(part):X}", f"{len(part):06x}"))
        parts.append(f"{number}{extension()}\r\n".encode() + part + b"\r\n")
        at += size
    return b"".join(parts)


CHUNKED: Headers = [("Host", "localhost"), ("Transfer-Encoding", "chunked"), JSON_HEADER]


def in_chunks(rng: random.Random) -> HostileRequest:
    kind, body, statuses = rng.choice((("good", GOOD, SENT_ONLY), body_of_any_kind(rng)))
    extension = rng.choice(("", ";a", ";a=b", ';a="b;c"', ";" + "x" * 3000))
    trailer = rng.choice(("", "X-Trailer: 1\r\n", "X-A: 1\r\nX-B: \r\n", "X-Long: " + "x" * 5000 + "\r\n"))
    data = (
        head("POST", target(), CHUNKED)
        + chunks(rng, body, lambda: extension)
        + f"0{extension}\r\n{trailer}\r\n".encode()
    )
    return HostileRequest(f"chunks of {kind}", data, statuses)


def in_broken_chunks(rng: random.Random) -> HostileRequest:
    size = rng.choice(("-1", "x", "0x5", "", " ", "g", "F" * 17, "F" * 400, "5 5", "+5", "5\x00", ";a", "\xff"))
    body = rng.choice((f"{size}\r\nhello\r\n0\r\n\r\n", f"2\r\n{{}}{size}x\r\n0\r\n\r\n", "2\r\n{}}0\r\n\r\n")).encode()
    return HostileRequest("broken chunks", head("POST", target(), CHUNKED) + body, REFUSED, ends=True)


def that_expects(rng: random.Random) -> HostileRequest:
    expect = [("Expect", rng.choice(("100-continue", "100-Continue")))]
    if rng.random() < 0.3:
        odd = [("Expect", rng.choice(("200-ok", "", "x" * 999, "100-continue, 100-continue")))]
        return HostileRequest("expects else", message(GOOD, more=odd), SENT_ONLY)
    kind, body, statuses = body_of_any_kind(rng)
    return HostileRequest(f"expects, with {kind}", message(body, more=expect), statuses, waits=rng.random() < 0.7)


def huge_body(rng: random.Random) -> HostileRequest:
    filling = rng.choice((b"x", b"[", b"\xff", b'{"a":', b"\\u0000"))
    if rng.random() < 0.3:
        data = head("POST", target(), CHUNKED) + chunks(rng, huge(filling)) + b"0\r\n\r\n"
        return HostileRequest("10 MB in chunks", data, REFUSED)
    if rng.random() < 0.3:
        return HostileRequest("10 MB to nobody", message(huge(filling), BASE), frozenset((404,)))
    query = rng.choice((f"api-key={SECRET}", "api-key=unknown-key"))
    return HostileRequest("10 MB", message(huge(filling), target(query=query)), REFUSED if SECRET in query else NO_KEY)


def huge_url(rng: random.Random) -> HostileRequest:
    """Of more than the 64 KiB that the server reads."""
    size = rng.choice((70_000, 300_000, 1 << 20))
    at = rng.choice((target("x" * size), target("%41" * (size // 3)), target(query=f"x={'y' * size}&api-key={SECRET}")))
    return HostileRequest("huge URL", message(GOOD, at), REFUSED, ends=True)


def slow(rng: random.Random) -> HostileRequest:
    return HostileRequest("slow", message(GOOD), SENT_ONLY, pause=rng.choice((0.0, 0.001)))


def of_random_bytes(rng: random.Random) -> HostileRequest:
    start = rng.choice(
        (b"", b"\x16\x03\x01\x02\x00", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\r\n\r\n", b"\x00" * 99, b"SSH-2.0-x\r\n")
    )
    data = start + rng.randbytes(rng.choice((1, 5, 50, 3000)))
    return HostileRequest("random bytes", data, ANYWHERE, certain=False, ends=True)


def mutated_whole(rng: random.Random) -> HostileRequest:
    data = mutation(
        rng, rng.choice((message(GOOD), head("POST", target(), CHUNKED) + chunks(rng, GOOD) + b"0\r\n\r\n"))
    )
    return HostileRequest("mutated request", data, ANYWHERE, certain=False, ends=True)


def aborted(rng: random.Random) -> HostileRequest:
    _, body, _ = body_of_any_kind(rng)
    data = message(body)
    end = rng.randrange(1, len(data) + 1)
    return HostileRequest("aborted", data[:end], ANYWHERE, certain=False, ends=True, gone=True)


def cut_off(rng: random.Random) -> HostileRequest:
    data = message(GOOD)
    return HostileRequest("cut off", data[: rng.randrange(1, len(data))], REFUSED, certain=False, ends=True)
