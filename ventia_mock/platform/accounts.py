"""The companies as they are now, each with its rate limit and its faults, by API key."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ventia_mock.platform.faults import Faults
from ventia_mock.platform.rate_limiter import RateLimiter
from ventia_mock.world.company import COPY, Company


@dataclass
class Account:
    """A company, with the rate limit and the planned faults of its requests."""

    company: Company
    limiter: RateLimiter | None
    faults: Faults


class Accounts:
    """All accounts; the first is the default.

    Args:
        limiter: makes the rate limiter of an account, None for no limit.
        faults: makes the faults of an account.

    Attributes:
        by_key: each account, by each of its API keys.
    """

    def __init__(
        self, companies: Iterable[Company], limiter: Callable[[], RateLimiter | None], faults: Callable[[], Faults]
    ) -> None:
        self._limiter, self._faults = limiter, faults
        self._by_id: dict[str, Account] = {}
        self.by_key: dict[str, Account] = {}
        self._keys: frozenset[str] | None = None
        for company in companies:
            self._add(company)

    @property
    def first(self) -> Account:
        """The account of the world's first company."""
        return next(iter(self._by_id.values()))

    @property
    def keys(self) -> frozenset[str]:
        """The API keys of all accounts as they are now."""
        if self._keys is None:
            self._keys = frozenset(self.by_key)
        return self._keys

    def all(self) -> Iterable[Account]:
        """Every account, the first one first."""
        return self._by_id.values()

    def of(self, identifier: str) -> Account:
        """The account of a company; the first one for ''.

        Raises:
            ValueError: there is no such company.
        """
        if not identifier:
            return self.first
        if identifier not in self._by_id:
            raise ValueError(f"company: Must be one of {', '.join(self._by_id)}; got {identifier!r}")
        return self._by_id[identifier]

    def copy_of_first(self) -> Account:
        """A new account with a world like the first one's, but an API key, and so an inbox, of its own."""
        key = "-".join(secrets.token_hex(4)[:7].upper() for _ in range(4))
        company = self.first.company.copy(f"{COPY}{secrets.token_hex(6)}", key)
        company.name = f"A copy of {company.name}"
        return self._add(company)

    def remove_copy(self, account: Account) -> None:
        """Forget a copied company.

        Raises:
            ValueError: it is a company of the world.
        """
        if not account.company.id.startswith(COPY):
            raise ValueError(f"company: Must be one that was copied; {account.company.id!r} is the world's")
        self._by_id.pop(account.company.id, None)
        for key in account.company.api_keys:
            self.by_key.pop(key, None)
        self._keys = None

    def replace(self, companies: Iterable[Company]) -> None:
        """Take the companies of a world that was read anew; rate limits, faults and copies stay."""
        before = self._by_id
        copies = [account.company for identifier, account in before.items() if identifier.startswith(COPY)]
        self._by_id, self.by_key = {}, {}
        for company in [*companies, *copies]:
            self._add(company, before.get(company.id))

    def _add(self, company: Company, before: Account | None = None) -> Account:
        limiter, faults = (before.limiter, before.faults) if before else (self._limiter(), self._faults())
        account = self._by_id[company.id] = Account(company, limiter, faults)
        self.by_key |= dict.fromkeys(company.api_keys, account)
        self._keys = None
        return account
