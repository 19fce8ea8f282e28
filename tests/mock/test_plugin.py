"""The pytest plugin: a stand-in of a test's own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import respx
from pytest_httpx import HTTPXMock

import ventia_mock as ventia_mock_package
from tests.support.stand_in import ANSWERS, INVALID_KEY, TEXT, VENTIA, got
from ventia_client import Client, errors
from ventia_client.api.interactions import create_message
from ventia_client.events import Attempt
from ventia_client.models import ChannelMessage, MessageSent, UserMessage
from ventia_document.source import DocumentError
from ventia_mock.fixture import Mock

CONTACT = "66f1a2b33c4d5e0067f8a9b0"
USER = "64f1c2a97b3e4d0012ab34cd"


@pytest.fixture
def client(ventia_mock: Mock) -> Iterator[Client]:
    with Client(ventia_mock.api_key, base_url=ventia_mock.url, backoff=0.001, rate_limit=None) as client:
        yield client


def send(client: Client, text: str = "Hi", contact: str = CONTACT) -> object:
    return create_message.sync(contact, client=client, body=ChannelMessage(TEXT["channelId"], text=text))


def test_messages_are_what_was_sent_in_its_order(ventia_mock: Mock, client: Client) -> None:
    assert [] == ventia_mock.messages
    send(client, "a")
    send(client, "b")
    assert [{"channelId": TEXT["channelId"], "text": text} for text in "ab"] == ventia_mock.messages


def test_refused_messages_are_no_messages_but_requests(ventia_mock: Mock) -> None:
    params = {"api-key": ventia_mock.api_key}
    httpx.post(f"{ventia_mock.url}/contact/{CONTACT}/message", params=params, json={"text": "Hi"}, trust_env=False)
    assert [] == ventia_mock.messages
    [request] = ventia_mock.requests
    assert ("refused", {"text": "Hi"}) == (request["outcome"], request["body"])
    assert "0 messages, 1 requests" in repr(ventia_mock)
    assert ventia_mock.api_key not in repr(ventia_mock)


def test_waiting_returns_the_message(ventia_mock: Mock, client: Client) -> None:
    send(client, "Your order 41 is ready.")
    assert "Your order 41 is ready." == ventia_mock.wait_for(text=re.compile("order 4."))["text"]
    assert "Your order 41 is ready." == ventia_mock.wait_for(contact=CONTACT, outcome="sent")["text"]


def test_waiting_in_vain_fails_with_what_differs(ventia_mock: Mock, client: Client) -> None:
    send(client, "Your order 41 is ready.")
    with pytest.raises(AssertionError) as raised:
        ventia_mock.wait_for(text="Your order 42 is ready.", seconds=0.1)
    assert [
        "0 of 1 messages with text='Your order 42 is ready.' within 0.1 s",
        "near: text: expected 'Your order 42 is ready.', got 'Your order 41 is ready.'",
    ] == str(raised.value).splitlines()


def test_waiting_for_a_message_that_was_refused_says_why(ventia_mock: Mock, client: Client) -> None:
    ventia_mock.go_offline(USER)
    with pytest.raises(errors.SessionNotOnline):
        create_message.sync(CONTACT, client=client, body=UserMessage(USER, "unofficial_wpp", text="Hi"))
    with pytest.raises(AssertionError, match=r"expected 'sent or queued', got 'refused' \(userId: Must have a session"):
        ventia_mock.wait_for(text="Hi", seconds=0)


def test_waiting_without_any_request_says_so(ventia_mock: Mock) -> None:
    with pytest.raises(AssertionError, match="no other request had the API key of this test"):
        ventia_mock.wait_for(text="Hi", seconds=0)


def test_misspelt_field_is_no_field(ventia_mock: Mock) -> None:
    with pytest.raises(ValueError, match="txt: Must be one of caption, channelId"):
        ventia_mock.wait_for(txt="Hi")


def test_time_to_wait_is_called_seconds(ventia_mock: Mock) -> None:
    with pytest.raises(
        ValueError, match=r"^timeout: Must be called seconds, the argument for the longest time to wait$"
    ):
        ventia_mock.wait_for(timeout=1)


def test_next_requests_fail_as_planned(ventia_mock: Mock, client: Client) -> None:
    ventia_mock.fail_next(429, times=2)
    assert isinstance(send(client), MessageSent)
    assert [429, 429, 200] == [request["status"] for request in ventia_mock.requests]
    ventia_mock.fail_next("drop", processed=True)
    with pytest.raises(errors.DeliveryUnknown):
        send(client, "sent all the same")
    assert "sent all the same" == ventia_mock.messages[-1]["text"]
    for name, (status, _) in ANSWERS.items():
        ventia_mock.fail_next(name)
        ventia_mock.fail_next(status)
    with pytest.raises(ValueError, match="Must be a documented one"):
        ventia_mock.fail_next(418)


def test_user_goes_offline_and_online(ventia_mock: Mock, client: Client) -> None:
    message = UserMessage(USER, "unofficial_wpp", text="Hi")
    ventia_mock.go_offline(USER)
    with pytest.raises(errors.SessionNotOnline):
        create_message.sync(CONTACT, client=client, body=message)
    ventia_mock.go_online(USER)
    assert isinstance(create_message.sync(CONTACT, client=client, body=message), MessageSent)


def test_unknown_user_cannot_go_offline(ventia_mock: Mock) -> None:
    with pytest.raises(ValueError, match="users: Must be one of 64f1"):
        ventia_mock.go_offline("nobody")


def test_rate_limit_can_be_lifted(ventia_mock: Mock) -> None:
    ventia_mock.lift_rate_limit()
    path, params = f"{ventia_mock.url}/contact/{CONTACT}/message", {"api-key": ventia_mock.api_key}
    with httpx.Client(trust_env=False) as http:
        most = VENTIA["x-rate-limit"]["requests"]
        assert {200} == {http.post(path, params=params, json=TEXT).status_code for _ in range(most + 1)}


def test_answer_that_is_not_documented_is_refused(ventia_mock: Mock) -> None:
    with pytest.raises(ValueError, match="answer: Must be a documented one"):
        ventia_mock.change("contacts", CONTACT, answers="nope")


def test_waiting_for_nothing_is_refused(ventia_mock: Mock) -> None:
    with pytest.raises(ValueError, match="at_least: Must be at least 1; got 0"):
        ventia_mock.wait_for(at_least=0)


def test_world_can_be_changed(ventia_mock: Mock, client: Client) -> None:
    ventia_mock.change("contacts", "0123456789abcdef01234567", name="Ana")
    assert isinstance(send(client, contact="0123456789abcdef01234567"), MessageSent)
    with pytest.raises(ValueError, match="Must be one of unofficial_wpp"):
        ventia_mock.change("channels", "0123456789abcdef01234567", type="sms")


def test_documented_rate_limit_is_kept(ventia_mock: Mock) -> None:
    path, params = f"{ventia_mock.url}/contact/{CONTACT}/message", {"api-key": ventia_mock.api_key}
    most = VENTIA["x-rate-limit"]["requests"]
    with httpx.Client(trust_env=False) as http:
        statuses = [http.post(path, params=params, json=TEXT).status_code for _ in range(most + 1)]
    assert [*[200] * most, 429] == statuses


def test_inbox_is_a_page(ventia_mock: Mock) -> None:
    assert "text/html" in httpx.get(ventia_mock.inbox, trust_env=False).headers["content-type"]


SENDING = f"""
import httpx
import pytest

@pytest.mark.parametrize("number", range(20))
def test_inbox_is_mine_alone(ventia_mock, number):
    assert [] == ventia_mock.messages
    with httpx.Client(verify=False, trust_env=False, params={{"api-key": ventia_mock.api_key}}) as client:
        for each in range(number + 1):
            body = {{"channelId": "{TEXT["channelId"]}", "text": str(number)}}
            assert 200 == client.post(f"{{ventia_mock.url}}/contact/{CONTACT}/message", json=body).status_code
    assert number + 1 == len(ventia_mock.messages)
    assert {{str(number)}} == {{message["text"] for message in ventia_mock.messages}}
    ventia_mock.fail_next(500, times=99)
    ventia_mock.go_offline("{USER}")
"""


def run(folder: Path, program: str, *arguments: str, ini: str = "") -> subprocess.CompletedProcess[str]:
    """pytest on a program, in a folder of its own."""
    (folder / "test_app.py").write_text(program, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n" + ini, encoding="utf-8")
    quick = ["-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:hypothesispytest"]  # seconds to import
    command = [sys.executable, "-m", "pytest", "-q", *quick, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.acceptance
@pytest.mark.parametrize("workers", ["0", "2"])
def test_tests_share_nothing_one_after_the_other_or_in_parallel(tmp_path: Path, workers: str) -> None:
    done = run(tmp_path, SENDING, "-n", workers)
    assert 0 == done.returncode, done.stdout
    assert "20 passed" in done.stdout


@pytest.mark.acceptance
def test_world_of_the_project_is_served(tmp_path: Path) -> None:
    (tmp_path / "world.yaml").write_text("companies: [{id: mine, contacts: [{id: string}]}]\n", encoding="utf-8")
    program = "def test_world(ventia_mock):\n    ventia_mock.change('contacts', 'string', name='Ana')\n"
    assert 0 == run(tmp_path, program, ini="ventia_mock_world = world.yaml\n").returncode


NO_SOCKETS = """
import socket
import ventia_mock.fixture
def none(*_, **__):
    raise OSError(24, "Too many open files")
socket.socket = none
"""


@pytest.mark.acceptance
@pytest.mark.parametrize(
    ("ini", "conftest", "reason"),
    [
        ("ventia_mock_world = none.yaml\n", "", r"none\.yaml: cannot be read: No such file"),
        ("", "import sys\nsys.modules['uvicorn'] = None\n", "pip install ventia-mock"),
        ("", NO_SOCKETS, r"cannot listen on 127\.0\.0\.1: .*Too many"),
    ],
)
def test_without_a_stand_in_the_first_test_says_why_and_the_others_name_it(
    tmp_path: Path, ini: str, conftest: str, reason: str
) -> None:
    (tmp_path / "conftest.py").write_text(conftest, encoding="utf-8")
    program = "def test_a(ventia_mock):\n    pass\n" + "def test_b(ventia_mock):\n    pass\n"
    done = run(tmp_path, program, "-rN", ini=ini)
    assert 1 == done.returncode
    assert 1 == len(re.findall(reason, done.stdout)), done.stdout
    assert "ventia_mock: no stand-in; test_app.py::test_a reports why" in done.stdout.splitlines()
    assert "Traceback" not in done.stdout


@pytest.mark.acceptance
def test_tests_that_do_not_ask_for_it_load_nothing_of_it(tmp_path: Path) -> None:
    program = "import sys\ndef test_loaded():\n    assert not {'starlette', 'uvicorn', 'yaml'} & sys.modules.keys()\n"
    done = run(tmp_path, program)
    assert 0 == done.returncode, done.stdout


def test_key_of_a_test_is_unknown_after_it(ventia_mock: Mock) -> None:
    ventia_mock.close()
    path = f"{ventia_mock.url}/contact/{CONTACT}/message"
    assert INVALID_KEY == got(httpx.post(path, params={"api-key": ventia_mock.api_key}, json=TEXT, trust_env=False))


def test_ids_are_found_by_name(ventia_mock: Mock) -> None:
    assert CONTACT == ventia_mock.contact("Ana") == ventia_mock.contact("Ana Souza")
    assert TEXT["channelId"] == ventia_mock.channel("Support"), "and not that with a queue"
    assert USER == ventia_mock.user("Carla")
    ventia_mock.change("contacts", "0123456789abcdef01234567", name="Ana Lima")
    with pytest.raises(ValueError, match=r"contacts: Must be the name, or its first words, of one of Ana .*'Ana'"):
        ventia_mock.contact("Ana")
    for name in ("An", "", "Nobody"):
        with pytest.raises(ValueError, match=f"Ana Souza, Bruno Lima, .*; got '{name}'"):
            ventia_mock.contact(name)


def test_client_is_ready_and_is_closed_after_the_test() -> None:
    with ventia_mock_package.running() as mock:
        client = mock.client(rate_limit=None)
        message = ChannelMessage(mock.channel("Support"), text="Hi")
        assert isinstance(create_message.sync(mock.contact("Ana"), client=client, body=message), MessageSent)
        assert 1 == len(mock.messages)
    with pytest.raises(errors.NotSent, match="the client is closed"):
        create_message.sync(CONTACT, client=client, body=message)


def test_planned_refusal_says_when_to_come_back(ventia_mock: Mock) -> None:
    attempts: list[Attempt] = []
    ventia_mock.fail_next(429, times=2, retry_after=0)
    assert isinstance(send(ventia_mock.client(on_attempt=attempts.append)), MessageSent)
    assert max(each.retry_in or 0 for each in attempts) < 0.1, "the document's example says a second"
    assert [429, 429, 200] == [request["status"] for request in ventia_mock.requests]
    ventia_mock.fail_next(429, retry_after=7)
    params = {"api-key": ventia_mock.api_key}
    path = f"{ventia_mock.url}/contact/{CONTACT}/message"
    assert ["7"] == httpx.post(path, params=params, json=TEXT, trust_env=False).headers.get_list("retry-after")
    with pytest.raises(ValueError, match="Must be of an answer"):
        ventia_mock.fail_next("drop", retry_after=0)


def test_without_pytest_it_runs_for_the_length_of_a_with() -> None:
    with ventia_mock_package.running() as mock:
        send(mock.client())
        assert "Hi" == mock.wait_for(contact=CONTACT)["text"]
    with pytest.raises(httpx.ConnectError):
        httpx.get(mock.inbox, trust_env=False)


@pytest.mark.parametrize("kind", [str, Path])
def test_without_pytest_a_world_is_named_by_its_path(tmp_path: Path, kind: type[str] | type[Path]) -> None:
    path = tmp_path / "world.yaml"
    path.write_text("companies: [{id: mine, users: [{id: u, name: Eva}]}]\n", encoding="utf-8")
    with ventia_mock_package.running(kind(path)) as mock:
        assert "u" == mock.user("Eva")


def test_world_that_is_not_valid_is_refused_at_once(tmp_path: Path) -> None:
    with (
        pytest.raises(DocumentError, match=r"none\.yaml: cannot be read"),
        ventia_mock_package.running(tmp_path / "none.yaml"),
    ):
        pass


def test_it_passes_through_respx(ventia_mock: Mock, client: Client) -> None:
    with respx.mock as router:
        router.get("https://example.com/").respond(204)
        router.route(host="127.0.0.1").pass_through()
        assert 204 == httpx.get("https://example.com/").status_code
        send(client)
    assert 1 == len(ventia_mock.messages)


@pytest.mark.httpx_mock(should_mock=lambda request: request.url.host != "127.0.0.1")
def test_it_passes_through_pytest_httpx(ventia_mock: Mock, client: Client, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url="https://example.com/", status_code=204)
    assert 204 == httpx.get("https://example.com/").status_code
    send(client)
    assert 1 == len(ventia_mock.messages)
