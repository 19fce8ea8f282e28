"""The settings of a Client, as its httpx clients and transports need them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx

from ..limits import RateLimit
from .document import VERSION
from .key import Key

if TYPE_CHECKING:
    from ..events import Attempt


class Settings(NamedTuple):
    """The settings that the httpx clients of a Client share."""

    base_url: httpx.URL
    key: Key
    timeout: float | httpx.Timeout
    headers: Mapping[str, str]
    rate_limit: RateLimit | None
    retries: int
    backoff: float
    on_attempt: Callable[[Attempt], object] | None

    def of_httpx(self) -> dict[str, Any]:
        """The arguments of an httpx client, but for its transport."""
        own = httpx.Headers({"User-Agent": f"ventia-client/{VERSION}", "Accept-Encoding": "identity"})
        own.update(self.headers)
        return {"base_url": self.base_url, "timeout": self.timeout, "headers": own}
