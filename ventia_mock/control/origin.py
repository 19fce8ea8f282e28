"""Keeps web pages of other sites from reading and steering the stand-in through the browser of a person who runs it."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit


def refusal(headers: Mapping[str, str], hosts: Collection[str]) -> str | None:
    """The reason to refuse a request to a control route; None to accept it.

    `Sec-Fetch-Site` or `Origin` shows a page of another site. The name in `Host` shows a page whose name was made to
    lead here (DNS rebinding); an address cannot be made to lead elsewhere.

    Args:
        headers: names in lower case.
        hosts: names besides `localhost` under which a browser may reach the stand-in.
    """
    host = _host(f"//{headers.get('host', '')}")
    if not _is_own(host, hosts):
        return f"Host: Must be an address, localhost or a name given by --allow-host; got {headers.get('host')!r}"
    if (site := headers.get("sec-fetch-site", "none")) not in ("same-origin", "none"):
        return f"Sec-Fetch-Site: Must be same-origin or none; pages of other sites have no business here; got {site!r}"
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2] != headers.get("host"):
        return f"Origin: Must be this server, for pages of other sites have no business here; got {origin!r}"
    return None


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_own(host: str, hosts: Collection[str]) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host in {"localhost", *(name.lower() for name in hosts)}
    return True
