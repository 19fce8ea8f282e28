"""The rules of the platform that no schema can say, and the identifiers that provoke each response."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.stand_in import (
    ANSWERS,
    BASE,
    INVALID_BODY,
    OPERATION,
    SENT,
    CompanyClient,
    explained,
    got,
)
from ventia_document.source import Json, read
from ventia_mock.fixture import Mock, StandInServer
from ventia_mock.world import assumptions
from ventia_mock.world import business_rules as rules
from ventia_mock.world.file import WORLD
from ventia_mock.world.things import KINDS

CONTACT = "66f1a2b33c4d5e0067f8a9b0"


ACME, GLOBEX = read(WORLD).value["companies"]


CHANNELS = {channel["type"]: channel["id"] for channel in reversed(ACME["channels"]) if len(channel) == 3}


ONLINE, OFFLINE, WITHOUT = (
    next(user["id"] for user in ACME["users"] if user["session"] == session)
    for session in ("online", "offline", "none")
)


ACTIVE, INACTIVE = (
    next(each["id"] for each in ACME["integrations"] if each["active"] is active) for active in (True, False)
)


APPROVED, PENDING = (
    next(each["id"] for each in ACME["templates"] if each.get("approved", True) is approved)
    for approved in (True, False)
)


[REPLIED] = [each["id"] for each in ACME["messages"]]


@pytest.fixture
def client(company: Mock) -> Iterator[httpx.Client]:
    with CompanyClient(company) as client:
        yield client


def post(client: httpx.Client, body: Json, contact: str = CONTACT, key: dict[str, str] | None = None) -> httpx.Response:
    return client.post(BASE + OPERATION.path.format(idcontact=contact), params=key, json=body)


def rule_of_last(company: Mock) -> str:
    return str(company.requests[-1]["rule"])


OTHER = {
    "channel": GLOBEX["channels"][0]["id"],
    "user": GLOBEX["users"][0]["id"],
    "integration": GLOBEX["integrations"][0]["id"],
    "contact": GLOBEX["contacts"][0]["id"],
}


UNKNOWN = "0123456789abcdef01234567"


REFUSED: dict[str, list[tuple[Json, str, str]]] = {
    "channel_belongs_to_the_company": [
        ({"channelId": identifier, "text": "Hi"}, "invalidRequestBody", "channelId: Must be a channel of the company")
        for identifier in (OTHER["channel"], UNKNOWN)
    ],
    "template_goes_through_whatsapp_business": [
        (
            {"channelId": CHANNELS[kind], "template": APPROVED},
            "invalidRequestBody",
            f"template: Must go through a whatsapp_business channel; this one is {kind}",
        )
        for kind in ("unofficial_wpp", "fb", "ig")
    ],
    "template_is_approved": [
        (sender | {"template": PENDING}, "invalidRequestBody", "template: Must be an approved template")
        for sender in (
            {"channelId": CHANNELS["whatsapp_business"]},
            {"userId": ONLINE, "medium": "whatsapp_business"},
            {"userIntegrationId": ACTIVE},
        )
    ],
    "session_is_online": [
        ({"userId": user, "medium": "unofficial_wpp", "text": "Hi"}, "sessionNotOnline", "")
        for user in (OFFLINE, WITHOUT)
    ],
    "integration_is_active": [
        ({"userId": user, "medium": "whatsapp_business", "text": "Hi"}, "noActiveIntegration", "")
        for user in (OFFLINE, WITHOUT)
    ]
    + [({"userIntegrationId": INACTIVE, "text": "Hi"}, "noActiveIntegration", "")],
    "user_is_known": [
        (
            {"userId": identifier, "medium": "unofficial_wpp", "text": "Hi"},
            "invalidRequestBody",
            "userId: Must be one of the users of the company",
        )
        for identifier in (OTHER["user"], UNKNOWN)
    ],
    "integration_is_known": [
        (
            {"userIntegrationId": identifier, "text": "Hi"},
            "invalidRequestBody",
            "userIntegrationId: Must be one of the integrations of the company",
        )
        for identifier in (OTHER["integration"], UNKNOWN)
    ],
    "template_is_known": [
        (
            {"channelId": CHANNELS["whatsapp_business"], "template": "nope"},
            "invalidRequestBody",
            "template: Must be one of the templates of the company",
        )
    ],
    "replied_message_is_known": [
        (
            {"channelId": CHANNELS["fb"], "text": "Hi", "replyMessage": "nope"},
            "invalidRequestBody",
            "replyMessage: Must be one of the messages of the company",
        )
    ],
}


"""Messages that break each rule and no other: body, name of the answer, and the beginning of its details."""


BY_CONTACT = {"contact_is_known"}


def test_every_rule_and_every_assumption_is_broken_here() -> None:
    assert {rule.__name__ for rule in (*rules.BUSINESS_RULES, *assumptions.ASSUMPTIONS)} == {*REFUSED, *BY_CONTACT}


@pytest.mark.parametrize(
    ("rule", "body", "name", "refusal"), [(rule, *case) for rule, cases in REFUSED.items() for case in cases]
)
def test_message_that_breaks_a_rule_gets_its_documented_answer(
    company: Mock, client: httpx.Client, rule: str, body: Json, name: str, refusal: str
) -> None:
    answer = post(client, body)
    if refusal:
        assert explained(answer).startswith(refusal)
    else:
        assert ANSWERS[name] == got(answer)
    assert rule == rule_of_last(company)
    assert "GET /_mock/world lists what is known" in company.requests[-1]["why"]


@pytest.mark.parametrize("contact", [OTHER["contact"], UNKNOWN])
def test_unknown_contact_is_refused_as_is_assumed(company: Mock, client: httpx.Client, contact: str) -> None:
    refusal = explained(post(client, {"channelId": CHANNELS["fb"], "text": "Hi"}, contact))
    assert refusal.startswith("idcontact: Must be one of the contacts of the company")
    assert "contact_is_known" == rule_of_last(company)


@pytest.mark.parametrize(
    "body",
    [
        *({"channelId": identifier, "text": "Hi"} for identifier in CHANNELS.values()),
        *({"channelId": identifier, "text": "Hi", "replyMessage": REPLIED} for identifier in CHANNELS.values()),
        {"channelId": CHANNELS["whatsapp_business"], "template": APPROVED},
        {"userId": ONLINE, "medium": "whatsapp_business", "template": APPROVED},
        {"userIntegrationId": ACTIVE, "template": APPROVED},
        {"userId": ONLINE, "medium": "unofficial_wpp", "text": "Hi"},
        {"userId": ONLINE, "medium": "whatsapp_business", "text": "Hi"},
        {"userIntegrationId": ACTIVE, "text": "Hi"},
    ],
)
def test_message_that_keeps_every_rule_is_sent(client: httpx.Client, body: Json) -> None:
    assert SENT == got(post(client, body))


def test_channel_that_queues_answers_so(client: httpx.Client) -> None:
    [queue] = [channel["id"] for channel in ACME["channels"] if channel.get("queues")]
    assert ANSWERS["messageQueued"] == got(post(client, {"channelId": queue, "text": "Hi"}))


def test_every_sent_message_is_an_interaction_of_its_own(client: httpx.Client) -> None:
    body = {"channelId": CHANNELS["fb"], "text": "Hi"}
    assert 50 == len({post(client, body).json()["interactionId"] for _ in range(50)})


def test_sent_message_can_be_replied_to_and_only_by_its_own_company(
    server: StandInServer, client: httpx.Client
) -> None:
    body = {"channelId": CHANNELS["fb"], "text": "Hi"}
    reply = body | {"replyMessage": post(client, body).json()["interactionId"]}
    assert SENT == got(post(client, reply))
    other = server.open()
    assert INVALID_BODY[0] == post(client, reply, key={"api-key": other.api_key}).status_code
    other.close()


@pytest.mark.parametrize("name", ANSWERS)
def test_contact_that_provokes_an_answer_does_so_whatever_the_rules_say(client: httpx.Client, name: str) -> None:
    [contact] = [each["id"] for each in ACME["contacts"] if each.get("answers") == name]
    assert ANSWERS[name] == got(post(client, {"userId": OFFLINE, "medium": "unofficial_wpp", "text": "Hi"}, contact))


def test_identifier_is_the_same_in_capitals(client: httpx.Client) -> None:
    body = {"channelId": CHANNELS["fb"].upper(), "text": "Hi"}
    assert SENT == got(post(client, body, CONTACT.upper()))
    for medium in ("unofficial_wpp", "whatsapp_business"):
        assert SENT == got(post(client, {"userId": ONLINE.upper(), "medium": medium, "text": "Hi"}))
    assert SENT == got(post(client, {"userIntegrationId": ACTIVE.upper(), "text": "Hi"}))
    interaction = post(client, body).json()["interactionId"]
    assert SENT == got(post(client, body | {"replyMessage": interaction.upper()}))


@pytest.mark.parametrize("name", ANSWERS)
def test_every_documented_answer_has_a_contact_that_provokes_it(client: httpx.Client, name: str) -> None:
    [contact] = [each["id"] for each in ACME["contacts"] if each.get("answers") == name]
    status, value = ANSWERS[name]
    assert (status, value) == got(post(client, {"channelId": CHANNELS["fb"], "text": "Hi"}, contact))
    assert INVALID_BODY[0] == post(client, {}, contact).status_code, "an invalid message is refused before"


def test_channel_provokes_an_answer_too(client: httpx.Client) -> None:
    [(channel, name)] = [(each["id"], each["answers"]) for each in ACME["channels"] if "answers" in each]
    assert ANSWERS[name] == got(post(client, {"channelId": channel, "text": "Hi"}))


def test_every_company_has_its_own_world(client: httpx.Client) -> None:
    key = {"api-key": GLOBEX["api_keys"][0]}
    own = {"channelId": OTHER["channel"], "text": "Hi"}
    assert SENT == got(post(client, own, OTHER["contact"], key))
    assert INVALID_BODY[0] == post(client, own, CONTACT, key).status_code


def test_the_documents_examples_and_the_pages_identifiers_are_known() -> None:
    """A person can paste any example of the document, and it does what its name says."""
    known = {kind: {each["id"] for each in ACME[kind]} for kind in KINDS}
    assert {"string", CONTACT} <= known["contacts"]
    assert {"656b0e1f8e5a2c001f3a9d12"} <= known["channels"]
