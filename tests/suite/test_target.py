"""Target files: what must not or cannot be tested is refused, and no key in the wrong place is repeated."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest

from contract_tests import run, target
from contract_tests.run import SOURCE
from contract_tests.target.__main__ import main
from contract_tests.target.file import STAND_IN, TargetError, read_target
from contract_tests.target.knowledge import Knowledge
from contract_tests.target.messages import Messages
from tests.support.stand_in import OPERATION
from ventia_document.operations import operations
from ventia_document.source import lookup, read

HERE = 'base_url = "http://127.0.0.1"\ncontact = "66f1a2b33c4d5e0067f8a9b0"\n'
ELSEWHERE = 'base_url = "https://a.example"\ncontact = "string"\n'
REFUSED: dict[str, tuple[str | None, str]] = {
    "elsewhere without a table": (ELSEWHERE, r"\[safety\].*max_messages"),
    "a host that is not allowed": (
        f"{ELSEWHERE}[safety]\nmax_messages = 1\nallow_hosts = ['b.example']",
        "allow_hosts",
    ),
    "as fast as the limit": (f"{ELSEWHERE}[safety]\nmax_messages = 1\nrate = 200", "200 requests in 60 seconds"),
    "no budget": (f"{ELSEWHERE}[safety]\nrate = 1", "max_messages"),
    "no contact": ('base_url = "http://127.0.0.1"', "contact: Must be given"),
    "no URL": ('base_url = "127.0.0.1:8080"\ncontact = "string"', "base_url.*http"),
    "an unknown word": ('base_url = "http://127.0.0.1"\ncontact = "string"\n[channels]\ntiktok = "1"', "tiktok"),
    "a word that nobody is reached that does not say so": (
        'nobody_is_reached = false\nbase_url = "http://127.0.0.1"\ncontact = "string"',
        "nobody_is_reached: Must be true, or left out",
    ),
    "media of no type": (f"{HERE}[media]\ngif = 'https://a.example/a.gif'", r"media\.gif: Must be one of .*image"),
    "a limit of no field": (f"{HERE}[limits]\ntexts = 5", r"limits\.texts: Must be one of .*text"),
    "a day that is none": (
        f"{HERE}[[accepted]]\nrule = 'a'\nreason = 'b'\nuntil = '2030-02-31'",
        r"accepted\.until: day .*2030-02-31",
    ),
    "a deviation without a reason": (f"{HERE}[[accepted]]\nrule = 'a'\nuntil = 2030-12-31", r"reason: Must be given"),
    "no file": (None, r"there is no such file; .*--new .*target\.toml"),
    "no TOML": ("base_url", "not TOML"),
    "half an IPv6 address": ('base_url = "http://[::1/api"\ncontact = "string"', "base_url: Must be .*http"),
    "a port that is none": ('base_url = "http://127.0.0.1:99999"\ncontact = "string"', "base_url: Must be .*http"),
    "a path that is not encoded": (
        'base_url = "http://127.0.0.1/ä"\ncontact = "string"',
        "base_url: Must be .*encoded",
    ),
    "a date": ('base_url = 1979-05-27\ncontact = "string"', "base_url: Must be .*1979-05-27"),
    "a number that is none": (f"{ELSEWHERE}[safety]\nmax_messages = nan", "max_messages: Must be"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_target_that_must_not_be_tested_is_refused(tmp_path: Path, case: str) -> None:
    text, why = REFUSED[case]
    path = tmp_path / "target.toml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(TargetError, match=why):
        Knowledge(OPERATION, read_target(path, SOURCE.value["x-rate-limit"]))


def test_media_of_no_type_is_refused_beside_an_enum_of_other_values(tmp_path: Path) -> None:
    document = copy.deepcopy(OPERATION.document)
    document["components"]["schemas"]["Message"]["properties"]["level"] = {"enum": [1, [2]]}
    operation = next(each for each in operations(document) if each.sends)
    path = tmp_path / "target.toml"
    path.write_text(f"{HERE}[media]\ngif = 'https://a.example/a.gif'")
    with pytest.raises(TargetError, match=r"media\.gif: Must be one of .*image"):
        Knowledge(operation, read_target(path, None))


@pytest.mark.parametrize(
    "text",
    [
        'api_key_env = "AAAAAAA-BBBBBBB"',
        'base_url = "http://127.0.0.1/?api-key=AAAAAAA-BBBBBBB"',
        'base_url = "http://user:AAAAAAA@127.0.0.1/"',
        'base_url = "http://AAAAAAA@[::1"',
    ],
)
def test_a_key_in_the_wrong_place_is_not_repeated(tmp_path: Path, text: str) -> None:
    path = tmp_path / "target.toml"
    path.write_text(text)
    with pytest.raises(TargetError) as refused:
        read_target(path, None)
    assert "AAAAAAA" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://[::1]:8080", True),
        ("http://localhost", True),
        ("http://localhost.example.com", False),
        ("http://10.0.0.1", False),
        ("http://0.0.0.0", False),
        ("http://127.0.0.1.example.com", False),
    ],
)
def test_only_this_machine_is_local(tmp_path: Path, url: str, *, local: bool) -> None:
    path = tmp_path / "target.toml"
    path.write_text(f'base_url = "{url}"\ncontact = "string"')
    if local:
        assert read_target(path, None).base_url == url
    else:
        with pytest.raises(TargetError):
            read_target(path, None)


def test_what_a_file_says_of_one_url_is_not_said_of_another(tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    path.write_text(f"nobody_is_reached = true\n{ELSEWHERE}")
    assert read_target(path, None).nobody_is_reached
    assert read_target(path, None, "https://a.example").nobody_is_reached
    assert not read_target(path, None, "http://127.0.0.1:9").nobody_is_reached
    with pytest.raises(TargetError, match="nobody_is_reached"):
        read_target(path, None, "https://a.example:444")


MEDIA = "\n[media]\nimage = 'https://a.example/a.png'\n[limits]\ntext = 5\n"


def test_known_media_are_sent_and_others_may_be_refused(tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    path.write_text(STAND_IN.read_text() + MEDIA)
    knowledge = Knowledge(OPERATION, read_target(path, None))
    urls = {
        content["mediaType"]: content["mediaUrl"] for content in Messages(knowledge).contents if "mediaUrl" in content
    }
    assert "https://a.example/a.png" == urls.pop("image")
    assert "https://a.example/a.png" not in urls.values()
    image = {"channelId": knowledge.target.things["channels", "fb"], "mediaType": "image"}
    assert {200} == knowledge.expected(image | {"mediaUrl": "https://a.example/a.png"})
    assert {200, 400} == knowledge.expected(image | {"mediaUrl": "https://b.example/b.png"})


def test_a_text_beyond_a_known_limit_may_be_refused(tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    path.write_text(STAND_IN.read_text() + MEDIA)
    knowledge = Knowledge(OPERATION, read_target(path, None))
    channel = {"channelId": knowledge.target.things["channels", "fb"]}
    assert {200} == knowledge.expected(channel | {"text": "x" * 5})
    assert {200, 400} == knowledge.expected(channel | {"text": "x" * 6})


def test_a_new_target_file_explains_every_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With all its comments in effect it is a target file, and it never overwrites one."""
    path = tmp_path / "new.toml"
    assert 0 == main(["--new", str(path)])
    text = path.read_text()
    schema = read(Path(str(target.__file__)).with_name("target.schema.yaml")).value
    keys = {*lookup(schema, "/Target/properties"), *lookup(schema, "/Target/properties/safety/properties")}
    assert keys <= set(re.findall(r"^[# \[]*(\w+)", text, re.M))
    path.write_text(re.sub(r"^# (?=\[|\w+ = )", "", text, flags=re.M))
    written = Knowledge(OPERATION, read_target(path, None)).target
    assert ("the documented error", 1000) == (written.accepted[0].rule, written.safety and written.safety.max_requests)
    assert 4 == main(["--new", str(path)])
    assert f"{path}: cannot be written: File exists" in capsys.readouterr().err


def test_what_a_target_file_would_test_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "target.toml"
    path.write_text(HERE + '[channels]\nfb = "656b0e1f8e5a2c001f3a9d15"\n')
    assert 0 == main([str(path)])
    printed = capsys.readouterr().out
    assert "would be tested: " in printed
    assert re.search(r"not tested, or not in full: .*: .*names no", printed)
    assert "nothing was sent" in printed
    path.write_text("nonsense")
    assert 4 == main([str(path)])
    assert "not TOML" in capsys.readouterr().err


def test_operations_that_a_guard_does_not_let_through_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A GET beside the endpoint would be tested on a stand-in, and is not behind a guard."""
    path = tmp_path / "guarded.toml"
    path.write_text(STAND_IN.read_text(encoding="utf-8") + "[safety]\nmax_messages = 3\nrate = 199\n")
    line = "not tested: GET /status: the guard lets through requests to the named contact only"
    assert (0, False) == (main([str(path)]), line in capsys.readouterr().out)
    monkeypatch.setattr(run, "OTHERS", operations({"paths": {"/status": {"get": {}}}}))
    assert (0, True) == (main([str(path)]), line in capsys.readouterr().out)
    assert (0, False) == (main([str(STAND_IN)]), line in capsys.readouterr().out)
