"""The oracle of the contract suite: it notices what the stand-in gets wrong, since it shares no code with it."""

from __future__ import annotations

from types import ModuleType

import pytest

from contract_tests.mutants.stand_in_run import stand_in_run
from contract_tests.oracle.assumptions import Assumption, of_response
from contract_tests.replay import Purpose
from contract_tests.rules import api_key, contact
from contract_tests.run import JUDGE
from contract_tests.trial import ContractViolation, Trial
from contract_tests.wire.in_process import InProcess
from contract_tests.wire.server import Server
from tests.support.stand_in import SOURCE
from ventia_document.parameters import Reading, Wire
from ventia_mock.app import App
from ventia_mock.journal import redaction
from ventia_mock.operations.parameters import CheckedParameter
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY


def violation(rules: ModuleType, row_name: str) -> str:
    """The rule and its sentence that the stand-in violates when it gets the requests of a row; '' for none."""
    stand_in = StandIn(SOURCE)
    drawing = stand_in_run(1).drawing
    [row] = [row for row in rules.rows(drawing) if row.name == row_name]
    server = Server("http://127.0.0.1" + stand_in.base_path, SAMPLE_KEY, InProcess(App(stand_in)))
    trial = Trial(server, JUDGE, SAMPLE_KEY, "make contract")
    try:
        for probe in row.broken:
            trial.send(Purpose(row.name, row.sentence, "broken"), probe.request, probe.expected)
    except ContractViolation as error:
        return f"{error.details['rule']}: {error.details['sentence']}"
    finally:
        server.close()
    return ""


def test_a_stand_in_that_finds_no_key_in_what_it_quotes_violates_a_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "" == violation(api_key, "the key in a field")
    monkeypatch.setattr(redaction, "keys_in", lambda *_: [])
    assert violation(api_key, "the key in a field").startswith("no key is echoed: Neither the headers nor the body")


def test_a_stand_in_that_finds_nothing_wrong_with_a_parameter_violates_a_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(self: CheckedParameter, wire: Wire) -> tuple[Reading, list[str]]:
        return self._parameter.read(wire), []

    assert "" == violation(contact, "idcontact: form")
    monkeypatch.setattr(CheckedParameter, "check", check)
    # The world refuses the contact all the same, for another reason.
    assert violation(contact, "idcontact: form").startswith("details name the field: The `details` of an invalid body")


def test_how_a_request_without_a_content_type_is_refused_is_assumed() -> None:
    """Its refusal may be a 415 of any words; that of a JSON body that breaks a rule may not."""
    drawing = stand_in_run(1).drawing
    assert drawing
    untyped = drawing.messages.raw(b"").without_header("Content-Type")
    assert of_response(untyped, JUDGE.verdict(untyped)) is Assumption.CONTENT_TYPES
    invalid = drawing.messages.raw(b"{}")
    assert of_response(invalid, JUDGE.verdict(invalid)) is None
