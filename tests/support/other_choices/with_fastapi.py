"""The endpoint with FastAPI: `python with_fastapi.py KEY`, prints its port.

It answers one message with one interaction however often it is sent, queues what goes over Facebook, fetches media and
refuses those that are not there, reads NaN, counts a field that is null as left out, and repeats `localId`.
"""

from __future__ import annotations

import hashlib
import re
import socket
import sys
from typing import Annotated, Any, Literal

import uvicorn
from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import AnyUrl, BaseModel, StringConstraints, model_validator

KEY = sys.argv[1]
ObjectId = Annotated[str, StringConstraints(pattern="^[0-9a-fA-F]{24}$")]
Text = Annotated[str, StringConstraints(strict=True)]
CHANNELS = {
    "656b0e1f8e5a2c001f3a9d12": "whatsapp_business",
    "656b0e1f8e5a2c001f3a9d13": "whatsapp_business",
    "656b0e1f8e5a2c001f3a9d14": "unofficial_wpp",
    "656b0e1f8e5a2c001f3a9d15": "fb",
    "656b0e1f8e5a2c001f3a9d16": "ig",
}


class Message(BaseModel):
    channelId: ObjectId | None = None
    userId: Text | None = None
    medium: Literal["unofficial_wpp", "whatsapp_business"] | None = None
    userIntegrationId: Text | None = None
    text: Text | None = None
    mediaType: Literal["image", "audio", "video", "file"] | None = None
    mediaUrl: AnyUrl | None = None
    mimetype: Text | None = None
    fileName: Text | None = None
    caption: Text | None = None
    template: Text | None = None
    replyMessage: Text | None = None
    localId: Text | None = None

    @model_validator(mode="after")
    def together(self) -> Message:
        if sum(each is not None for each in (self.channelId, self.userId, self.userIntegrationId)) != 1:
            raise ValueError("exactly one sender")
        if self.userId is not None and self.medium is None:
            raise ValueError("medium is missing")
        if self.mediaType is not None and self.mediaUrl is None:
            raise ValueError("mediaUrl is missing")
        if self.text is None and self.mediaType is None and self.template is None:
            raise ValueError("no content")
        if self.template is not None and (self.mediaType is not None or self.medium == "unofficial_wpp"):
            raise ValueError("no template here")
        return self


app = FastAPI()


@app.middleware("http")
async def key_first(request: Request, call_next: Any) -> Any:
    if request.url.path.startswith("/api/") and request.query_params.get("api-key") != KEY:
        return refused(401, "Invalid API KEY Group")
    return await call_next(request)


@app.exception_handler(RequestValidationError)
async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
    return refused(400, "Invalid request body", error.errors()[0]["msg"])


@app.exception_handler(400)
async def unreadable(_: Request, error: Exception) -> JSONResponse:
    return refused(400, "Invalid request body", str(error))


def refused(status: int, error: str, details: str | None = None) -> JSONResponse:
    content = {"success": False, "error": error} | ({"details": details} if details else {})
    return JSONResponse(content, status)


@app.post("/api/v1.0/contact/{idcontact}/message")
async def create(idcontact: str, message: Message, key: Annotated[str, Query(alias="api-key")]) -> Any:
    if not re.fullmatch("[0-9a-fA-F]{24}|string", idcontact):
        return refused(404, "Contact not found")
    channel, user = (message.channelId or "").lower(), (message.userId or "").lower()
    kind = CHANNELS.get(channel)
    if channel and kind is None:
        return refused(404, "Channel not found")
    if message.template is not None and channel and kind != "whatsapp_business":
        return refused(409, "No template on this channel")
    if message.template not in (None, "order_confirmation"):
        return refused(400, "Invalid request body", "no such template")
    if user and user != "64f1c2a97b3e4d0012ab34cd":
        if message.medium == "unofficial_wpp":
            return refused(409, "Personal WhatsApp session is not online")
        return refused(409, "User has no active personal WhatsApp Business integration")
    if message.userIntegrationId and message.userIntegrationId.lower() != "65a0d4e2c9f8b7001e6f5a43":
        return refused(409, "User has no active personal WhatsApp Business integration")
    if message.mediaUrl is not None:
        return refused(400, "Invalid request body", "mediaUrl: cannot be fetched")
    if channel == "656b0e1f8e5a2c001f3a9d13" or kind == "fb":
        return JSONResponse({"success": True, "queued": True}, 202)
    identifier = hashlib.sha256(repr((idcontact, message)).encode("utf-8", "replace")).hexdigest()[:24]
    local = message.localId.encode("utf-8", "replace").decode() if message.localId is not None else None
    return {"success": True, "interactionId": identifier, "queued": False, "localId": local}


if __name__ == "__main__":
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)  # whoever starts it reads the port
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run([listening])
