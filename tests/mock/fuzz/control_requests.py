"""Generates hostile requests to the control routes."""

from __future__ import annotations

import random
from urllib.parse import quote

from tests.mock.fuzz.bodies import body_of_any_kind
from tests.mock.fuzz.platform_requests import METHODS
from tests.mock.fuzz.request import OTHER_COMPANY, OWN, SECRET, SENT_ONLY, Headers, HostileRequest, head, raw

HOSTS = [
    *(
        "",
        "evil.example",
        "localhost:99999",
        "localhost/x",
        "localhost?x",
        "localhost#x",
        "[",
        "[::1",
        "[::1]:x",
        "]",
        "::1",
    ),
    *(
        "user@localhost",
        "localhost\\@x",
        "127.0.0.1.evil.example",
        "0",
        "127.1",
        "\xff",
        "é",
        "a" * 9000,
        f"{SECRET}",
        "%00",
    ),
]
ORIGINS = [
    "null",
    "",
    "http://[",
    "http://localhost",
    "//",
    "http://[::1",
    "https://evil.example",
    "\xff",
    "x" * 9000,
    SECRET,
]
QUERIES = [
    *(
        "limit=-1",
        "limit=nan",
        "limit=inf",
        "limit=1e999",
        "limit=x",
        "since=-1",
        "since=99999999999999999999",
        "wait=-1",
    ),
    *(
        "wait=nan",
        "wait=1e9",
        "at_least=x",
        "at_least=-5",
        "outcome=x",
        "outcome=",
        "nothing=1",
        "__class__=1",
        "%00=%00",
    ),
    *(
        "text=%ff",
        "q=%00",
        "company=%00",
        "company=" + "x" * 9000,
        "company=%F0%9F%98%80",
        "limit=%D9%A3x",
        "&&&",
        "=",
        "%",
    ),
    *("text=a&text=b", "limit=1_0x", "limit=0x10", "status=abc", f"q={SECRET}", f"limit={SECRET}", f"{SECRET}=1"),
    *("wait=0.01&at_least=1000000&company=nobody", "since=1e15", "q=" + "x" * 9000, "company=", "limit=1" + "0" * 400),
]
FAULTS: list[str] = [
    *(
        '{"seed": 1.0}',
        '{"seed": 1e999}',
        '{"seed": -5}',
        f'{{"seed": {"9" * 4000}}}',
        '{"queue": {}}',
        '{"queue": [1]}',
    ),
    *(
        '{"queue": [{"fault": "drop", "times": 2.0}]}',
        '{"queue": [{"fault": "drop", "times": 0}]}',
        '{"__proto__": {}}',
    ),
    *(
        '{"queue": [{"answer": "x", "fault": "drop"}]}',
        '{"queue": [{"answer": 1e999}]}',
        '{"latency": {"seconds": NaN}}',
    ),
    *(
        '{"queue": [{"answer": "\\ud800"}]}',
        '{"latency": {"uniform": [1e999, -1e999]}}',
        '{"random": [{"probability": NaN}]}',
    ),
    *('{"random": [{"fault": "half", "probability": 1e-999}]}', '{"latency": {"seconds": 1e999}}', '{"latency": []}'),
    *('{"latency": {"lognormal": {"median": 0, "sigma": 5.0}}}', '{"queue": [{"answer": [1]}]}', '{"fault": "drop"}'),
    *(
        '{"fault": "drop", "times": 1.0}',
        '{"answer": 200.0}',
        '{"answer": true}',
        '{"answer": -1}',
        '{"answer": "200"}',
    ),
    *(
        '{"queue": [{"fault": "drop", "times": 500000}]}',
        '{"fault": "drop", "times": -1}',
        f'{{"answer": {"9" * 4000}}}',
    ),
]
CHANGES: list[str] = [
    *(
        '{"name": "\\ud800"}',
        '{"name": "\\u0000"}',
        '{"answers": "\\udfff"}',
        '{"answers": []}',
        '{"answers": {}}',
        "{}",
    ),
    *('{"answers": 200}', '{"answers": 1e999}', '{"name": 1e999}', '{"id": "x"}', '{"__class__": 1}', '{"name": []}'),
    *('{"type": "fb"}', '{"type": "\\ud800"}', '{"queues": 1.0}', '{"user": "x", "active": 0}', '{"session": null}'),
]
NO_ROUTES = ["/_mock", "/_mock/", "/_mockery", "/_mock//health", "/_mock/health/", "/_mock/messages/", "/_mock/%00"]
NO_ROUTES += ["/_mock/messages/-1", "/_mock/messages/1.0", "/_mock/messages/%D9%A3", "/%5fmock/x", "/_mock/../x"]
NO_ROUTES += [
    f"/_mock/{SECRET}",
    "/_mock/" + "x" * 9000,
    "/_mock/%F0%9F%98%80%ff",
    "/_mock/world/a/b/c",
    "/_mock/faults%2F",
]


def own(
    kind: str, method: str, at: str | bytes, body: str | bytes = b"", more: Headers = (("Host", "localhost"),),
    statuses: frozenset[int] = OWN,
) -> HostileRequest:  # fmt: skip
    sent = raw(body)
    lines = head(method, at, [*more, ("Content-Length", str(len(sent)))])
    return HostileRequest(f"control: {kind}", lines + sent, statuses, method, own=True)


def own_query(rng: random.Random) -> HostileRequest:
    return own("query", "GET", f"/_mock/messages?{rng.choice(QUERIES)}")


def own_messages(rng: random.Random) -> HostileRequest:
    """The messages, as the inbox reads them: what was received, however odd, can be shown."""
    query = rng.choice(
        ("limit=50&outcome=any", "limit=9&outcome=refused", "limit=50", "text=x&limit=5", "limit=3&q=hi")
    )
    return own("messages", "GET", f"/_mock/messages?{query}", statuses=SENT_ONLY)


def own_message(rng: random.Random) -> HostileRequest:
    numbers = ["0", "1", "9223372036854775807", "9223372036854775808", "999999999999999999999", "9" * 4000, "9" * 5000]
    number = rng.choice([*numbers, str(rng.randrange(9000))])
    return own("message", "GET", f"/_mock/messages/{number}", statuses=frozenset((200, 400, 404)))


def own_faults(rng: random.Random) -> HostileRequest:
    kind, body = "faults", rng.choice(FAULTS).encode()
    if rng.random() < 0.5:
        of, body, _ = body_of_any_kind(rng)
        kind = f"faults with {of}"
    query = rng.choice((OTHER_COMPANY, OTHER_COMPANY, "company=%00", f"company={SECRET}"))
    return own(kind, rng.choice(("PUT", "POST")), f"/_mock/faults?{query}", body)


def own_world(rng: random.Random) -> HostileRequest:
    kind, body = "world", rng.choice(CHANGES).encode()
    if rng.random() < 0.5:
        of, body, _ = body_of_any_kind(rng)
        kind = f"world with {of}"
    of = rng.choice(("contacts", "channels", "users", "integrations", "templates", "messages", "things", "%00", SECRET))
    identifier = rng.choice(("x", "%00", "%ff", "é", "%F0%9F%98%80", "a b", "__proto__", "x" * 999, "%2F"))
    return own(kind, "PATCH", f"/_mock/world/{of}/{quote(identifier, safe='%')}", body)


def own_nowhere(rng: random.Random) -> HostileRequest:
    return own("no route", rng.choice(("GET", "POST", "PUT")), rng.choice(NO_ROUTES))


def own_method(rng: random.Random) -> HostileRequest:
    method = rng.choice([*METHODS, "HEAD", "POST"])
    paths = [
        "/_mock/health",
        "/_mock/messages/1",
        "/_mock/world",
        "/_mock/world/contacts/x",
        f"/_mock/faults?{OTHER_COMPANY}",
    ]
    return own("method", method, rng.choice([*paths, "/_mock/companies/nobody", f"/_mock/companies/{SECRET}"]))


def own_host(rng: random.Random) -> HostileRequest:
    more = rng.choice(
        (
            [("Host", rng.choice(HOSTS))],
            [("Host", "localhost"), ("Origin", rng.choice(ORIGINS))],
            [("Host", "localhost"), ("Sec-Fetch-Site", rng.choice(("cross-site", "", "\xff", SECRET)))],
            [("Host", "localhost"), ("Host", rng.choice(HOSTS))],
            [],
        )
    )
    paths = ["/_mock/health", "/_mock/world", "/_mock/messages/1", "/_mock/x", "/_mock/health/"]
    return own("host", "GET", rng.choice(paths), more=more)


def own_page(rng: random.Random) -> HostileRequest:
    made = own("page", rng.choice(("GET", "HEAD")), rng.choice(("/", "/?x=%ff", "/_mock/inbox.js", "/_mock/inbox.css")))
    return made._replace(kind=PAGE, statuses=SENT_ONLY)


PAGE = "the page"
"""The kind of those requests whose answer is no JSON."""
