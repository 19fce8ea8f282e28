"""The API key is on the wire, and in no span: nor for anything else that stands in the place of `handle_request`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from opentelemetry.instrumentation.httpx import (
    AsyncOpenTelemetryTransport,
    HTTPXClientInstrumentor,
    SyncOpenTelemetryTransport,
)
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tests.support.callers import KEY, Outcome, calling
from tests.support.fault_server import SUCCESS
from tests.support.raw_server import REFUSED, Connection, RawServer, answer, serving
from ventia_client import errors
from ventia_client.models import MessageSent

each_way = pytest.mark.parametrize("way", ["sync", "async"])


class Told:
    """All that the instrumentation exports: spans with their events, and metrics."""

    def __init__(self) -> None:
        self._spans, self._metrics = InMemorySpanExporter(), InMemoryMetricReader()
        self.tracers, self.meters = TracerProvider(shutdown_on_exit=False), MeterProvider([self._metrics])
        self.tracers.add_span_processor(SimpleSpanProcessor(self._spans))

    def spans(self) -> list[str]:
        return [span.to_json() for span in self._spans.get_finished_spans()]

    def metrics(self) -> str:
        data = self._metrics.get_metrics_data()
        return data.to_json() if data else ""


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    monkeypatch.setenv("OTEL_SEMCONV_STABILITY_OPT_IN", "http/dup")  # the old names and the new
    for direction in ("REQUEST", "RESPONSE"):
        monkeypatch.setenv(f"OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_{direction}", ".*")
    told = Told()
    yield told
    told.tracers.shutdown()
    told.meters.shutdown()


ENDINGS = {
    "success": MessageSent,
    "refused": errors.InvalidRequestBody,
    "limited": MessageSent,
    "failed": errors.InternalServerError,
    "redirect": errors.UnexpectedAnswer,
    "broken": errors.DeliveryUnknown,
    "slow": errors.DeliveryUnknown,
}


ANSWERS = {
    "success": answer(),
    "refused": answer("400 Bad Request", REFUSED),
    "limited": answer("429 Too Many Requests", REFUSED, "Retry-After: 0"),
    "failed": answer("500 Internal Server Error", REFUSED),
    "redirect": answer("307 Temporary Redirect", b"", "Location: /elsewhere"),
}


def ending(connection: Connection) -> None:
    """End each call as the `localId` of its message says; after one refusal for its rate, a message is taken."""
    answers = dict(ANSWERS)
    while request := connection.read():
        if request.local_id in answers:
            connection.send(answers[request.local_id])
            answers["limited"] = answers["success"]
        elif request.local_id == "broken":
            connection.reset()
        else:
            connection.hang()


@pytest.fixture
def server() -> Iterator[RawServer]:
    with serving(ending) as server:
        yield server


@contextmanager
def everything(told: Told) -> Iterator[dict[str, Any]]:
    """All of httpx is instrumented, as `opentelemetry-instrument` does it."""
    instrumentor = HTTPXClientInstrumentor()
    instrumentor.instrument(tracer_provider=told.tracers, meter_provider=told.meters)
    try:
        yield {}
    finally:
        instrumentor.uninstrument()


@contextmanager
def own_transports(told: Told) -> Iterator[dict[str, Any]]:
    """The client is given instrumented transports."""
    yield {
        "transport": SyncOpenTelemetryTransport(httpx.HTTPTransport(), told.tracers, told.meters),
        "async_transport": AsyncOpenTelemetryTransport(httpx.AsyncHTTPTransport(), told.tracers, told.meters),
    }


@contextmanager
def both(told: Told) -> Iterator[dict[str, Any]]:
    """The client is given instrumented transports of which httpx's own part is instrumented too."""
    with everything(told), own_transports(told) as settings:
        yield settings


Instrumented = Callable[[Told], AbstractContextManager[dict[str, Any]]]


@each_way
@pytest.mark.parametrize("instrumented", [everything, own_transports])
@pytest.mark.parametrize("name", ENDINGS)
def test_no_span_shows_the_key(way: str, instrumented: Instrumented, name: str, told: Told, server: RawServer) -> None:
    with instrumented(told) as settings, calling(way, server.url, timeout=0.3, **settings) as caller:
        check(ENDINGS[name], caller.call(name), told, server)


@each_way
def test_nor_do_those_of_two_instruments(way: str, told: Told, server: RawServer) -> None:
    with both(told) as settings, calling(way, server.url, **settings) as caller:
        check(MessageSent, caller.call("success"), told, server)


def check(expected: type, outcome: Outcome, told: Told, server: RawServer) -> None:
    """Fail unless the key was on the wire, and nowhere else, and each attempt has a span."""
    assert expected is type(outcome)
    spans = told.spans()
    assert len(spans) >= len(server.requests)
    assert all(server.url in span for span in spans), "these are no spans of the requests"
    assert [] == [span for span in spans if KEY in span]
    assert KEY not in told.metrics()
    assert all(f"api-key={KEY}" in request.target for request in server.requests)
    assert KEY not in f"{outcome} {outcome!r}"


@each_way
@pytest.mark.parametrize("instrumented", [everything, own_transports])
def test_no_span_of_a_failed_connection_shows_the_key(way: str, instrumented: Instrumented, told: Told) -> None:
    with serving(lambda _: None) as server:
        pass
    with instrumented(told) as settings, calling(way, server.url, retries=1, **settings) as caller:
        assert isinstance(caller.call("unreachable"), errors.Unreachable)
    assert 2 == len(told.spans())
    assert KEY not in "".join(told.spans())


@each_way
@pytest.mark.parametrize("name", ["success", "broken"])
def test_no_span_of_an_instrumented_client_shows_the_key(way: str, name: str, told: Told, server: RawServer) -> None:
    """The httpx client underneath is instrumented by itself."""

    async def get_async_httpx_client() -> httpx.AsyncClient:
        return caller.client.get_async_httpx_client()

    with calling(way, server.url, timeout=0.3) as caller:
        runner = getattr(caller, "runner", None)
        inner = runner.run(get_async_httpx_client()) if runner else caller.client.get_httpx_client()
        HTTPXClientInstrumentor.instrument_client(inner, told.tracers, told.meters)
        outcome = caller.call(name)
        assert ENDINGS[name] is type(outcome)
        assert told.spans()
        assert KEY not in "".join(told.spans()) + told.metrics()


@each_way
@pytest.mark.parametrize("instrumented", [everything, own_transports])
def test_what_a_server_says_of_the_key_is_in_no_span(way: str, instrumented: Instrumented, told: Told) -> None:
    """The headers of answers are written down too, and a gateway may repeat the address in one."""

    def repeating(connection: Connection) -> None:
        while request := connection.take():
            connection.send(
                answer("200 OK", SUCCESS, f"X-Target: {request.target}", f"Content-Location: {request.target}")
            )

    with serving(repeating) as server, instrumented(told) as settings, calling(way, server.url, **settings) as caller:
        assert isinstance(caller.call("one"), MessageSent)
    assert "x_target" in told.spans()[0]
    assert KEY not in told.spans()[0]


def test_what_is_instrumented_after_the_first_call_shows_no_key_either(told: Told, server: RawServer) -> None:
    with calling("sync", server.url) as caller:
        caller.call("success")
        with everything(told):
            caller.call("success")
        assert 1 == len(told.spans())
        assert KEY not in told.spans()[0]


class Seen:
    """All that a transport can read of the requests that it gets."""

    def __init__(self) -> None:
        self.requests: list[str] = []

    def __call__(self, request: httpx.Request) -> None:
        url = request.url
        parts: list[Any] = [url, request, url.query, url.params, url.raw_path, request.headers, request.extensions]
        self.requests.append(f"{url} {parts!r}")


class Wrapping(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport of the caller's own, around httpx's."""

    def __init__(self, seen: Seen) -> None:
        self._seen, self._inner, self._async_inner = seen, httpx.HTTPTransport(), httpx.AsyncHTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._seen(request)
        return self._inner.handle_request(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._seen(request)
        return await self._async_inner.handle_async_request(request)

    def close(self) -> None:
        self._inner.close()

    async def aclose(self) -> None:
        await self._async_inner.aclose()


class Derived(httpx.HTTPTransport):
    """A transport of the caller's own, made of httpx's."""

    seen: Seen

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.seen(request)
        return super().handle_request(request)


class AsyncDerived(httpx.AsyncHTTPTransport):
    """Derived for asyncio."""

    seen: Seen

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.seen(request)
        return await super().handle_async_request(request)


def derived(seen: Seen) -> dict[str, Any]:
    waiting, awaiting = Derived(), AsyncDerived()
    waiting.seen = awaiting.seen = seen
    return {"transport": waiting, "async_transport": awaiting}


def wrapping(seen: Seen) -> dict[str, Any]:
    return {"transport": Wrapping(seen), "async_transport": Wrapping(seen)}


@each_way
@pytest.mark.parametrize("own", [derived, wrapping])
@pytest.mark.parametrize("name", ["success", "refused", "limited", "broken"])
def test_a_transport_of_the_callers_own_sees_no_key(
    way: str, own: Callable[[Seen], dict[str, Any]], name: str, server: RawServer
) -> None:
    seen = Seen()
    with calling(way, server.url, **own(seen)) as caller:
        assert ENDINGS[name] is type(caller.call(name))
    check_seen(seen, server)


def check_seen(seen: Seen, server: RawServer) -> None:
    assert len(server.requests) == len(seen.requests)
    assert [] == [each for each in seen.requests if KEY in each]
    assert all(f"api-key={KEY}" in request.target for request in server.requests)


@each_way
@pytest.mark.parametrize("name", ["success", "refused", "limited", "broken"])
def test_what_replaces_the_method_of_httpx_sees_no_key(
    way: str, name: str, server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Seen()
    handle, handle_async = httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request

    def seeing(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        seen(request)
        return handle(self, request)

    async def seeing_async(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        seen(request)
        return await handle_async(self, request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", seeing)
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", seeing_async)
    with calling(way, server.url) as caller:
        assert ENDINGS[name] is type(caller.call(name))
    check_seen(seen, server)


@each_way
def test_a_transport_without_a_network_still_sends_the_key(way: str) -> None:
    """One that carries requests into an application of the same process has no place below it for a key."""
    keys: list[str | None] = []

    def answered(key: str | None) -> dict[str, Any]:
        keys.append(key)
        return SUCCESS

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await JSONResponse(answered(Request(scope).query_params.get("api-key")))(scope, receive, send)

    def wsgi(environment: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(answered(dict(parse_qsl(environment["QUERY_STRING"])).get("api-key"))).encode()]

    settings: dict[str, Any] = {
        "transport": httpx.WSGITransport(wsgi),
        "async_transport": httpx.ASGITransport(application),
    }
    with calling(way, "http://ventia.test", **settings) as caller:
        assert isinstance(caller.call("one"), MessageSent)
    assert [KEY] == keys
