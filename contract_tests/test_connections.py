"""Connections: what a server answers depends on the request alone, not on what it came over, or beside."""

from __future__ import annotations

import json

import pytest

from contract_tests.replay import Purpose
from contract_tests.rules.drawing import Drawing, Probe, messages_of_each_sender
from contract_tests.trial import Trial
from contract_tests.wire.keys import with_keys

_ANY_CONNECTION = Purpose(
    "any connection", "A request is answered as documented over each connection, also as the first one over it", "kept"
)
_AT_ONCE = Purpose("requests at once", "Requests that are under way at the same time get each its own response", "kept")
_CONNECTIONS = 4  # for each request, so that each of two servers behind one address gets it
_TIMES = 3


@pytest.fixture
def probes(drawing: Drawing) -> list[Probe]:
    """Messages that differ in what answers them: accepted with a `localId` of their own, invalid, without a key."""
    probes = []
    for number, message in enumerate(messages_of_each_sender(drawing)):
        body = {**message.body, "localId": f"draft-{number}"}
        probes.append(drawing.kept(f"{message.name} {json.dumps(body['localId'])}", body))
        request = drawing.messages.request(body)
        probes.append(drawing.broken(f"a number as text; {message.name}", request.with_json({**body, "text": 0})))
    [[scheme]] = drawing.knowledge.operation.security
    keyless = with_keys(request, scheme, "")
    return [*probes, drawing.broken("an empty key", keyless)]


def test_any_connection_gets_the_documented_response(probes: list[Probe], trial: Trial) -> None:
    """A request is answered over each of several new connections as over the one of all other tests."""
    for probe in [*probes[:2], probes[-1]]:
        for _ in range(_CONNECTIONS):
            trial.send_at_once(_ANY_CONNECTION, [probe.request], [probe.expected])


def test_requests_at_once_get_each_its_own_response(probes: list[Probe], trial: Trial) -> None:
    """Requests that are under way at the same time are answered as if each were alone."""
    for together in [probes[:2], probes[:2][::-1], *[probes] * _TIMES]:
        trial.send_at_once(_AT_ONCE, [probe.request for probe in together], [probe.expected for probe in together])
