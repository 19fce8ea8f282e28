from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ventia_document import DOCUMENT, source
from ventia_document.source import DocumentError, Json, dump, lookup, pointer, read

ROOT = Path(__file__).parents[2]

Write = Callable[..., Path]

_NASTY = [
    *[
        "",
        " ",
        "~",
        "null",
        "Null",
        "true",
        "TRUE",
        "on",
        "yes",
        "n",
        "=",
        "<<",
        "-",
        "?",
        "|",
        ">",
        "- a",
        "a: b",
        "a:",
    ],
    *["#", "a #b", "0", "-0", "010", "0o7", "0x1F", "0b1", "1e3", "1.", ".5", "+1", "1_000", "12:30:45", "0o8", "1e"],
    *[".nan", ".inf", "-.INF", "2026-01-01", "2026-01-01T00:00:00Z", "{", "[a]", "&a", "*a", "!a", "%a", "@a", "`a"],
    *["'", '"', "\\", "\t", "\t\na", "a\tb", "\x00", "\x07", "\x7f", "\x85", "a\x85b", "\xa0", "\u2028", "a\u2029b"],
    *[
        "\ufeff",
        "\ufeffa",
        "\ufffe",
        "\U0001f600",
        "\r",
        "a\r\nb",
        "\n",
        "a\n",
        "a\n\n",
        "\na",
        " a\nb ",
        "a \nb",
        "a\n b",
    ],
    *["---", "---\na", "...", "a" * 200, "a b " * 60, "ä\nö\x85", "$ref", "200"],
]
_TEXT = st.sampled_from(_NASTY) | st.text(max_size=12)
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT
JSON = st.recursive(
    _SCALARS, lambda parts: st.lists(parts, max_size=4) | st.dictionaries(_TEXT, parts, max_size=4), max_leaves=12
)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(content: str | bytes, name: str = "document.yaml") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents")


def exactly(value: Json) -> str:
    """A text that is equal for equal values only: it distinguishes true from 1, and 1 from 1.0, and has an order."""
    return json.dumps(value)


def marked(text: str) -> tuple[str, str]:
    """A text without its mark, and the mark's place: `2:5`."""
    before, _, after = text.partition("►")
    return before + after, f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def parts(value: Json, at: str = "") -> Iterator[tuple[str, Json]]:
    """Every part of a JSON value with its pointer."""
    yield at, value
    for key, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from parts(part, at + pointer(key))


def refusal(path: Path) -> str:
    with pytest.raises(DocumentError) as caught:
        read(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[(text, None) for text in ("", "~", "null", "Null", "NULL", "# a comment", "---")],
        *[(text, True) for text in ("true", "True", "TRUE")],
        *[(text, False) for text in ("false", "False", "FALSE")],
        *[("0", 0), ("-0", 0), ("+1", 1), ("010", 10), ("0o7", 7), ("0o10", 8), ("0x1F", 31), ("-12", -12)],
        *[("1e3", 1000.0), ("1.", 1.0), (".5", 0.5), ("-.5E-1", -0.05), ("+1.5", 1.5), ("9" * 400, int("9" * 400))],
        *[(text, text) for text in ("on", "off", "yes", "no", "y", "N", "nULL", "tRUE", "=", "2026-01-01", "12:30:45")],
        *[
            (text, text)
            for text in ("1_000", "0b1", "0o8", "0xg", "-0x1", "-0o7", "e1", "1e", "+", ".", "-.", "0o", "1 2")
        ],
        *[("'1'", "1"), ('"true"', "true"), ("!!str 1", "1"), ("|\n  1", "1"), (">\n  a\n  b", "a b"), ("''", "")],
        *[
            ("[on, 1]", ["on", 1]),
            ("[]", []),
            ("{}", {}),
            ("- \n-", [None, None]),
            ("? a\n? b", {"a": None, "b": None}),
        ],
    ],
    ids=lambda value: repr(value)[:20],
)
def test_scalars_are_read_by_the_core_schema_of_yaml_1_2(write: Write, text: str, value: Json) -> None:
    assert exactly(value) == exactly(read(write(text)).value)


def test_keys_are_strings_whatever_they_look_like(write: Write) -> None:
    path = write("200: a\nnull: b\ntrue: c\n1.0: d\n2026-01-01: e\n'': f\n~: g\n'<<': {h: i}\n")
    assert ["200", "null", "true", "1.0", "2026-01-01", "", "~", "<<"] == list(read(path).value)


def test_a_merge_which_other_readers_would_do_is_refused(write: Write) -> None:
    path = write("a: &a {b: 1}\nc:\n  <<: *a\n")
    assert refusal(path).startswith(f"{path}:3:3: '<<' ")


def test_everything_that_json_has_not_is_refused_at_once(write: Write) -> None:
    """Also of what an alias repeats, once; and of a JSON file."""
    path = write("a: &x {b: 1, b: 2}\nc: *x\nd: !x [!y 1]\n[e]: .nan\nd: 1\n")
    places = [line.removeprefix(f"{path}:").partition(": ")[0] for line in refusal(path).splitlines()]
    assert ["1:14", "3:4", "3:8", "4:1", "5:1"] == places
    path = write('{"a": {"b": 1, "b": 2}, "c": [{"d": 1, "d": 2}]}', "document.json")
    assert ["['b']", "['d']"] == re.findall(r"\[.*?\]", refusal(path))


def test_alias_stands_for_the_value_that_it_names(write: Write) -> None:
    source = read(write("a: &x\n  b: [1, &y 2]\nc: *x\nd: *y\n"))
    assert {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}, "d": 2} == source.value


def test_directive_of_another_yaml_version_changes_nothing(write: Write) -> None:
    assert "on" == read(write("%YAML 1.1\n---\non\n")).value


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a: 1\n►a: 2", "stands twice"),
        ("a:\n  b: 1\n  c: 2\n  ►b: 3", "stands twice"),
        ("200: a\n►'200': b", "stands twice"),
        ("[{a: 1, ►a: 1}]", "stands twice"),
        ("a: ►*x", "undefined alias"),
        ("►&a [*a]", "inside the value that it names"),
        ("a: ►&a\n  b: [*a]", "inside the value that it names"),
        ("►&a\nb: &b\n  c: [1, {d: *a}]", "inside the value that it names"),
        ("a: ►!x 1", "leave the tag out"),
        ("a: ►!x [1]", "leave it out"),
        ("a: ►!x {b: 1}", "leave it out"),
        ("►!!set {a}", "leave it out"),
        ("►!!omap [a: 1]", "leave it out"),
        ("a: ►!!binary aGk=", "leave the tag out"),
        ("a: ►!!timestamp 2026-01-01", "leave the tag out"),
        ("a: ►!!int b", "leave the tag out"),
        ("a: ►!!bool yes", "leave the tag out"),
        ("a: ►!!null b", "leave the tag out"),
        ("a: ►!!float .nan", "not a number"),
        ("a: ►!!float 1_0.0", "leave the tag out"),
        ("a: 1\n►[b]: 2", "a key must be a string"),
        ("? ►{a: 1}\n: 2", "a key must be a string"),
        ("a: 1\n►!x b: 2", "a key must be a string"),
        ("a: 1\n►!!binary b: 2", "a key must be a string"),
        ("a:\n  - ►1e999", "too large a number"),
        ("a: ►-1e999", "too large a number"),
        ("a: ►!!float 1e999", "too large a number"),
        ("a: ►" + "1" * 5000, "too large a number"),
        ("a: ►0x" + "f" * 5000, "too large a number"),
        ("a: ►.nan", "not a number"),
        ("a: ►-.INF", "too large a number"),
        ("a: [1\n►", "not YAML"),
        ("a:\n►\t- b", "not YAML"),
        ("a: b►: c", "not YAML"),
        ("---\na\n►---\nb", "another document"),
        ("- a\n- ►@", "not YAML"),
        ("a: 1\nb: c►\x07", "not YAML"),
        ("a: ►\x00", "not YAML"),
    ],
    ids=lambda text: repr(text)[:36],
)
def test_yaml_that_is_no_json_is_refused_with_its_place(write: Write, text: str, rule: str) -> None:
    content, place = marked(text)
    path = write(content)
    reported = refusal(path)
    assert reported.startswith(f"{path}:{place}: ")
    assert rule in reported


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('{"a": ►', "not JSON"),
        ("►", "not JSON"),
        ('\n\n  {"a" ►1}', "not JSON"),
        ("1 ►2", "not JSON"),
        ('"a►\n"', "not JSON"),
    ],
)
def test_broken_json_is_refused_with_its_place(write: Write, text: str, rule: str) -> None:
    content, place = marked(text)
    path = write(content, "document.json")
    assert refusal(path).startswith(f"{path}:{place}: {rule}")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('{"a": 1, "b": [{"c": 1, "c": 2}]}', "stands twice"),
        ("NaN", "not finite"),
        ("[Infinity]", "not finite"),
        ("-Infinity", "not finite"),
        ("1e999", "not finite"),
        ("1" * 5000, "too long"),
        ("[" * 100_000, "too deep"),
        ('"\\ud800"', "surrogate"),
        ('{"\\udc00": 1}', "surrogate"),
        ("\ufeff1", "not JSON"),
    ],
    ids=lambda text: repr(text)[:36],
)
def test_json_without_an_equivalent_in_yaml_is_refused(write: Write, text: str, rule: str) -> None:
    path = write(text, "document.json")
    reported = refusal(path)
    assert reported.startswith(f"{path}:")
    assert rule in reported


@pytest.mark.parametrize("text", ['a: "\\ud800"', 'a: "\\ud83d\\ude00"', '"\\udc00": a', '? - "\\ud800"\n: a'])
def test_half_of_a_surrogate_pair_in_yaml_is_refused_with_or_without_libyaml(
    write: Write, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    path = write(text)
    for loader in (source._Loader, yaml.SafeLoader):
        monkeypatch.setattr(source, "_Loader", loader)
        assert re.match(rf"{re.escape(str(path))}:1:\d+: not YAML: ", refusal(path))


def test_whole_surrogate_pair_of_json_is_one_character(write: Write) -> None:
    assert "\U0001f600" == read(write('"\\ud83d\\ude00"', "document.json")).value


@pytest.mark.parametrize("name", ["document.yaml", "document.json"])
def test_file_that_is_missing_a_folder_or_not_utf_8_is_refused(write: Write, tmp_path: Path, name: str) -> None:
    missing = tmp_path / f"no-{name}"
    for path in (missing, tmp_path):
        assert refusal(path).startswith(f"{path}: cannot be read: ")
    for content, place in ((b"a: \xff", "1:4"), (b"a: 1\nb: \xc3", "2:4"), ("a: 1".encode("utf-16"), "1:1")):
        path = write(content, name)
        assert refusal(path).startswith(f"{path}:{place}: cannot be read: ")


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", "a")], ids=["[", "{", "-"])
def test_yaml_nested_too_deep_is_refused(write: Write, opening: str, closing: str) -> None:
    path = write(opening * 2000 + closing * 2000)
    reported = refusal(path)
    assert reported.startswith(f"{path}:")
    assert re.search("deep|deeper", reported)


def test_yaml_nested_deeper_than_the_stack_is_refused(write: Write) -> None:
    """In a process of its own, so that a crash of the interpreter is a failure of this test only."""
    path = write("[" * 100_000)
    program = (
        "import sys; from pathlib import Path; from ventia_document.source import *\n"
        "try: read(Path(sys.argv[1]))\n"
        "except DocumentError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program, path], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.startswith(f"{path}:")


SHOP = """\
# A comment first
info:
  title: Shop
  tags: [a,  b]
  deep:
    - - x
      - y: z
a/b~c: {'': 1}
"""


@pytest.mark.parametrize(
    ("at", "place"),
    [
        ("", "2:1"),
        ("/info", "3:3"),
        ("/info/title", "3:10"),
        ("/info/tags", "4:9"),
        ("/info/tags/1", "4:14"),
        ("/info/deep/0/0", "6:9"),
        ("/info/deep/0/1/y", "7:12"),
        ("/a~1b~0c", "8:8"),
        ("/a~1b~0c/", "8:13"),
    ],
)
def test_place_of_a_pointer_is_where_its_value_begins(write: Write, at: str, place: str) -> None:
    path = write(SHOP)
    assert f"{path}:{place}" == read(path).place(at)


@pytest.mark.parametrize(
    ("at", "nearest"),
    [("/info/title/x/y", "/info/title"), ("/info/tags/7", "/info/tags"), ("/infos", ""), ("/info/tag", "/info")],
)
def test_place_of_a_part_that_is_not_there_is_that_of_the_nearest_part_above(
    write: Write, at: str, nearest: str
) -> None:
    source = read(write(SHOP))
    assert source.place(nearest) == source.place(at)


def test_place_is_the_file_where_no_more_is_known(write: Write) -> None:
    path = write('{"a": 1}', "document.json")
    assert str(path) == read(path).place("/a")


def test_the_place_of_an_empty_file_is_its_start(write: Write) -> None:
    path = write("# nothing\n")
    assert f"{path}:1:1" == read(path).place("/a")


def test_every_part_of_a_yaml_file_has_a_place() -> None:
    source = read(DOCUMENT)
    assert [at for at, _ in parts(source.value)] == list(source.places)


@pytest.mark.parametrize(
    ("path", "at"),
    [((), ""), (("a", 0), "/a/0"), (("a/b", "~"), "/a~1b/~0"), (("~1", ""), "/~01/"), (("200",), "/200")],
)
def test_pointer_escapes_as_rfc_6901_says(path: tuple[str | int, ...], at: str) -> None:
    assert at == pointer(*path)


@pytest.mark.parametrize("key", ["a", "", "/", "~", "~0", "~1", "~01", "~~", "a/b~c", "0", "-1", "%7E1", "{id}"])
def test_lookup_reads_what_pointer_writes(key: str) -> None:
    assert "found" == lookup({"before": {key: ["other", "found"]}}, pointer("before", key, 1))


@given(JSON)
@settings(deadline=None)
def test_lookup_finds_every_part_by_its_pointer(value: Json) -> None:
    assert all(part is lookup(value, at) for at, part in parts(value))


@pytest.mark.parametrize(
    "at",
    [
        "/b",
        "/a/2",
        "/a/-1",
        "/a/-",
        "/a/x",
        "/a/",
        "/a/01",
        "/a/\N{ARABIC-INDIC DIGIT ONE}",
        "/s/0",
        "/s/x",
        "/n/x",
        "a",
    ],
)
def test_lookup_of_a_part_that_is_not_there_is_a_lookup_error(at: str) -> None:
    with pytest.raises(LookupError):
        lookup({"a": [1, 2], "s": "text", "n": None}, at)


@pytest.mark.parametrize("as_json", [False, True], ids=["yaml", "json"])
@given(value=JSON)
@settings(deadline=None)
def test_a_dumped_value_reads_back_as_the_same_value(folder: Path, as_json: bool, value: Json) -> None:  # noqa: FBT001 - hypothesis passes by name
    path = folder / f"document.{'json' if as_json else 'yaml'}"
    path.write_bytes(dump(value, as_json=as_json).encode())
    assert exactly(value) == exactly(read(path).value)


@pytest.mark.parametrize("text", _NASTY, ids=ascii)
def test_nasty_text_is_dumped_as_a_text_for_every_reader_of_yaml(write: Write, text: str) -> None:
    """One of YAML 1.1 reads the same text too, as a value and as a key."""
    value = {"value": text, text: [text, {"key": text}]}
    dumped = dump(value)
    assert value == yaml.load(dumped, yaml.SafeLoader) == read(write(dumped)).value


@pytest.mark.parametrize("name", ["copy.yaml", "copy.json"])
def test_document_dumped_reads_back_in_its_order(write: Write, name: str) -> None:
    value = read(DOCUMENT).value
    copy = write(dump(value, as_json=name.endswith("json")), name)
    assert exactly(value) == exactly(read(copy).value)


def test_dumped_yaml_is_for_people_to_read() -> None:
    """Letters are not escaped, several lines are a block, a long text is wrapped, and there are no aliases."""
    shared = ["Größe"]
    text = dump({"b": shared, "a": shared, "text": "one\ntwo\n", "long": "word " * 40 + "end"})
    assert text.startswith("b:\n- Größe\na:\n- Größe\ntext: |\n  one\n  two\nlong: word ")
    assert 2 == len(text.partition("long")[2].splitlines())


def test_dumped_json_is_indented_and_ends_with_a_line_break() -> None:
    assert '{\n  "b": "Größe",\n  "a": [\n    1\n  ]\n}\n' == dump({"b": "Größe", "a": [1]}, as_json=True)
