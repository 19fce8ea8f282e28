"""Writes the requests and answers of a run as HAR 1.2, without the API key.

Each worker appends a line for each exchange to a file of its own, and the process that started them joins the files.
"""

from __future__ import annotations

import base64
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_plus

from contract_tests.oracle import leaks
from contract_tests.wire.keys import PREFIXES
from contract_tests.wire.request import KeyPlaceholder, Request, Text
from contract_tests.wire.response import Response
from ventia_document.source import Json

KEY = "***"
"""Stands for the API key in a record; `***-1` and so on for texts that are nearly the key."""


class Recorder:
    """Appends exchanges to a file of this process.

    Args:
        folder: of the files of all workers.
        base_url: of the server under test.
        key: the API key.
    """

    def __init__(self, folder: Path, base_url: str, key: str) -> None:
        self._path, self._base_url, self._key = folder / f"{os.getpid()}.jsonl", base_url, key
        self._near: dict[KeyPlaceholder, str] = {KeyPlaceholder(before=prefix): prefix + KEY for prefix in PREFIXES}

    def add(self, request: Request, response: Response, rule: str, seconds: float) -> None:
        """Append one exchange."""
        entry = {
            "startedDateTime": datetime.now(UTC).isoformat(),
            "time": round(seconds * 1000, 3),
            "request": self._request(request),
            "response": self._response(response),
            "cache": {},
            "timings": {"send": 0, "wait": round(seconds * 1000, 3), "receive": 0},
            "comment": rule,
        }
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def _request(self, request: Request) -> dict[str, Json]:
        query = [{"name": name, "value": self._text(value)} for name, value in request.query]
        headers = [{"name": name, "value": self._text(value)} for name, value in request.headers]
        types = [header["value"] for header in headers if header["name"].lower() == "content-type"]
        body = {"mimeType": types[0] if types else "", **self._content(request.body)}
        return {
            "method": request.method,
            "url": self._base_url + request.path,
            "httpVersion": "HTTP/1.1",
            "headers": headers,
            "queryString": query,
            "cookies": [],
            "headersSize": -1,
            "bodySize": len(request.body),
            **({"postData": body} if request.body else {}),
        }

    def _response(self, response: Response) -> dict[str, Json]:
        headers = [{"name": name, "value": self._hidden(value)} for name, value in response.headers]
        media_type = next((header["value"] for header in headers if header["name"] == "content-type"), "")
        return {
            "status": response.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "headers": headers,
            "cookies": [],
            "content": {"size": len(response.body), "mimeType": media_type, **self._content(response.body)},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": len(response.body),
        }

    def _content(self, body: bytes) -> dict[str, Json]:
        try:
            return {"text": self._hidden(body.decode())}
        except UnicodeDecodeError:
            pass
        if self._hidden(body.decode("latin-1")) != body.decode("latin-1"):
            return {"text": "", "comment": "left out, since the API key is in it"}
        return {"text": base64.b64encode(body).decode(), "encoding": "base64"}

    def _text(self, text: Text) -> str:
        if isinstance(text, KeyPlaceholder):
            return self._near.setdefault(text, f"{KEY}-{len(self._near) - len(PREFIXES) + 1}")
        return self._hidden(text)

    def _hidden(self, text: str) -> str:
        text = text.encode("utf-8", "replace").decode()
        return leaks.concealed(text, self._key)


def joined(folder: Path) -> str:
    """The HAR of all workers' files."""
    entries = [json.loads(line) for path in folder.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    entries.sort(key=lambda entry: str(entry["startedDateTime"]))
    log = {"version": "1.2", "creator": {"name": _CREATOR, "version": "1"}, "entries": entries}
    return json.dumps({"log": log}, indent=1) + "\n"


_CREATOR = "contract_tests"


class Traffic(NamedTuple):
    """Recorded exchanges.

    Attributes:
        exchanges: of each the URL without its query, the request with its path, and the response.
        is_of_a_run: whether a run of the suite sent the requests, many of which break the document on purpose.
    """

    exchanges: list[tuple[str, Request, Response]]
    is_of_a_run: bool


def read_har(text: str) -> Traffic:
    """The traffic in a HAR.

    Raises:
        ValueError: it is no HAR.
    """
    try:
        log: Json = json.loads(text)["log"]
        exchanges = [_exchange(entry["request"], entry["response"]) for entry in log["entries"]]
        return Traffic(exchanges, (log.get("creator") or {}).get("name") == _CREATOR)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"no HAR 1.2, which has log.entries with request and response ({error!r:.100})") from None


def _exchange(request: Json, response: Json) -> tuple[str, Request, Response]:
    url, _, query = str(request["url"]).partition("#")[0].partition("?")
    pairs = [(str(pair["name"]), str(pair["value"])) for pair in request.get("queryString", ())]
    if not pairs and query:
        pairs = [tuple(map(unquote_plus, part.partition("=")[::2])) for part in query.split("&")]  # type: ignore[misc]  # two texts
    headers = tuple((str(pair["name"]), str(pair["value"])) for pair in request.get("headers", ()))
    sent = Request(str(request["method"]), url, tuple(pairs), headers, _body(request.get("postData") or {}))
    names = tuple((str(pair["name"]).lower(), str(pair["value"])) for pair in response.get("headers", ()))
    return url, sent, Response(int(response["status"]), names, _body(response.get("content") or {}))


def _body(content: Json) -> bytes:
    text = str(content.get("text") or "")
    return base64.b64decode(text) if content.get("encoding") == "base64" else text.encode("utf-8", "surrogatepass")
