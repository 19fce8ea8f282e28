"""Compares the service as a whole: its version, servers, security, rate limit and webhooks."""

from __future__ import annotations

from dataclasses import replace

from tools.diff.changes import ADDS, CHANGES, NARROWS, WIDENS
from tools.diff.objects.content import PROSE
from tools.diff.schemas import values
from tools.diff.walk.comparison import Comparison, altered, matched, noted, unclassified
from tools.diff.walk.nodes import MISSING, Node, Pair, text
from tools.diff.walk.use import REQUEST, Direction, Use
from tools.diff.walk.words import holder, is_new_or_gone, quote, sentence, verb
from ventia_document.source import lookup


def openapi(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """The version of the OpenAPI standard; its third number changes nothing for documents."""
    old, new = (str(each.value).rpartition(".")[0] for each in (owner.part(keyword).base, owner.part(keyword).now))
    (noted if old == new else unclassified)(comparison, owner, keyword, use)


def info(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare what the document says of itself."""
    comparison.walk(owner.part(keyword), _INFO, replace(use, scope=keyword))


def rate_limit(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare the rate limit."""
    part, use = owner.part(keyword), Use(Direction.REQUEST, "rate-limit")
    if part.is_in_both:
        comparison.walk(part, _RATE_LIMIT, use)
    else:
        comparison.add(verb(part), NARROWS if part.is_added else WIDENS, part, sentence(part), use)


def servers(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare the servers, paired by URL."""
    comparison.mark_compared(owner.part(keyword))
    part = Pair(_inherited(owner.base, keyword), _inherited(owner.now, keyword))
    for each in matched(part, _url):
        if each.is_in_both and _url(each.base) == _url(each.now):
            comparison.walk(each, _SERVER, use)
        elif each.is_in_both:
            comparison.add("server-changed", CHANGES, each.part("url"), sentence(each.part("url")), use)
        else:
            effects = ADDS if each.is_added else CHANGES
            comparison.add(
                f"server-{verb(each)}", effects, each, f"server {_url(each.node)} {is_new_or_gone(each)}", use
            )
    old, new = (_url(each.member("0")) for each in (part.base, part.now))
    if part.is_in_both and old != new and part.base.members.keys() | part.now.members.keys() != {"0"}:
        message = f"the first server, which clients use, was {quote(old)}, is {quote(new)}"
        comparison.add("first-server-changed", CHANGES, Pair(part.base.member("0"), part.now.member("0")), message, use)


def _inherited(owner: Node, keyword: str) -> Node:
    """The value of a key of an operation, or else of its path, or else of the document."""
    above = [owner.at, owner.at.rpartition("/")[0], ""]
    said = (Node(owner.source, at, lookup(owner.source.value, at)).part(keyword) for at in above)
    return next((each for each in said if each.is_there), owner.part(keyword))


def _url(server: Node) -> str:
    return str(server.part("url").value)


def security(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:  # noqa: ARG001 - it is a comparer
    """Compare the security requirements: one more alternative widens, the first one shuts out callers without a key."""
    what = "global-security" if not owner.now.at else "security"
    comparison.mark_compared(owner.part(keyword))
    old, new = (_requirements(each, keyword) for each in (owner.base, owner.now))
    for way in [way for way in old if way not in new]:
        each = Pair(old[way], Node(owner.now.source, old[way].at, MISSING))
        message = f"{_schemes(each.node)} no longer opens {holder(owner.part(keyword).node)}"
        comparison.add(f"{what}-removed", CHANGES, each, message, REQUEST, name=f"api-{what}-removed")
    for way in [way for way in new if way not in old]:
        each = Pair(Node(owner.base.source, new[way].at, MISSING), new[way])
        message = f"{_schemes(each.node)} opens {holder(owner.part(keyword).node)} now"
        effects = WIDENS if old else NARROWS
        comparison.add(f"{what}-added", effects, each, message, REQUEST, name=f"api-{what}-added")


def _requirements(owner: Node, keyword: str) -> dict[str, Node]:
    """The security requirements of an operation, or else of the document: any one of them is enough."""
    return {text(way.value): way for way in _inherited(owner, keyword).members.values()}


def _schemes(way: Node) -> str:
    return " with ".join(way.members) or "no key at all"


def webhooks(comparison: Comparison, owner: Pair, keyword: str, use: Use) -> None:
    """Compare the webhooks, whose contents have no comparer."""
    for name, each in owner.part(keyword).members():
        if each.is_in_both:
            comparison.add_unclassified(each, use)
        else:
            effects = ADDS if each.is_added else CHANGES
            comparison.add(
                verb(each), effects, each, f"webhook {name} {is_new_or_gone(each)}", use, name=f"webhook-{verb(each)}"
            )


_INFO = {**PROSE, **dict.fromkeys(("contact", "license", "termsOfService", "title", "version"), noted)}


_RATE_LIMIT = {
    "requests": values.bound("requests", is_lower=False),
    "seconds": values.bound("seconds", is_lower=True),
    "scope": altered,
}


_SERVER = {**PROSE, "url": altered, "variables": altered}
