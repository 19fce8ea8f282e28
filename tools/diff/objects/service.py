"""Rules for the service as a whole: its version, servers, security, rate limit and webhooks."""

from __future__ import annotations

from tools.diff.changes import ADDS, CHANGES, NARROWS, WIDENS
from tools.diff.objects.content import PROSE
from tools.diff.objects.walk import Context, Pair, Part, altered, noted, whole
from tools.diff.schemas.differences import MISSING, text
from tools.diff.words import quote
from ventia_document.source import Json


def openapi(context: Context) -> None:
    """The version of the OpenAPI standard; its third number changes nothing for documents."""
    old, new = (str(side.value).rpartition(".")[0] for side in (context.part.base, context.part.now))
    if old == new:
        noted(context)
    else:
        context.walk.unclassified(context.part)


def info(context: Context) -> None:
    """What the document says of itself."""
    rules = {**PROSE, **dict.fromkeys(("contact", "license", "termsOfService", "title", "version"), noted)}
    context.walk.each(context.part, rules, scope="info")


def rate_limit(context: Context) -> None:
    """The rate limit."""
    context = context._replace(direction="request", scope="rate-limit")
    if context.part.is_added or context.part.is_removed:
        context.add(context.part.verb, NARROWS if context.part.is_added else WIDENS)
    else:
        rules = {"requests": _count, "seconds": _count, "scope": altered}
        context.walk.each(context.part, rules, context.direction, context.scope)


def _count(context: Context) -> None:
    """More requests widen, more seconds narrow."""
    part = context.part
    if not part.differs:
        return
    try:
        is_more = part.now.value > part.base.value
    except TypeError:
        context.walk.unclassified(part, "request")
        return
    widens = is_more is (part.name == "requests")
    context.add(f"{part.name}-{'increased' if is_more else 'decreased'}", WIDENS if widens else NARROWS)


def servers(context: Context) -> None:
    """The servers, by URL; clients use the first."""
    walk, pair = context.walk, _inherited(context, "servers")
    old, new = (_urls(side) for side in (pair.base, pair.now))
    if [*old][:1] != [*new][:1] and old and new:
        first = [next(iter(urls.values())) for urls in (old, new)]
        message = f"the first server, which clients use, was {quote(next(iter(old)))}, is {quote(next(iter(new)))}"
        walk.add("api-server-changed", CHANGES, Pair(first[0], first[1]), message)
    for url in dict.fromkeys((*new, *old)):
        base, now = old.get(url), new.get(url)
        if base and now:
            rules = {**PROSE, "url": altered, "variables": altered}
            walk.each(Pair(base, now), rules, scope="server")
        elif url not in ([*old][:1] if new else ()) and url not in ([*new][:1] if old else ()):
            each = Pair(base or Part(now.at if now else "", MISSING), now or Part(base.at if base else "", MISSING))
            walk.add(f"api-server-{each.verb}", ADDS if now else CHANGES, each, f"server {url} {each.is_new_or_gone}")


def _urls(servers: Part) -> dict[str, Part]:
    items = servers.value if isinstance(servers.value, list) else []
    return {str(item.get("url")): Part(f"{servers.inner}/{index}", item) for index, item in enumerate(items)}


def security(context: Context) -> None:
    """The security requirements: one more alternative widens, the first one shuts out callers without a key."""
    walk, pair, what = (
        context.walk,
        _inherited(context, "security"),
        "security" if context.owner.at else "global-security",
    )
    old, new = (_requirements(side) for side in (pair.base, pair.now))
    holder = walk.subject(context.owner)
    for way in (way for way in old if way not in new):
        each = Pair(old[way], Part(old[way].at, MISSING))
        message = f"{_schemes(old[way])} no longer opens {holder}"
        walk.add(f"api-{what}-removed", CHANGES.within("request"), each, message)
    for way in (way for way in new if way not in old):
        each = Pair(Part(new[way].at, MISSING), new[way])
        effects = (WIDENS if old else NARROWS).within("request")
        walk.add(f"api-{what}-added", effects, each, f"{_schemes(new[way])} opens {holder} now")


def _requirements(part: Part) -> dict[str, Part]:
    """The security requirements by their text: any one of them is enough."""
    items = part.value if isinstance(part.value, list) else []
    return {text(item): Part(f"{part.at}/{index}", item) for index, item in enumerate(items)}


def _schemes(way: Part) -> str:
    return " with ".join(way.value) or "no key at all"


def _inherited(context: Context, key: str) -> Pair:
    """The value of a key of an operation, or else of its path, or else of the document."""

    def of(document: Json, owner: Part) -> Part:
        above = (owner.at, owner.at.rpartition("/")[0], "")
        found = (whole(document, f"{at}/{key}") for at in above)
        return next((each for each in found if each.value is not MISSING), Part(f"{owner.at}/{key}", MISSING))

    walk, owner = context.walk, context.owner
    return Pair(of(walk.base.value, owner.base), of(walk.now.value, owner.now), key)


def webhooks(context: Context) -> None:
    """The webhooks, whose contents have no rules."""
    for each in context.walk.parts(context.part):
        if each.is_added or each.is_removed:
            message = f"webhook {each.name} {each.is_new_or_gone}"
            context.walk.add(f"webhook-{each.verb}", ADDS if each.is_added else CHANGES, each, message)
        else:
            context.walk.unclassified(each)


def scheme(context: Context) -> None:
    """A security scheme that a requirement names."""
    keys = ("bearerFormat", "flows", "in", "name", "openIdConnectUrl", "scheme")
    rules = {**PROSE, **dict.fromkeys(keys, altered), "type": _scheme_type}
    context.walk.each(context.part, rules, "request", "security-scheme")


def _scheme_type(context: Context) -> None:
    if context.part.differs:
        effects, message = CHANGES.within("request"), context.walk.sentence(context.part)
        context.walk.add("api-security-component-type-changed", effects, context.part, message)
