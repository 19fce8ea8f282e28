"""Values: schemas of all kinds in bodies and answers."""

from tests.acceptance.document.rows import Followed, Refused, answers, body, field_of_message

_IT = "{type: object, required: [it], properties: {it: %s}}"

FOLLOWED = [
    Followed(
        "a field that is a number in steps",
        body("{$ref: '#/components/schemas/Price'}"),
        components="schemas: {Price: " + _IT % "{type: number, multipleOf: 0.01}" + "}",
        method="post",
        arguments=lambda package: {"body": package.models.Price(it=19.99)},
        body=b'{"it":19.99}',
        refused=(b'{"it":19.995}',),
        invalid=(lambda package: {"body": package.models.Price(it=19.995)},),
    ),
    Followed(
        "an answer that is an object",
        answers("{$ref: '#/components/schemas/Found'}", "{it: 5}"),
        components="schemas: {Found: " + _IT % "{type: integer}" + "}",
        status=200,
        returned={"it": 5},
        wrong=(b'{"it": "5"}', b"{}", b"[]"),
    ),
]

REFUSED = [
    Refused("a schema with an id", field_of_message("{type: string, $id: it}"), "$id", "'$id' is not followed"),
]
