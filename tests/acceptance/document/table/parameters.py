"""Parameters: in every place, style and shape, as RFC 6570 and OpenAPI's own table of examples write them."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.acceptance.document.rows import DONE, Followed, Refused, operation

_ARRAY = "{type: array, items: {type: string}}"
_OBJECT = "{type: object, properties: {R: {type: integer}, G: {type: integer}, B: {type: integer}}}"
_COLORS, _RGB = ["blue", "black", "brown"], {"R": 100, "G": 200, "B": 150}


def _it(place: str, written: str, schema: str) -> str:
    required = ", required: true" if place == "path" else ""
    return f"parameters: [{{name: color, in: {place}{required}{written}, schema: {schema}}}], {DONE}"


def _given(value: object, operation_id: str = "") -> Callable[[Any], dict[str, Any]]:
    def arguments(package: Any) -> dict[str, Any]:
        made = value
        if isinstance(value, dict):
            name = operation_id[0].upper() + operation_id[1:] + "Color"
            made = getattr(package.models, name).from_dict(value)
        return {"color": made}

    return arguments


def _style(place: str, style: str, *values: tuple[str, object, str]) -> Iterator[Followed]:
    """A row for each shape of values: the shape, a value, and what is sent; a style that ends in `*` is exploded."""
    explode = style.endswith("*")
    for shape, value, sent in values:
        schema = {"array": _ARRAY, "object": _OBJECT}.get(shape, "{type: string}")
        written = f", style: {style.rstrip('*')}, explode: {str(explode).lower()}"
        name = f"{shape} {place} {style.replace('*', ' exploded')}"
        row = Followed(name, _it(place, written, schema), variables="/{color}" if place == "path" else "")
        in_path = "/" if place == "path" else "?"
        yield Followed(
            name,
            row.operation,
            variables=row.variables,
            arguments=_given(value, row.operation_id),
            sent="" if place == "header" else in_path + sent,
            headers={"color": sent} if place == "header" else {},
        )


_EMPTY, _TEXT, _LIST = ("empty", "", ""), ("text", "blue", "blue"), ("array", _COLORS, "blue,black,brown")
_WHOLE, _PARTS = "R,100,G,200,B,150", "R=100,G=200,B=150"

_RIGHT = [
    *_style(
        "path",
        "matrix",
        ("empty", "", ";color"),
        ("text", "blue", ";color=blue"),
        ("array", _COLORS, ";color=blue,black,brown"),
        ("object", _RGB, f";color={_WHOLE}"),
    ),
    *_style(
        "path",
        "matrix*",
        ("empty", "", ";color"),
        ("text", "blue", ";color=blue"),
        ("array", _COLORS, ";color=blue;color=black;color=brown"),
        ("object", _RGB, ";R=100;G=200;B=150"),
    ),
    *_style(
        "path",
        "label",
        ("text", "blue", ".blue"),
        ("array", _COLORS, ".blue,black,brown"),
        ("object", _RGB, f".{_WHOLE}"),
    ),
    *_style(
        "path",
        "label*",
        ("text", "blue", ".blue"),
        ("array", _COLORS, ".blue.black.brown"),
        ("object", _RGB, ".R=100.G=200.B=150"),
    ),
    *_style("path", "simple", _TEXT, _LIST, ("object", _RGB, _WHOLE)),
    *_style("path", "simple*", _TEXT, _LIST, ("object", _RGB, _PARTS)),
    *_style("header", "simple", _TEXT, _LIST, ("object", _RGB, _WHOLE)),
    *_style("header", "simple*", _TEXT, _LIST, ("object", _RGB, _PARTS)),
    *_style(
        "query",
        "form",
        ("empty", "", "color="),
        ("text", "blue", "color=blue"),
        ("array", _COLORS, "color=blue,black,brown"),
        ("object", _RGB, f"color={_WHOLE}"),
    ),
    *_style(
        "query",
        "form*",
        ("empty", "", "color="),
        ("text", "blue", "color=blue"),
        ("array", _COLORS, "color=blue&color=black&color=brown"),
        ("object", _RGB, "R=100&G=200&B=150"),
    ),
    *_style(
        "query",
        "spaceDelimited",
        ("array", _COLORS, "color=blue%20black%20brown"),
        ("object", _RGB, "color=R%20100%20G%20200%20B%20150"),
    ),
    *_style(
        "query",
        "pipeDelimited",
        ("array", _COLORS, "color=blue%7Cblack%7Cbrown"),
        ("object", _RGB, "color=R%7C100%7CG%7C200%7CB%7C150"),
    ),
    *_style("query", "deepObject*", ("object", _RGB, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150")),
]


def _query(name: str, schema: str, value: object, sent: str, **more: Any) -> Followed:
    return Followed(name, _it("query", "", schema), arguments=_given(value), sent=f"?color={sent}", **more)


_VALUES = [
    _query(
        "a truth",
        "{type: boolean}",
        value=True,
        sent="true",
        refused=("?color=True", "?color=1"),
        invalid=(_given("yes"),),
    ),
    _query(
        "a number with limits",
        "{type: integer, minimum: 1, maximum: 9}",
        5,
        "5",
        refused=("?color=0", "?color=10", "?color=x", "?color=5&color=5"),
        invalid=(_given(0), _given(10), _given("5")),
    ),
    _query("a number that is whole", "{type: number}", 5.0, "5"),
    _query("a number with digits", "{type: number}", 0.5, "0.5", refused=("?color=,5",)),
    _query("reserved characters", "{type: string}", "a b+c&d=e/ü%", "a%20b%2Bc%26d%3De%2F%C3%BC%25"),
    _query(
        "a name of a list",
        "{$ref: '#/components/schemas/Medium'}",
        "whatsapp_business",
        "whatsapp_business",
        refused=("?color=sms",),
        invalid=(_given("sms"),),
    ),
    _query(
        "a text with a form", "{type: string, pattern: ^a+$}", "aa", "aa", refused=("?color=b",), invalid=(_given("b"),)
    ),
    _query(
        "items with commas",
        _ARRAY,
        ["a,b", "c d"],
        "a%2Cb&color=c%20d",
    ),
    _query(
        "a list with limits",
        "{type: array, maxItems: 2, items: {type: integer, minimum: 1}}",
        [1, 2],
        "1&color=2",
        refused=("?color=1&color=2&color=3", "?color=0", "?color=x"),
        invalid=(_given([1, 2, 3]), _given([0]), _given(["x"])),
    ),
    _query(
        "one of a list",
        "{anyOf: [{type: string, maxLength: 2}, {type: array, items: {type: integer}}]}",
        [1, 2],
        "1&color=2",
    ),
    _query(
        "one instead of a list",
        "{anyOf: [{type: string, maxLength: 2}, {type: array, items: {type: integer}}]}",
        "ab",
        "ab",
        refused=("?color=abc",),
        invalid=(_given("abc"),),
    ),
    Followed(
        "an object of texts",
        _it("query", ", style: deepObject", "{type: object, additionalProperties: {type: string}}"),
        arguments=_given({"a b": "c&d", "x": "1"}, "rowAnObjectOfTexts"),
        sent="?color%5Ba%20b%5D=c%26d&color%5Bx%5D=1",
    ),
    Followed(
        "an object of numbers",
        _it("query", ", style: deepObject", "{type: object, additionalProperties: {type: integer}}"),
        arguments=_given({"x": 1}, "rowAnObjectOfNumbers"),
        sent="?color%5Bx%5D=1",
        refused=("?color%5Bx%5D=a",),
    ),
    Followed("a list that is empty", _it("query", "", _ARRAY), arguments=_given([])),
    Followed(
        "a required list that is not empty",
        f"parameters: [{{name: color, in: query, required: true, schema: {_ARRAY}}}], {DONE}",
        arguments=_given(["a"]),
        sent="?color=a",
        refused=("",),
        invalid=(_given([]), _given(None)),
    ),
    Followed(
        "a list whole with commas",
        _it("query", ", explode: false", _ARRAY),
        arguments=_given(["a,b", "c"]),
        sent="?color=a%2Cb,c",
    ),
    Followed(
        "a list in pipes",
        _it("query", ", style: pipeDelimited, explode: false", _ARRAY),
        arguments=_given(["a,b", "c d"]),
        sent="?color=a%2Cb%7Cc%20d",
        invalid=(_given(["a|b"]),),
    ),
    Followed(
        "a list in spaces",
        _it("query", ", style: spaceDelimited, explode: false", _ARRAY),
        arguments=_given(["a|b", "c"]),
        sent="?color=a%7Cb%20c",
        invalid=(_given(["a b"]),),
    ),
    Followed(
        "a list in a header",
        _it("header", "", "{type: array, items: {type: integer}}"),
        arguments=_given([1, 2]),
        headers={"color": "1,2"},
        invalid=(_given(["a,b"]),),
    ),
    Followed(
        "a text of a header",
        _it("header", "", "{type: string}"),
        arguments=_given("a, b"),
        headers={"color": "a, b"},
        invalid=(_given("a\r\nX-Y: 1"), _given("ü"), _given(" a")),
    ),
    Followed(
        "a cookie",
        _it("cookie", "", "{type: integer, minimum: 1}"),
        arguments=_given(5),
        headers={"cookie": "color=5"},
        invalid=(_given(0),),
    ),
    Followed(
        "a cookie of text",
        _it("cookie", "", "{type: string}"),
        arguments=_given("abc-1.2"),
        headers={"cookie": "color=abc-1.2"},
        invalid=(_given("a;b"), _given("a b"), _given("%41"), _given("ü")),
    ),
    Followed("a cookie that is left out", _it("cookie", "", "{type: string}"), headers={"cookie": None}),
    Followed(
        "a segment of a path",
        _it("path", "", "{type: string}"),
        variables="/{color}",
        arguments=_given("a/b c?"),
        sent="/a%2Fb%20c%3F",
        invalid=(_given(""), _given("."), _given(".."), _given(None)),
    ),
    Followed(
        "a number of a path",
        _it("path", "", "{type: integer, minimum: 1}"),
        variables="/{color}",
        arguments=_given(7),
        sent="/7",
        refused=("/0", "/x"),
        invalid=(_given(0), _given("7")),
    ),
    Followed(
        "one name in two places",
        "parameters: [{name: color, in: path, required: true, schema: {type: string, pattern: '^[a-z]+$'}},"
        f" {{name: color, in: query, required: true, schema: {{type: integer}}}}], {DONE}",
        variables="/{color}",
        arguments=lambda _: {"color_path": "blue", "color_query": 7},
        sent="/blue?color=7",
        refused=("/7?color=7", "/blue?color=blue", "/blue"),
        invalid=(lambda _: {"color_path": "7", "color_query": 7},),
    ),
]

FOLLOWED = [*_RIGHT, *_VALUES]


def _line(written: str) -> Callable[[str], str]:
    return operation(f"parameters:\n  - name: color\n    in: query\n{written}\n    schema: {{type: string}}\n{DONE}")


_NAMED = {
    "X-It, in: header}, {name: x-it, in: header": "'x-it' in header stands twice in one list",
    "it, in: query}, {name: it, in: query": "'it' in query stands twice in one list",
    "api-key, in: query": "'api-key' in query is the API key, 'ApiKey'",
    "Accept, in: header": "'accept' is no parameter of a header; the responses say",
    "Authorization, in: header": "'authorization' is no parameter of a header; describe it as a security scheme",
    "Content-Type, in: header": "'content-type' is no parameter of a header; the request body says",
    "Cookie, in: header": "'cookie' is no parameter of a header; describe each cookie",
    "Host, in: header": "'host' belongs to the connection",
    "X It, in: header": "'x it' is no name of a header",
    "it;x, in: cookie": "'it;x' is no name of a cookie",
    "it, in: path, required: true": "/it has no variable 'it'; write {it} there",
}
"""Parameters by what is wrong with their names."""


def _parameters_named(written: str) -> Callable[[str], str]:
    lines = "".join(f"  - {{{each}, schema: {{type: string}}}}\n" for each in written.split("}, {"))
    return operation(f"parameters:\n{lines}{DONE}")


REFUSED = [
    *(
        Refused(f"parameters {each}", _parameters_named(f"name: {each}"), each.split("{")[-1], words)
        for each, words in _NAMED.items()
    ),
    Refused("reserved characters as they are", _line("    allowReserved: true"), "allowReserved", "percent-encoded"),
    Refused("an empty value", _line("    allowEmptyValue: true"), "allowEmptyValue", "leave it out"),
    Refused(
        "a parameter with content",
        operation(
            "parameters:\n  - name: color\n    in: query\n    content: {application/json: {schema: {type: string}}}\n"
            + DONE
        ),
        "content",
        "give it a schema",
    ),
    *(
        Refused(
            f"{name}",
            operation(f"parameters:\n  - name: color\n    in: {place}\n    schema: {schema}\n{style}{DONE}"),
            at,
            words,
        )
        for name, place, schema, style, at, words in (
            ("a list in a cookie", "cookie", _ARRAY, "", "schema: ", "a cookie holds"),
            ("an object in a cookie", "cookie", _OBJECT, "", "schema: ", "a cookie holds"),
            ("a list in brackets", "query", _ARRAY, "    style: deepObject\n", "style: ", "deepObject"),
            ("a text in pipes", "query", "{type: string}", "    style: pipeDelimited\n", "style: ", "pipeDelimited"),
            ("pipes apart", "query", _ARRAY, "    style: pipeDelimited\n    explode: true\n", "explode: ", "explode"),
            ("lists of lists", "query", f"{{type: array, items: {_ARRAY}}}", "", "schema: ", "items that are"),
            (
                "lists in objects",
                "query",
                f"{{type: object, properties: {{a: {_ARRAY}}}}}",
                "    style: deepObject\n",
                "schema: ",
                "fields that are",
            ),
        )
    ),
]
