"""The formats of JSON Schema 2020-12 that a document may use: each as a function that checks a text."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from ..import_lock import LOADING

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII)
_IN_DAYS, _IN_HOURS = r"\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D", r"\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S"
_DURATION = re.compile(rf"P(?:\d+W|(?:{_IN_DAYS})(?:T(?:{_IN_HOURS}))?|T(?:{_IN_HOURS}))", re.ASCII)
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf'{_ATOM}(?:\.{_ATOM})*|"(?:[ !#-\[\]-~]|\\[ -~])*"')
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_AUTHORITY = re.compile(r"//(?:[^@/?#\[\]]*@)?(?:\[([^\]/?#]*)\]|[^@:/?#\[\]]*)(?::\d*)?(?=[/?#]|\Z)", re.ASCII)
_OF_URI = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*"
_URI = re.compile(rf"{_OF_URI}(?:#{_OF_URI})?")
_POINTER = r"(?:/(?:[^~/]|~[01])*)*"
_VARIABLE = r"(?:\w|%[0-9A-Fa-f]{2})(?:\.?(?:\w|%[0-9A-Fa-f]{2}))*(?::[1-9]\d{0,3}|\*)?"
_TEMPLATE = re.compile(
    rf"(?:[^\x00- \"%<>\\^`{{|}}]|%[0-9A-Fa-f]{{2}}|\{{[+#./;?&=,!@|]?{_VARIABLE}(?:,{_VARIABLE})*\}})*", re.ASCII
)


def _date(text: str) -> bool:
    found = _DATE.fullmatch(text)
    with suppress(ValueError):
        if found:
            date(int(found[1]) or 2000, int(found[2]), int(found[3]))  # Python knows no year 0, which is a leap year
            return True
    return False


def _time(text: str) -> bool:
    found = _TIME.fullmatch(text)
    if not found:
        return False
    hour, minute, second, off_hour, off_minute = (int(found[group] or 0) for group in (1, 2, 3, 5, 6))
    if max(hour, off_hour) > 23 or max(minute, off_minute) > 59:
        return False
    offset = (off_hour * 60 + off_minute) * (-1 if found[4] == "-" else 1)
    is_midnight = (hour * 60 + minute - offset) % 1440 == 1439
    return second < 60 or (second == 60 and is_midnight)  # a leap second is the last one of a day


def _date_time(text: str) -> bool:
    return text[10:11] in ("T", "t") and _date(text[:10]) and _time(text[11:])


def _hostname(text: str) -> bool:
    return len(text) <= 253 and all(map(_is_label, text.split(".")))


def _is_label(label: str) -> bool:
    if not _LABEL.fullmatch(label) or label[2:4] != "--":
        return _LABEL.fullmatch(label) is not None
    try:
        return label[:2].lower() == "xn" and not label[4:].encode().decode("punycode").isascii()
    except UnicodeError:
        return False


def _email(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    if not _LOCAL_PART.fullmatch(local):
        return False
    if domain.startswith("[") and domain.endswith("]"):
        address = domain[1:-1]
        return _ipv6(address[5:]) if address.startswith("IPv6:") else _ipv4(address)
    return _hostname(domain)


def _ipv4(text: str) -> bool:
    return _is_address(4, text)


def _ipv6(text: str) -> bool:
    return "%" not in text and _is_address(6, text)


def _is_address(version: int, text: str) -> bool:
    with LOADING:
        import ipaddress  # here, since few documents need it
    try:
        ipaddress.IPv4Address(text) if version == 4 else ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def _uri(text: str) -> bool:
    scheme = _SCHEME.match(text)
    return scheme is not None and _is_after_scheme(text[scheme.end() :])


def _uri_reference(text: str) -> bool:
    return _uri(text) or (":" not in re.split("[/?#]", text, maxsplit=1)[0] and _is_after_scheme(text))


def _is_after_scheme(text: str) -> bool:
    if not text.startswith("//"):
        return _URI.fullmatch(text) is not None
    authority = _AUTHORITY.match(text)
    if not authority or not (authority[1] is None or _ipv6(authority[1])):
        return False
    return _URI.fullmatch(authority[0].replace("[", "").replace("]", "") + text[authority.end() :]) is not None


def _matches(pattern: str | re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text) is not None


FORMATS: dict[str, Callable[[str], bool]] = {
    "date": _date,
    "date-time": _date_time,
    "duration": _matches(_DURATION),
    "email": _email,
    "hostname": _hostname,
    "ipv4": _ipv4,
    "ipv6": _ipv6,
    "json-pointer": _matches(_POINTER),
    "relative-json-pointer": _matches(rf"(?:0|[1-9][0-9]*)(?:#|{_POINTER})"),
    "time": _time,
    "uri": _uri,
    "uri-reference": _uri_reference,
    "uri-template": _matches(_TEMPLATE),
    "uuid": _matches(_UUID),
}
"""Whether a text is of a format, by its name; texts of other formats are left to the service."""
