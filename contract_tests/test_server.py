"""Generated requests, valid and invalid: the server answers each as the document says."""

from __future__ import annotations

import schemathesis
from schemathesis.checks import CheckFunction
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import negative_data_rejection

from contract_tests import known, run
from contract_tests.known import AnyCase


def _schema(mode: str) -> schemathesis.BaseSchema:
    document = run.overlaid("contract", known.only_known(run.SOURCE.value))
    schemes = document.get("components", {}).get("securitySchemes", {})
    keys = {name: {"api_key": run.current.key} for name, scheme in schemes.items() if scheme["type"] == "apiKey"}
    accepted = sorted(set[str]().union(*map(run.current.accepting, run.OPERATIONS)))
    config = {
        "seed": run.current.seed,
        "suppress-health-check": ["all"],
        "generation": {"mode": mode, "max-examples": run.current.examples, "database": "none"},
        "checks": {"positive_data_acceptance": {"expected-statuses": accepted}},
        "parameters": {f"path.{name}": value for name, value in run.current.pins.items()},
        "auth": {"openapi": keys},
    }
    if run.current.pins:
        config["phases"] = {"coverage": {"unexpected-methods": []}}
    return schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(config))


valid, invalid = _schema("positive"), _schema("negative")


@valid.parametrize()
def test_valid_requests_are_accepted(case: AnyCase, server: str) -> None:
    """Every answer to a valid request is a documented one, and none refuses it."""
    case.call_and_validate(base_url=server)
    run.current.shown[case.operation.label, "valid requests accepted"] += 1


@invalid.parametrize()
def test_invalid_requests_are_refused(case: AnyCase, server: str) -> None:
    """Every answer to an invalid request is a documented refusal, and a request without the key never succeeds."""
    # A negated request is now and then still valid, such as one with an identifier that is only not a known one.
    excluded: list[CheckFunction] = [negative_data_rejection] if known.is_valid(case) else []
    response = case.call_and_validate(base_url=server, excluded_checks=excluded)
    if response.status_code >= 400:
        run.current.shown[case.operation.label, "invalid requests refused"] += 1
