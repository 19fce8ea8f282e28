"""The table of the objects of OpenAPI 3.1: the standing of each field, by the kind of object.

A kind is named as in the standard's own schema. Schemas are in `ventia_document.keywords`.
"""

from __future__ import annotations

from ventia_document.keywords import Holds
from ventia_document.support.standing import Entry, annotation, followed, refused

_LIST, _NAMED = Holds.LIST, Holds.NAMED

_PROSE = annotation("summary", "description")
_EXAMPLES = [*followed("example"), *followed("examples", kind="example", holds=_NAMED)]

_OWN_SERVERS = refused("servers", instead="list the servers at the root of the document; the client has one")
_NOT_CALLED = "describe requests to the service under paths; nothing here receives one from it"
_WRITTEN_OUT = "write the path out"

_TABLE: dict[str, list[list[Entry]]] = {
    "document": [
        followed("openapi"),
        followed("info", kind="info"),
        refused("jsonSchemaDialect", instead="leave it out; schemas are read as JSON Schema 2020-12"),
        followed("servers", kind="server", holds=_LIST),
        followed("paths", kind="path-item", holds=_NAMED),
        refused("webhooks", instead=_NOT_CALLED),
        followed("components", kind="components"),
        followed("security"),
        annotation("tags", kind="tag", holds=_LIST),
        annotation("externalDocs", kind="external-documentation"),
    ],
    "info": [
        followed("title", "version"),
        _PROSE,
        annotation("termsOfService"),
        annotation("contact", kind="contact"),
        annotation("license", kind="license"),
    ],
    "contact": [annotation("name", "url", "email")],
    "license": [annotation("name", "identifier", "url")],
    "server": [
        followed("url"),
        annotation("description"),
        followed("variables", kind="server-variable", holds=_NAMED),
    ],
    "server-variable": [followed("default"), annotation("enum", "description")],
    "components": [
        followed("schemas", kind="schema", holds=_NAMED),
        followed("responses", kind="response", holds=_NAMED),
        followed("parameters", kind="parameter", holds=_NAMED),
        followed("examples", kind="example", holds=_NAMED),
        followed("requestBodies", kind="request-body", holds=_NAMED),
        followed("headers", kind="header", holds=_NAMED),
        followed("securitySchemes", kind="security-scheme", holds=_NAMED),
        annotation("links", kind="link", holds=_NAMED),
        refused("callbacks", instead=_NOT_CALLED),
        refused("pathItems", instead=_WRITTEN_OUT),
    ],
    "path-item": [
        refused("$ref", instead=_WRITTEN_OUT),
        _PROSE,
        _OWN_SERVERS,
        followed("parameters", kind="parameter", holds=_LIST),
        followed("get", "put", "post", "delete", "patch", kind="operation"),
        refused("options", "head", "trace", instead="leave it out; HTTP itself says how it is answered"),
    ],
    "operation": [
        followed("tags", "operationId"),
        _PROSE,
        annotation("externalDocs", kind="external-documentation"),
        followed("parameters", kind="parameter", holds=_LIST),
        followed("requestBody", kind="request-body"),
        followed("responses", kind="response", holds=_NAMED),
        refused("callbacks", instead=_NOT_CALLED),
        annotation("deprecated"),
        followed("security"),
        _OWN_SERVERS,
    ],
    "external-documentation": [annotation("description", "url")],
    "parameter": [
        followed("name", "in", "required", "style", "explode"),
        annotation("description", "deprecated"),
        refused("allowEmptyValue", instead="leave it out; a text without minLength may be empty"),
        refused("allowReserved", instead="leave it out; reserved characters are percent-encoded"),
        followed("schema", kind="schema"),
        refused("content", instead="give it a schema with a type"),
        _EXAMPLES,
    ],
    "request-body": [
        annotation("description"),
        followed("content", kind="media-type", holds=_NAMED),
        followed("required"),
    ],
    "media-type": [
        followed("schema", kind="schema"),
        refused("encoding", instead="leave it out; it is for forms only"),
        _EXAMPLES,
    ],
    "encoding": [refused("contentType", "headers", "style", "explode", "allowReserved", instead="leave it out")],
    "response": [
        annotation("description"),
        followed("headers", kind="header", holds=_NAMED),
        followed("content", kind="media-type", holds=_NAMED),
        annotation("links", kind="link", holds=_NAMED),
    ],
    "example": [annotation("summary", "description", "externalValue"), followed("value")],
    "link": [
        annotation("operationRef", "operationId", "parameters", "requestBody", "description"),
        annotation("body", kind="server"),
    ],
    "header": [
        annotation("description", "deprecated"),
        followed("required", "style", "explode"),
        followed("schema", kind="schema"),
        refused("content", instead="give it a schema with a type"),
        _EXAMPLES,
    ],
    "tag": [annotation("name", "description"), annotation("externalDocs", kind="external-documentation")],
    "security-scheme": [
        followed("type", "name", "in", "scheme"),
        annotation("description", "bearerFormat", "openIdConnectUrl"),
        annotation("flows", kind="oauth-flows"),
    ],
    "oauth-flows": [
        annotation("implicit", "password", "clientCredentials", "authorizationCode"),
        annotation("authorizationUrl", "tokenUrl", "refreshUrl", "scopes"),
    ],
}

OBJECTS = {kind: {entry.name: entry for entries in listed for entry in entries} for kind, listed in _TABLE.items()}
"""The entries of the fields of each kind of object, by name."""
