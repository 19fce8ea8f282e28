"""The objects behind the pytest fixture `ventia_mock`."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_document.source import Json
from ventia_mock.app import App
from ventia_mock.http.server import running
from ventia_mock.journal.matching import checked
from ventia_mock.journal.search import Search
from ventia_mock.platform.accounts import Account
from ventia_mock.platform.faults import PROCESSED
from ventia_mock.platform.rate_limiter import RateLimiter
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import WORLD, read_world
from ventia_mock.world.things import normalized


@dataclass(frozen=True)
class StandInServer:
    """A stand-in that runs, on which each test has a company of its own."""

    stand_in: StandIn
    url: str

    def open(self) -> Mock:
        """A copy of the world's first company, with an API key and an inbox of its own."""
        return Mock(self.stand_in, self.url, self.stand_in.platform.accounts.copy_of_first())


def load(world: str | Path | None = None) -> StandIn:
    """A stand-in with the documented rate limit, and the default world without a file of another.

    Raises:
        DocumentError: the world is not valid; the message says where.
    """
    return StandIn(read_checked(DOCUMENT), read_world(WORLD if world is None else Path(world)), limiter=RateLimiter.of)


@contextmanager
def serve(stand_in: StandIn) -> Iterator[StandInServer]:
    """Run a stand-in for the length of the `with`."""
    with running(App(stand_in)) as url:
        yield StandInServer(stand_in, url + stand_in.base_path)


@contextmanager
def opened(server: StandInServer) -> Iterator[Mock]:
    """A company of one's own for the length of the `with`."""
    mock = server.open()
    try:
        yield mock
    finally:
        mock.close()


class Mock:
    """A stand-in for the platform, as one company sees it.

    Attributes:
        url: the base URL for a client.
        api_key: the API key of the company.
        inbox: the URL of the page that shows the messages to a person.
    """

    def __init__(self, stand_in: StandIn, url: str, account: Account) -> None:
        self._stand_in, self._account = stand_in, account
        self.url = url
        [self.api_key] = account.company.api_keys
        self._clients: list[Any] = []
        self.inbox = f"{url.removesuffix(stand_in.base_path)}/?company={account.company.id}"

    def __repr__(self) -> str:
        return f"<the stand-in at {self.url}: {len(self.messages)} messages, {len(self.requests)} requests>"

    def contact(self, name: str) -> str:
        """The identifier of a contact: `contact("Ana")`, by the whole name or its beginning.

        Raises:
            ValueError: there is none, or more than one.
        """
        return self._account.company.named("contacts", name)

    def channel(self, name: str) -> str:
        """The identifier of a channel, by its name.

        Raises:
            ValueError: there is none, or more than one.
        """
        return self._account.company.named("channels", name)

    def user(self, name: str) -> str:
        """The identifier of a user, by the name.

        Raises:
            ValueError: there is none, or more than one.
        """
        return self._account.company.named("users", name)

    def client(self, **options: Any) -> Any:
        """A `ventia_client.Client` of this stand-in, which is closed after the test; it waits little between attempts.

        Args:
            options: as of `Client`.

        Raises:
            ModuleNotFoundError: the client is not installed, such as when it was copied into an application.
        """
        # By name, since nothing that the stand-in decides may depend on the client.
        options = {"base_url": self.url, "backoff": 0.01, **options}
        client = import_module("ventia_client").Client(self.api_key, **options)
        self._clients.append(client)
        return client

    @property
    def messages(self) -> list[Json]:
        """The bodies of the messages that were sent or queued, in order."""
        return [entry.record.message() for entry in reversed(self._search({}).go_on())]

    @property
    def requests(self) -> list[Json]:
        """Every request, refused ones too, in order, each as in `GET /_mock/messages`."""
        return [entry.record.to_json() for entry in reversed(self._search({"outcome": "any"}).go_on())]

    def wait_for(self, *, seconds: float = 5.0, at_least: int = 1, **fields: Json) -> Json:
        """Wait for a message with these fields, and return its body; the newest one if there are more.

        Args:
            seconds: the longest time to wait.
            at_least: the number of such messages that must have come.
            fields: fields of the message by their names in the document, and `contact`, `outcome`, `status` and the
                other fields of a request; each a value, or a compiled pattern that must be found in it. Without
                `outcome`, only messages that were sent or queued count.

        Raises:
            AssertionError: there are fewer after that time; it shows the nearest requests, and how they differ.
            ValueError: a name is no field.
        """
        if at_least < 1:
            raise ValueError(f"at_least: Must be at least 1; got {at_least!r}")
        if "timeout" in fields.keys() - set(self._stand_in.platform.operations.body_fields()):
            raise ValueError("timeout: Must be called seconds, the argument for the longest time to wait")
        search = self._search(fields)
        changed = threading.Event()
        unlisten = self._stand_in.journal.listen(changed.set)
        end = time.monotonic() + seconds
        try:
            while len(search.go_on()) < at_least:
                if not changed.wait(max(0.0, end - time.monotonic())):
                    raise AssertionError(_missing(fields, seconds, at_least, search))
                changed.clear()
        finally:
            unlisten()
        return search.matches[0].record.message()

    def fail_next(
        self, what: int | str, *, times: int = 1, processed: bool | None = None, retry_after: int | None = None
    ) -> None:
        """Let the next requests fail.

        Args:
            what: a documented status or the name of a documented response, or a fault: drop, half, html_502,
                malformed_json.
            times: the number of requests that fail.
            processed: whether the message is delivered all the same; by default only for half and malformed_json.
            retry_after: seconds in the answer's `Retry-After`, such as 0 for a test that does not wait; by default the
                document's.

        Raises:
            ValueError: there is no such response and no such fault.
        """
        entry = {"fault" if what in PROCESSED else "answer": what, "times": times}
        more = {"processed": processed, "retry_after": retry_after}
        self._account.faults.add(entry | {name: value for name, value in more.items() if value is not None})

    def plan_faults(self, **plan: Json) -> None:
        """Plan faults as `PUT /_mock/faults` does: `plan_faults(seed=7, random=[...], latency={...})`.

        Raises:
            ValueError: the plan breaks a rule of the format; the message says which.
        """
        self._account.faults.plan(plan)

    def go_offline(self, user: str) -> None:
        """Set a user's personal WhatsApp session to offline.

        Raises:
            ValueError: the company has no such user.
        """
        self._set_session(user, "offline")

    def go_online(self, user: str) -> None:
        """Set a user's personal WhatsApp session to online.

        Raises:
            ValueError: the company has no such user.
        """
        self._set_session(user, "online")

    def change(self, kind: str, identifier: str, **fields: Json) -> None:
        """Change a thing of the company's world, or add it: `change("channels", "656b...", type="fb")`.

        Raises:
            ValueError: there is no such kind, or the thing would break a rule of it.
        """
        self._stand_in.platform.change(self._account, kind, identifier, fields)

    def lift_rate_limit(self) -> None:
        """Switch off the documented rate limit for this company."""
        self._account.limiter = None

    def close(self) -> None:
        """Forget the company and its messages, and close its clients."""
        for client in self._clients:
            client.close()
        self._stand_in.platform.accounts.remove_copy(self._account)
        self._stand_in.journal.clear(self._account.company.id)

    def _set_session(self, user: str, session: str) -> None:
        users = self._account.company.things["users"]
        if normalized(user) not in users:
            raise ValueError(f"users: Must be one of {', '.join(users)}; got {user!r}")
        self.change("users", user, session=session)

    def _search(self, fields: Json) -> Search:
        query = checked(fields, self._stand_in.platform.operations.body_fields())
        return Search(self._stand_in.journal, self._account.company.id, query)


def _missing(fields: Json, seconds: float, at_least: int, search: Search) -> str:
    query = ", ".join(f"{name}={value!r}" for name, value in fields.items()) or "any"
    lines = [f"{len(search.matches)} of {at_least} messages with {query} within {seconds} s"]
    for near in search.nearest():
        differing = "; ".join(
            f"{each['field']}: expected {each['expected']!r}, got {each['got']!r}"
            + (f" ({each['why']})" if "why" in each else "")
            for each in near["differences"]
        )
        lines.append(f"near: {differing}")
    return "\n".join(lines) if len(lines) > 1 else f"{lines[0]}; no other request had the API key of this test"
