"""Defects of this document and its overlays with the finding of each, and valid edits that have none."""

from __future__ import annotations

from typing import TypeAlias

from ventia_document import DOCUMENT
from ventia_document.source import read

Edit: TypeAlias = tuple[str, str]
"""A text, and the replacement of the first one in a file; its sign § marks the place of the finding, and is removed."""

VERSION = f"  version: {read(DOCUMENT).value['info']['version']}\n"
TEXT = "        text:\n          description: The message in plain text.\n"
POST = "    post:\n      summary: Send a message to a contact\n"
PARAMETER = "      parameters:\n        - $ref: '#/components/parameters/ContactId'\n"
COMPONENTS = "components:\n  securitySchemes:\n"
SCHEMAS = "\n  schemas:\n"


def in_text(keyword: str) -> Edit:
    return TEXT, f"{TEXT}          {keyword}\n"


def another(path: str, **changes: str) -> Edit:
    """One path more, with an operation."""
    fields = {"get": "get", "summary": "summary", "id": "other", "tag": "Interactions", "status": "'200'", "more": ""}
    operation = (
        "  {path}:\n    {get}:\n      {summary}: Another\n      description: It does something else.\n"
        "      operationId: {id}\n      tags: [{tag}]\n{more}      responses:\n        {status}:\n"
        "          $ref: '#/components/responses/MessageSent'\n"
    )
    return COMPONENTS, operation.format(path=path, **fields | changes) + COMPONENTS


def schema(*lines: str) -> Edit:
    """One schema more."""
    return SCHEMAS, f"{SCHEMAS}    More:\n" + "".join(f"      {line}\n" for line in lines)


def server(*lines: str) -> Edit:
    """One server more."""
    first = "    description: Production\n"
    return first, f"{first}  - description: Another.\n" + "".join(f"    {line}\n" for line in lines)


def in_the_answer(line: str) -> Edit:
    first = "    MessageSent:\n      description: The message was sent."
    return first, first.replace("      desc", f"      {line}\n      desc")


UNUSED = "nothing that a path leads to uses it; refer to it, or leave it out"

IN_THE_DOCUMENT: dict[str, tuple[str, *tuple[Edit, ...]]] = {
    "a structure without what is required": (
        '/info: "title" is a required property',
        ("info:\n  title: Ventia\n  version", "info:\n  §version"),
    ),
    "a structure of a wrong type": (
        '/tags: "Interactions" is not of type "array"',
        ("tags: [Interactions]", "tags: §Interactions"),
    ),
    "a regular expression that is none": (
        '"^[0-9a-fA-F{24}$" is not a "regex"',
        ("pattern: ^[0-9a-fA-F]{24}$", "pattern: §^[0-9a-fA-F{24}$"),
    ),
    "a bound as in OpenAPI 3.0": ('true is not of type "number"', in_text("exclusiveMinimum: §true")),
    "a reference to nothing": (
        "$ref: '#/components/responses/InvalidKey' leads nowhere; write '#/components/responses/InvalidApiKey'",
        ("$ref: '#/components/responses/InvalidApiKey'", "§$ref: '#/components/responses/InvalidKey'"),
    ),
    "an unknown security scheme": (
        "'Apikey' is no security scheme of the components; use [",
        ("security:\n  - ApiKey: []", "security:\n  - §Apikey: []"),
    ),
    "an invalid example of a request": (
        "/examples/sessionNotOnline/value: medium: Must be one of unofficial_wpp, whatsapp_business",
        (
            "userId: 64f1c2a97b3e4d0012ab34ce\n                  medium: unofficial_wpp",
            "§userId: 64f1c2a97b3e4d0012ab34ce\n                  medium: wpp",
        ),
    ),
    "an invalid example of a field": (
        "the value: Must be of type string",
        ("examples: [order_confirmation]", "examples: [§1]"),
    ),
    "an example with a field that nobody knows": (
        'no schema names the field "replyTo"; describe it among the properties',
        ("                  replyMessage: wamid", "                  replyTo: §wamid"),
    ),
    "an example with a field in an item that nobody knows": (
        'no schema names the field "nmae"; write "name", or describe it',
        (
            "        localId:\n",
            "        lines:\n          description: Lines.\n          type: array\n          items:\n"
            "            type: object\n            properties:\n              name:\n"
            "                description: A name.\n                type: string\n"
            "          examples: [[{name: a}, {nmae: §a}]]\n        localId:\n",
        ),
    ),
    "an example with a field in an item of a tuple in a map that nobody knows": (
        'no schema names the field "nmae"; write "name", or describe it',
        (
            TEXT,
            "        extra:\n          description: It.\n          examples: [{a: [{nmae: §x}]}]\n          "
            "additionalProperties: {prefixItems: [{properties: {name: {description: It.}}}]}\n" + TEXT,
        ),
    ),
    "an unused schema": (f"/components/schemas/More: {UNUSED}", schema("§description: More.")),
    "a schema that only itself uses": (
        f"/components/schemas/More: {UNUSED}",
        schema("§description: More.", "not: {$ref: '#/components/schemas/More'}"),
    ),
    "an unused response": (
        f"/components/responses/Gone: {UNUSED}",
        ("\n  responses:\n", "\n  responses:\n    Gone:\n      §description: It went.\n"),
    ),
    "an unused security scheme": (
        f"/components/securitySchemes/Other: {UNUSED}",
        (
            "  securitySchemes:\n",
            "  securitySchemes:\n    Other: §{type: apiKey, in: query, name: k, description: Other.}\n",
        ),
    ),
    "a regular expression that Python cannot read": (
        "is no escape that all engines know; write the character, or a class such as [a-z]",
        ("pattern: ^[0-9a-fA-F]{24}$", "pattern: §^\\p{Hex_Digit}{24}$"),
    ),
    "a regular expression of names that Python cannot read": (
        "Python cannot read it: look-behind requires fixed-width pattern",
        ("required: [success, error]", "required: [success, error]\n      patternProperties: {'(?<=a|bc)d': §{}}"),
    ),
    "a default of a wrong type": ("the value: Must be of type string", in_text("default: §1")),
    "a default that is not in the enum": (
        "the value: Must be one of image, audio, video, file",
        ("enum: [image, audio, video, file]", "enum: [image, audio, video, file]\n      default: §picture"),
    ),
    "a default beside a constant": (
        "the value: Must be false",
        ("description: Always false.\n", "description: Always false.\n          default: §true\n"),
    ),
    "a value of an enum of a wrong type": (
        "/enum/2: 3 can never be the value: Must be of type string; mend one of the two",
        ("enum: [unofficial_wpp, whatsapp_business]", "enum: [unofficial_wpp, whatsapp_business, §3]"),
    ),
    "a constant of a wrong type": (
        "false can never be the value: Must be of type string; mend one of the two",
        ("          const: false\n", "          type: string\n          const: §false\n"),
    ),
    "bounds that cross": (
        "no value is within minLength 99 and maxLength 9; mend one",
        in_text("minLength: §99\n          maxLength: 9"),
    ),
    "a keyword of another type": (
        'maximum is for the type number only, and this is "string"; leave one out',
        in_text("maximum: §5"),
    ),
    "a misspelt keyword": (
        '"patern" is no keyword, and has no effect; write pattern',
        ("pattern: ^[0-9a-fA-F]{24}$", "patern: §^[0-9a-fA-F]{24}$"),
    ),
    "a keyword of OpenAPI 3.0": (
        '"nullable" is no keyword, and has no effect; write "null" among the schema\'s types',
        in_text("nullable: §true"),
    ),
    "a required name without a property": (
        '"eror" is required, but no property has the name; write "error", or describe it',
        ("required: [success, error]", "required: [success, §eror]"),
    ),
    "a required name without a property, in a rule": (
        '"mediaURL" is required, but no property has the name; write "mediaUrl", or describe it',
        ("- required: [mediaType, mediaUrl]", "- required: [mediaType, §mediaURL]"),
    ),
    "a name that another needs, without a property": (
        '"media" is required, but no property has the name',
        ("userId: [medium]", "userId: [§media]"),
    ),
    "no description of the document": (
        "/info: has no description; say what a reader must know of it",
        ("info:\n  title", "info:\n  §title"),
        ("  description: |\n    The one source", "  x-description: |\n    The one source"),
    ),
    "no description of a server": (
        "/servers/0: has no description",
        ("- url: https://api.getventia.com/api/v1.0\n    description: Production", "- §url: https://api.getventia.com"),
    ),
    "no description of a tag": (
        ": has no description",
        ("- name: Interactions\n    description: What is", "- §name: Interactions\n    x-description: What is"),
    ),
    "no description of an operation": (
        "/post: has no description",
        (POST, POST.replace("summary", "§summary")),
        ("      description: |\n        Delivers", "      x-description: |\n        Delivers"),
    ),
    "no description of a parameter": (
        "/components/parameters/ContactId: has no description",
        ("      name: idcontact", "      §name: idcontact"),
        ("      description: The contact who", "      x-description: The contact who"),
    ),
    "no description of a field": (
        "/components/schemas/Message/properties/text: has no description; say what a caller must know of the field",
        (TEXT, "        text:\n          §x-rule: Must be nice\n"),
    ),
    "an empty description of a response": (
        "/components/responses/MessageSent: has no description",
        ("      description: The message was sent.", "      §description: ' '"),
    ),
    "no description of a security scheme": (
        "/components/securitySchemes/ApiKey: has no description",
        ("      type: apiKey", "      §type: apiKey"),
        ("      description: The key of", "      x-description: The key of"),
    ),
    "one id of two operations": (
        "Operation ID 'createMessage' for 'get' in '/else' is not unique (openapi-spec-validator)",
        another("/else", id="createMessage", summary="§summary"),
    ),
    "an operation without a success": (
        "/~1else/get/responses: no response of 2xx; say what a success is answered with",
        another("/else", status="§'500'"),
    ),
    "an undeclared tag": (
        "'Others' is not among the document's tags, [",
        another("/else", tag="§Others"),
    ),
    "a tag that no operation has": (
        "no operation has the tag 'Unused'; leave it out, or mend the name",
        ("tags:\n  - name", "tags:\n  - §name: Unused\n    description: Who they are.\n  - name"),
    ),
    "a tag that is declared twice": (
        "Duplicate tag name 'Interactions' (openapi-spec-validator)",
        ("tags:\n  - name", "tags:\n  §- name"),
        ("x-rate-limit:\n  requests", "  - name: Interactions\n    description: Again.\nx-rate-limit:\n  requests"),
    ),
    "a path variable without a parameter": (
        "no parameter describes {idelse} of the path; add one with in: path",
        another("/else/{idelse}", summary="§summary"),
    ),
    "a path parameter without a variable": (
        "/else has no variable 'idcontact'; write {idcontact} there, or leave this out",
        another("/else", more=PARAMETER.replace("$", "§$")),
    ),
    "a path variable that stands twice": (
        "{idcontact} stands twice in the path; give each place a name of its own",
        ("/contact/{idcontact}/message:\n    ", "/contact/{idcontact}/message/{idcontact}:\n    §"),
    ),
    "a path without an operation": (
        "/paths/~1else: has no operation; add one, or leave the path out",
        (COMPONENTS, "  /else: §{}\n" + COMPONENTS),
    ),
    "a first server that the client cannot call": (
        "and with a default for each variable; it is 'https://api.getventia.com/api/v1.0/'",
        ("url: https://api.getventia.com/api/v1.0\n", "url: §https://api.getventia.com/api/v1.0/\n"),
    ),
    "a version that no package can bear": (
        "/info/version: Must be three numbers, such as 0.2.0",
        (VERSION, "  version: §1.0.0-rc.1\n"),
    ),
    "a rate limit that is no number": (
        "/x-rate-limit/requests: Must be of type integer",
        ("  requests: 200\n", "  requests: §many\n"),
    ),
    "a reference to a part of another kind": (
        "$ref: '/components/schemas/Problem' is a schema; name a response",
        ("$ref: '#/components/responses/InvalidApiKey'", "§$ref: '#/components/schemas/Problem'"),
    ),
    "a parameter that is a schema": (
        "$ref: '/components/schemas/ObjectId' is a schema; name a parameter",
        (PARAMETER, "      parameters:\n        - §$ref: '#/components/schemas/ObjectId'\n"),
    ),
    "a field that is no schema": (
        "$ref: '/info' is something else; name a schema",
        (TEXT, "        it: §{$ref: '#/info', description: It.}\n" + TEXT),
    ),
    "a key that is none": (
        "/tagz: 'tagz' is no key of this object; write tags, or leave it out",
        ("x-rate-limit:\n  requests", "tagz: §[]\nx-rate-limit:\n  requests"),
    ),
    "a type that is none": (
        '"strng" is no type; write string',
        ("          const: false\n", "          type: §strng\n          const: false\n"),
    ),
    "a brace that is left open": (
        "'{' must not be in a path; write variables as {name}, a query as parameters",
        another("/else/{x", get="§get"),
    ),
    "a query in a path": ("'?' must not be in a path", another("/else?x=1", get="§get")),
    "a link to an operation of no such id": (
        "'nope' is the operationId of no operation; use one of [",
        in_the_answer("links: {next: {operationId: §nope}}"),
    ),
    "a link to no operation": (
        "'#/paths/~1nope/get' leads to no operation of this document",
        in_the_answer("links: {next: {operationRef: §'#/paths/~1nope/get'}}"),
    ),
    "an example beside examples": (
        "stands beside examples, which exclude it; make it one of them",
        (
            "      name: idcontact",
            "      example: §string\n      name: idcontact",
        ),
    ),
    "a field of requests and of answers alone": (
        "is in no request and no response, since it is readOnly too; keep one of the two",
        in_text("readOnly: true\n          writeOnly: §true"),
    ),
    "a discriminator that leads to no schema": (
        "'Nope' is no variant of this schema; name one of",
        in_text("discriminator: {propertyName: kind, mapping: {a: §Nope}}"),
    ),
    "a parameter that stands twice": (
        "'idcontact' in path stands twice in one list; keep one",
        (
            PARAMETER,
            PARAMETER
            + "        - §{name: idcontact, in: path, required: true, description: Again., schema: {type: string}}\n",
        ),
    ),
}
"""Words of the only finding, and the edits of the document that cause it, by name."""


BY_REDOCLY: dict[str, tuple[str, *tuple[Edit, ...]]] = {
    "an enum that repeats a value": (
        "no-duplicated-enum-values",
        ("enum: [unofficial_wpp, whatsapp_business]", "enum: [unofficial_wpp, whatsapp_business, §unofficial_wpp]"),
    ),
    "an operation without a summary": (
        "operation-summary",
        (POST, "    post:\n      §x-summary: None\n"),
    ),
    "an operation without an id": (
        "operation-operationId",
        (POST, POST.replace("summary", "§summary")),
        ("      operationId: createMessage\n", ""),
    ),
    "two paths for one request": (
        "no-ambiguous-paths",
        another("/{idcontact}/new/message", more=PARAMETER, get="§get"),
    ),
    "a server that ends in a slash": (
        "no-server-trailing-slash",
        server("url: §https://api.getventia.com/api/v1.0/"),
    ),
    "a server's variable that its URL has not": (
        "no-undefined-server-variable",
        server("url: https://b.getventia.com", "variables: {host: §{default: a, description: Which.}}"),
    ),
    "a server's variable that nothing describes": (
        "no-undefined-server-variable",
        server("url: §https://{host}.getventia.com"),
    ),
}
"""The rule of redocly, and the edits of the document that break it, by name."""


VALID: dict[str, tuple[Edit, ...]] = {
    "a server with variables": (
        server("url: https://{host}.example.com/v1", "variables: {host: {default: a, description: Which of them.}}"),
    ),
    "numbers that floating point divides badly": (
        (TEXT, "        price: {type: number, multipleOf: 0.01, default: 4.35, description: It.}\n" + TEXT),
    ),
    "types in a list": (
        (TEXT, "        it: {type: [string, 'null'], minLength: 1, examples: [null], description: It.}\n" + TEXT),
    ),
    "a value or null": ((TEXT, "        it: {anyOf: [{type: string}, {type: 'null'}], description: It.}\n" + TEXT),),
    "a tuple": (
        (TEXT, "        it: {type: array, prefixItems: [{const: 1}], items: false, description: It.}\n" + TEXT),
    ),
    "an example of the components in a schema's examples": (
        (TEXT, "        it: {description: It., examples: [{$ref: '#/components/examples/It'}]}\n" + TEXT),
        (COMPONENTS, "components:\n  examples: {It: {value: 1}}\n  securitySchemes:\n"),
    ),
    "a link": (in_the_answer("links: {next: {operationId: createMessage}}"),),
    "a tree": (
        (TEXT, "        tree: {$ref: '#/components/schemas/More'}\n" + TEXT),
        schema("description: A tree.", "properties: {below: {$ref: '#/components/schemas/More'}}"),
    ),
    "a discriminator": (
        (TEXT, "        it: {$ref: '#/components/schemas/More', description: It.}\n" + TEXT),
        schema(
            *(
                "description: One of two.",
                "required: [kind]",
                "properties: {kind: {type: string, description: Which.}}",
            ),
            "discriminator: {propertyName: kind, mapping: {a: More, b: '#/components/schemas/More'}}",
        ),
    ),
}


LAST_OF_CONTRACT = "        $ref: '#/components/responses/InvalidApiKey'\n"


def action(*lines: str) -> Edit:
    """One action more in the overlay for the contract tests."""
    more = "".join(f"    {line}\n" for line in ("description: One more.", *lines))
    return LAST_OF_CONTRACT, LAST_OF_CONTRACT + "  - " + more.lstrip()


IN_AN_OVERLAY: dict[str, tuple[str, str, *tuple[Edit, ...]]] = {
    "a misspelt keyword": (
        "client",
        '/components/schemas/ChannelMessage/requird: "requird" is no keyword, and has no effect; write required',
        ("      required: [channelId]", "      requird: §[channelId]"),
    ),
    "a required name without a property": (
        "client",
        '"medum" is required, but no property has the name; write "medium", or describe it',
        ("required: [userId, medium]", "required: [userId, §medum]"),
    ),
    "a structure of a wrong type": (
        "client",
        '/components/schemas/Message/description: 7 is not of type "string"',
        ("        description: What to send, and through which sender.", "        description: §7"),
    ),
    "a reference to nothing": (
        "client",
        "$ref: '#/components/schemas/Channel' leads nowhere",
        ("- $ref: '#/components/schemas/ChannelMessage'", "- §$ref: '#/components/schemas/Channel'"),
    ),
    "a default of a wrong type": (
        "client",
        "/components/schemas/MessageSent/properties/success/default: the value: Must be true",
        ("default: true", "default: §'yes'"),
    ),
    "a component that an action leaves unused": (
        "client",
        f"/components/schemas/ObjectId: {UNUSED}",
        (
            "- target: $..[?@['$ref'] == '#/components/schemas/ObjectId']['$ref']",
            "- target: §$..[?@['$ref'] == '#/components/schemas/ObjectId']['$ref']",
        ),
        ("- target: $.components.schemas.ObjectId\n", "- target: $.components.schemas.ObjectId['x-rule']\n"),
        (
            "- target: $.components.schemas.ObjectId['description', 'examples']",
            "- target: $.components.schemas.ObjectId['examples']",
        ),
    ),
    "a copy of what does not belong there": (
        "contract",
        "/components/responses/ContactId/in: 'in' is no key of this object",
        action("target: $.components.responses", "copy: §$.components.parameters"),
    ),
    "an item of a list": (
        "contract",
        "/servers/2: has no description",
        action(
            "target: $.servers",
            "update:",
            "  - {url: 'https://a.example.com', description: A.}",
            "  - §{url: 'https://b.example.com'}",
        ),
    ),
    "a list's one more item": (
        "contract",
        "no operation has the tag 'Unused'",
        action("target: $.tags", "update: §{name: Unused, description: Who they are.}"),
    ),
    "no description of an action": (
        "client",
        "/actions/18: has no description; say in an imperative what the action is for",
        (
            "- target: $..properties[?@.const == false]\n    description: Default",
            "- §target: $..properties[?@.const == false]\n    x-description: Default",
        ),
    ),
    "a target that selects nothing": (
        "client",
        'action 19 (target "$..properties[?@.const == 0]") selects nothing; mend the target',
        ("target: $..properties[?@.const == false]\n", "target: §$..properties[?@.const == 0]\n"),
    ),
}
"""The overlay, words of the only finding, and the edits of the overlay that cause it, by name."""
