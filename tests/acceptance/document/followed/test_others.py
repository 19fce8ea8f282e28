"""Documents in the shape of others: all that hinders is reported at once, and mended they are followed."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.document.built import Built, built_of
from tests.acceptance.document.wire import Between, between, respond
from tools.generate.errors import GenerationError
from ventia_document.operations import operations
from ventia_document.source import read
from ventia_mock.world.file import SAMPLE_KEY

OTHERS = Path(__file__).with_name("others")
OVERLAY = {
    "overlay": "1.1.0",
    "info": {"title": "The client's", "version": "1.0.0"},
    "actions": [{"target": "$.info", "description": "Name it for the client.", "update": {"x-consumer": "client"}}],
}
LIMIT = "x-rate-limit: {requests: 10, seconds: 1}\npaths:\n"
UUID = "4f4e4e1a-0000-4c5b-a0e4-6d3b0f1a2b3c"

HINDRANCES = {
    "trains": [
        "/webhooks",
        "/paths/~1trips/get/responses/200/content/application~1xml",
        "/components/securitySchemes/OAuth2/type",
        "/x-rate-limit",
    ],
    "museum": ["/components/securitySchemes/Password/scheme", "/x-rate-limit"],
    "petstore": [
        "/servers/0/url",
        "/paths/~1pet/put/requestBody/content/application~1xml",
        "/paths/~1pet/put/security/0",
        "/components/securitySchemes/petstore_auth/type",
        "/x-rate-limit",
    ],
}

MENDS = {
    "trains": [
        ("    OAuth2:\n      type: oauth2\n", "    OAuth2:\n      type: http\n      scheme: bearer\n"),
        ("      flows: {clientCredentials: {tokenUrl: 'https://example.com/token', scopes: {read: Read.}}}\n", ""),
        ("            application/xml:\n              schema: {type: object}\n", ""),
        ("webhooks:\n  newBooking:\n", "x-webhooks:\n  newBooking:\n"),
    ],
    "museum": [("scheme: basic", "scheme: bearer")],
    "petstore": [
        ("url: /api/v3", "url: 'https://api.example.com/api/v3'"),
        ("          application/xml: {schema: {$ref: '#/components/schemas/Pet'}}\n", ""),
        ("security: [{petstore_auth: [write]}]", "security: [{api_key: []}]"),
        ("      security: [{api_key: []}, {petstore_auth: [write]}]\n", "      security: [{api_key: []}]\n"),
        (
            "    petstore_auth:\n      type: oauth2\n      description: Of the account.\n      flows: {implicit: "
            "{authorizationUrl: 'https://example.com/authorize', scopes: {write: Change.}}}\n",
            "",
        ),
    ],
}


def mended(name: str) -> Any:
    text = (OTHERS / f"{name}.yaml").read_text(encoding="utf-8").replace("paths:\n", LIMIT, 1)
    for old, new in MENDS[name]:
        assert old in text, old
        text = text.replace(old, new)
    return yaml.safe_load(text)


@pytest.mark.parametrize("name", HINDRANCES)
def test_all_that_hinders_is_reported_at_once(name: str, tmp_path: Path) -> None:
    document = read(OTHERS / f"{name}.yaml").value
    with pytest.raises(GenerationError) as raised, built_of(document, tmp_path / "it", OVERLAY):
        pass
    lines = str(raised.value).splitlines()
    assert all("/openapi/ventia.yaml:" in line for line in lines)
    reported = {line.split(": ")[1] for line in lines}
    assert set(HINDRANCES[name]) <= reported


def trains(made: Built, call: Callable[..., Any]) -> None:
    api, models = made.package, made.package.models
    payment = models.Payment(amount=49.99, source=models.Card(object_="card", number="4242"))
    assert "account" == call(api.create_booking_payment, UUID, body=payment).source.object_
    call(api.delete_booking, UUID)


def museum(made: Built, call: Callable[..., Any]) -> None:
    assert b"string" == call(made.package.get_ticket_code, UUID).payload.read()
    assert "09:00" == call(made.package.get_museum_hours, limit=3)[0].time_open


def petstore(made: Built, call: Callable[..., Any]) -> None:
    assert "Tom" == call(made.package.get_pet_by_id, 10).name
    assert {"sold": 2} == call(made.package.get_inventory).to_dict()
    call(made.package.find_pets_by_status, status=["sold", "available"])
    pet = made.package.models.Pet(name="Tom", photo_urls=["a"], status="sold")
    assert "Tom" == call(made.package.update_pet, body=pet).name


WIRE = {
    "trains": [
        (f"POST /bookings/{UUID}/payment", b'{"amount":49.99,"source":{"object":"card","number":"4242"}}'),
        (f"DELETE /bookings/{UUID}", b""),
    ],
    "museum": [(f"GET /museum/tickets/{UUID}/qr", b""), ("GET /museum/museum-hours?limit=3", b"")],
    "petstore": [
        ("GET /api/v3/pet/10", b""),
        ("GET /api/v3/store/inventory", b""),
        ("GET /api/v3/pet/findByStatus?status=sold&status=available", b""),
        ("PUT /api/v3/pet", b'{"name":"Tom","photoUrls":["a"],"status":"sold"}'),
    ],
}
KEYS = dict.fromkeys(("trains", "museum"), ("authorization", f"Bearer {SAMPLE_KEY}"))
KEYS["petstore"] = ("api_key", SAMPLE_KEY)


@pytest.mark.parametrize(("name", "calls"), [("trains", trains), ("museum", museum), ("petstore", petstore)])
def test_a_mended_document_is_followed(name: str, calls: Callable[..., None], tmp_path: Path) -> None:
    with built_of(mended(name), tmp_path / "it", OVERLAY) as made, between(made.app) as server:
        calls(made, caller(made, server))
        assert WIRE[name] == [(f"{each.method} {each.target.decode()}", each.body) for each in server.requests]
        place, key = KEYS[name]
        assert {key} == {each.headers[place] for each in server.requests}
        assert all(response.status < 300 for response in server.responses)
        for request in server.requests:
            without = dataclasses.replace(request, head=request.head.replace(place.encode(), b"x-other", 1))
            assert asyncio.run(respond(made.app, without)).status >= 400
        assert not any(operation.sends for operation in operations(made.source.value))


def caller(made: Built, server: Between) -> Callable[..., Any]:
    def call(module: Any, *arguments: Any, **named: Any) -> Any:
        url = server.url + made.base_path
        with made.package.Client(SAMPLE_KEY, base_url=url, retries=0, rate_limit=None) as client:
            return module.sync(*arguments, client=client, **named)

    return call
