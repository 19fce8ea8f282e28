"""API keys: operations that need none, that say so themselves, and those that no client with one key can call."""

from __future__ import annotations

from tests.acceptance.document.rows import DONE, Followed, Refused, operation, replaced

_KEY = "in: query\n      name: api-key"
_SCHEMES = "  securitySchemes:\n"
_ROOT = "security:\n  - ApiKey: []\n"
_BEARER = "    Bearer: {type: http, scheme: bearer, description: A token.}\n"


def _own(name: str, security: str, *, has_key: bool = True) -> Followed:
    return Followed(name, f"security: {security}, {DONE}", has_key=has_key, headers={"authorization": None})


FOLLOWED = [
    _own("an operation without a key", "[]", has_key=False),
    _own("an operation with a requirement of nothing", "[{}]", has_key=False),
    _own("an operation with a key if you like", "[{}, {ApiKey: []}]"),
    _own("an operation with its own words for the key", "[{ApiKey: []}]"),
]


def _scheme(name: str, written: str, words: str) -> Refused:
    line = f"    Other: {{description: Other., {written}}}\n"
    return Refused(name, replaced(_SCHEMES, _SCHEMES + line), "Other: {", words)


def _required(name: str, security: str, words: str) -> Refused:
    own = operation(f"security:\n  - {security}\n{DONE}")
    return Refused(name, lambda text: own(replaced(_SCHEMES, _SCHEMES + _BEARER)(text)), f"- {security}", words)


REFUSED = [
    _required("an operation with another key", "Bearer: []", "'Bearer' is another key than 'ApiKey'"),
    _required("an operation with two keys", "{ApiKey: [], Bearer: []}", "ApiKey and Bearer are several keys"),
    Refused(
        "two keys of all operations",
        lambda text: replaced(_ROOT, "security:\n  - {ApiKey: [], Bearer: []}\n")(
            replaced(_SCHEMES, _SCHEMES + _BEARER)(text)
        ),
        "- {ApiKey: [], Bearer: []}",
        "require one alone",
    ),
    _scheme("a key in a cookie", "type: apiKey, in: cookie, name: key", "in: query or header"),
    _scheme("basic authorization", "type: http, scheme: basic", "scheme: bearer"),
    *(
        Refused(
            f"a key in the header {name}",
            replaced(_KEY, f"in: header\n      name: {name}"),
            f"name: {name}",
            words,
        )
        for name, words in {"X Key": "is no name of a header", "Content-Type": "is a header of another meaning"}.items()
    ),
    _scheme("OpenID", "type: openIdConnect, openIdConnectUrl: 'https://example.com'", "is not followed"),
    _scheme("a certificate", "type: mutualTLS", "'mutualTLS' is not followed"),
    _scheme("OAuth", "type: oauth2, flows: {}", "'oauth2' is not followed"),
]
