"""The endpoint with nothing but `http.server`: `python plain.py KEY`, prints its port.

It reads any JSON whatever the content type, checks the body before the key, takes null for left out, refuses unknown
fields and long, blank or control texts, and answers with short refusals whose words are its own.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote

KEY = sys.argv[1]
CHANNELS = {
    "656b0e1f8e5a2c001f3a9d12": "whatsapp_business",
    "656b0e1f8e5a2c001f3a9d13": "whatsapp_business",
    "656b0e1f8e5a2c001f3a9d14": "unofficial_wpp",
    "656b0e1f8e5a2c001f3a9d15": "fb",
    "656b0e1f8e5a2c001f3a9d16": "ig",
}
QUEUED = "656b0e1f8e5a2c001f3a9d13"
ONLINE, INTEGRATION = "64f1c2a97b3e4d0012ab34cd", "65a0d4e2c9f8b7001e6f5a43"
ONE_OF = {"medium": ("unofficial_wpp", "whatsapp_business"), "mediaType": ("image", "audio", "video", "file")}
FIELDS = (
    "channelId", "userId", "userIntegrationId", "medium", "text", "mediaType", "mediaUrl", "mimetype", "fileName",
    "caption", "template", "replyMessage", "localId",
)  # fmt: skip


def invalid(details: str) -> tuple[int, Any]:
    return 422, {"success": False, "error": "Invalid request body", "details": details}


def answer(path: str, query: str, body: bytes) -> tuple[int, Any]:
    if not re.fullmatch("/api/v1.0/contact/[^/]+/message", path):
        return 404, {"success": False, "error": "Not found"}
    key = parse_qs(query).get("api-key", [""])[-1]  # the last of several
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return invalid("this is no JSON")
    if not isinstance(message, dict):
        return invalid("this is no object")
    refused = problem({name: value for name, value in message.items() if value is not None})
    if refused:
        return refused
    if key != KEY:
        return 401, {"success": False, "error": "Invalid API KEY Group"}
    if unquote(path.split("/")[4]) not in ("66f1a2b33c4d5e0067f8a9b0", "string"):
        return 404, {"success": False, "error": "No such contact"}
    return sent({name: value for name, value in message.items() if value is not None})


def problem(message: dict[str, Any]) -> tuple[int, Any] | None:
    for name, value in message.items():
        if name not in FIELDS:
            return invalid(f"there is no field {name[:20]!r}")
        if not isinstance(value, str):
            return invalid(f"{name} is no text")
        if not value.strip() or len(value) > 1000 or re.search("[\0-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]", value):
            return invalid(f"{name} is blank, too long or unreadable")
    if len([name for name in ("channelId", "userId", "userIntegrationId") if name in message]) != 1:
        return invalid("who sends?")
    if "userId" in message and "medium" not in message:
        return invalid("which medium?")
    for name, values in ONE_OF.items():
        if message.get(name, values[0]) not in values:
            return invalid(f"{name} is unknown")
    if not re.fullmatch("[0-9a-f]{24}", message.get("channelId", "0" * 24)):
        return invalid("channelId: Must be a valid ObjectId")
    if "mediaType" in message and "mediaUrl" not in message:
        return invalid("where are the media?")
    if not ("text" in message or "mediaType" in message or "template" in message):
        return invalid("there is nothing to send")
    if "template" in message and ("mediaType" in message or message.get("medium") == "unofficial_wpp"):
        return invalid("no template goes with that")
    if "mediaUrl" in message and not re.match(r"[A-Za-z][\w+.-]*:", message["mediaUrl"].lstrip()):
        return invalid("mediaUrl is no URL")
    return None


def sent(message: dict[str, Any]) -> tuple[int, Any]:
    channel, user = message.get("channelId"), message.get("userId")
    if channel and channel not in CHANNELS:
        return 403, {"success": False, "error": "Not your channel"}
    if "template" in message and (CHANNELS.get(channel or "", "whatsapp_business") != "whatsapp_business"):
        return 405, {"success": False, "error": "Templates are for WhatsApp Business"}
    if "template" in message and message["template"] != "order_confirmation":
        return invalid("template is unknown")
    if user and user != ONLINE:
        if message["medium"] == "unofficial_wpp":
            return 412, {"success": False, "error": "Personal WhatsApp session is not online"}
        return 424, {"success": False, "error": "User has no active personal WhatsApp Business integration"}
    if message.get("userIntegrationId", INTEGRATION) != INTEGRATION:
        return 424, {"success": False, "error": "User has no active personal WhatsApp Business integration"}
    if message.get("replyMessage") and CHANNELS.get(channel or "") in ("fb", "ig"):
        return invalid("no quoting here")
    if channel == QUEUED:
        return 202, {"success": True, "queued": True}
    return 200, {"success": True, "interactionId": uuid.uuid4().hex[:24], "localId": message.get("localId")}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet

    def do_POST(self) -> None:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        status, value = answer(path, query, self.rfile.read(length))
        self._respond(status, value)

    def do_GET(self) -> None:
        self.close_connection = True  # a body that it may have is not read
        is_here = self.path.partition("?")[0].endswith("/message")
        self._respond(200 if is_here else 404, {"success": is_here, "about": "POST a message here"})

    def _respond(self, status: int, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        self.close_connection = True
        super().send_error(code, message, explain)

    def log_message(self, *_: Any) -> None:
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)  # whoever starts it reads the port
    server.serve_forever()
