"""Answers that are no success: each ends a call as an error of the document's name, and says what became of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.document.built import Built, built
from tests.acceptance.document.rows import Followed
from tests.acceptance.document.wire import Between, between, called, json_response

_OK = "'204': {description: Done.}"
_SORRY = "{$ref: '#/components/responses/Sorry'}"
_FAILURE = "{$ref: '#/components/responses/InternalServerError'}"
_COMPONENTS = """
responses:
  Sorry:
    description: Sorry.
    content: {application/problem+json: {schema: {type: object, properties: {title: {type: string}}}}}
"""

ROWS = {
    "range": Followed("a range of a POST", f"responses: {{{_OK}, '4XX': {_SORRY}}}", method="post"),
    "default": Followed("default of a POST", f"responses: {{{_OK}, default: {_SORRY}}}", method="post"),
    "inline": Followed("a range in line", f"responses: {{{_OK}, '4XX': {{description: No.}}}}", method="post"),
    "failure": Followed(
        "a failure of a GET", f"responses: {{{_OK}, '500': {_FAILURE}}}", components=_COMPONENTS.strip()
    ),
}

NOT_SENT, UNKNOWN = "not_sent", "unknown"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    with built(ROWS.values(), tmp_path_factory.mktemp("endings")) as each:
        yield each


@pytest.fixture
def wire(made: Built) -> Iterator[Between]:
    with between(made.app) as server:
        yield server


@pytest.mark.parametrize(
    ("row", "status", "names", "outcome"),
    [
        ("range", 404, {"Sorry", "SorryNotSent", "Refused", "NotSent"}, NOT_SENT),
        ("range", 408, {"Sorry", "SorryUnknown", "Failed", "DeliveryUnknown"}, UNKNOWN),
        ("range", 499, {"Sorry", "SorryUnknown", "DeliveryUnknown"}, UNKNOWN),
        ("range", 500, {"UnexpectedAnswer", "DeliveryUnknown"}, UNKNOWN),
        ("default", 404, {"Sorry", "SorryNotSent", "NotSent"}, NOT_SENT),
        ("default", 500, {"Sorry", "SorryUnknown", "DeliveryUnknown"}, UNKNOWN),
        ("default", 201, {"Sorry", "DeliveryUnknown"}, UNKNOWN),
        ("default", 302, {"Sorry", "DeliveryUnknown"}, UNKNOWN),
        ("inline", 404, {"Refused", "NotSent"}, NOT_SENT),
        ("inline", 408, {"Failed", "DeliveryUnknown"}, UNKNOWN),
        ("failure", 500, {"InternalServerError", "InternalServerErrorNotSent", "NotSent"}, NOT_SENT),
        ("failure", 503, {"UnexpectedRefusal", "NotSent"}, NOT_SENT),
    ],
)
def test_an_answer_ends_a_call(
    made: Built, wire: Between, row: str, status: int, names: set[str], outcome: str
) -> None:
    wire.instead = json_response(status, b'{"title": "No", "detail": "Never"}', "application/problem+json")
    with pytest.raises(made.package.errors.AnswerError) as raised:
        called(ROWS[row], made, wire, {})
    assert names <= {each.__name__ for each in type(raised.value).__mro__}
    assert (outcome, "No", "Never") == (raised.value.outcome, raised.value.error, raised.value.details)
    assert ("DeliveryUnknown" in names) or not isinstance(raised.value, made.package.errors.DeliveryUnknown)


def test_an_error_of_the_message_stays_what_it_was(made: Built) -> None:
    assert issubclass(made.package.errors.InternalServerErrorUnknown, made.package.errors.DeliveryUnknown)
    assert issubclass(made.package.errors.InvalidApiKey, made.package.errors.NotSent)
    assert not issubclass(made.package.errors.Sorry, made.package.errors.NotSent | made.package.errors.DeliveryUnknown)
