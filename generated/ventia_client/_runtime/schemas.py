"""The rules of the document for what is sent and answered, as its JSON Schemas state them."""

from typing import Any

SCHEMAS: dict[str, Any] = {
    "/components/schemas/DetailedProblem": {
        "allOf": [{"$ref": "/components/schemas/Problem"}, {"required": ["details"]}]
    },
    "/components/schemas/Problem": {
        "type": "object",
        "required": ["success", "error"],
        "properties": {
            "success": {"const": False},
            "error": {"type": "string", "examples": ["Invalid API KEY Group"]},
            "details": {"type": "string", "examples": ["channelId: Must be a valid ObjectId"]},
        },
    },
    "/components/schemas/Message": {
        "type": "object",
        "properties": {
            "channelId": {"$ref": "/components/schemas/ObjectId", "examples": ["656b0e1f8e5a2c001f3a9d12"]},
            "userId": {"$ref": "/components/schemas/ObjectId", "examples": ["64f1c2a97b3e4d0012ab34cd"]},
            "medium": {"$ref": "/components/schemas/Medium"},
            "userIntegrationId": {"$ref": "/components/schemas/ObjectId", "examples": ["65a0d4e2c9f8b7001e6f5a43"]},
            "text": {"type": "string", "examples": ["Hi! Just following up on your inquiry."]},
            "mediaType": {"$ref": "/components/schemas/MediaType"},
            "mediaUrl": {"type": "string", "format": "uri", "examples": ["https://files.example.com/quotes/1042.pdf"]},
            "mimetype": {"type": "string", "examples": ["application/pdf"]},
            "fileName": {"type": "string", "examples": ["quote-1042.pdf"]},
            "caption": {"type": "string", "examples": ["The quote you asked for."]},
            "template": {"type": "string", "examples": ["order_confirmation"]},
            "replyMessage": {"type": "string", "examples": ["wamid.HBgLNTUxMTk4NzY1NDMyMQ"]},
            "localId": {"type": "string", "examples": ["draft-7"]},
        },
        "allOf": [
            {
                "x-rule": "Must have exactly one of channelId, userId and userIntegrationId",
                "oneOf": [{"required": ["channelId"]}, {"required": ["userId"]}, {"required": ["userIntegrationId"]}],
            },
            {"x-rule": "Must be given with userId", "dependentRequired": {"userId": ["medium"]}},
            {
                "x-rule": "Must have text, mediaType with mediaUrl, or template",
                "anyOf": [{"required": ["text"]}, {"required": ["mediaType", "mediaUrl"]}, {"required": ["template"]}],
            },
            {"x-rule": "Must be given with mediaType", "dependentRequired": {"mediaType": ["mediaUrl"]}},
            {
                "x-rule": "Must not be given with template",
                "dependentSchemas": {"template": {"properties": {"mediaType": False, "mediaUrl": False}}},
            },
            {
                "x-rule": "Must not be unofficial_wpp when template is given",
                "dependentSchemas": {"template": {"properties": {"medium": {"not": {"const": "unofficial_wpp"}}}}},
            },
        ],
    },
    "/components/schemas/ObjectId": {
        "type": "string",
        "pattern": "^[0-9a-fA-F]{24}$",
        "examples": ["66f1a2b33c4d5e0067f8a9b0"],
        "x-rule": "Must be a valid ObjectId",
    },
    "/components/schemas/Medium": {"type": "string", "enum": ["unofficial_wpp", "whatsapp_business"]},
    "/components/schemas/MediaType": {"type": "string", "enum": ["image", "audio", "video", "file"]},
    "/components/schemas/MessageQueued": {
        "type": "object",
        "required": ["success", "queued"],
        "properties": {"success": {"const": True}, "queued": {"const": True}},
    },
    "/components/schemas/MessageSent": {
        "type": "object",
        "required": ["success", "interactionId"],
        "properties": {
            "success": {"const": True},
            "interactionId": {"$ref": "/components/schemas/ObjectId", "examples": ["66f3a9b11c4d8e0023b7c9a1"]},
        },
    },
}
"""Schemas by their JSON pointers in the document; each `$ref` is such a pointer."""

PATTERNS: dict[str, str] = {"^[0-9a-fA-F]{24}$": "^(?:[0-9a-fA-F]){24}\\Z"}
"""The patterns of the schemas, each with the one that Python reads in the same way."""

WORDS = {
    "additionalProperties": "Must not have the fields {}",
    "const": "Must be {}",
    "contains": "Must have the right number of certain items",
    "enum": "Must be one of {}",
    "exclusiveMaximum": "Must be less than {}",
    "exclusiveMinimum": "Must be more than {}",
    "falseSchema": "Must not be given",
    "format": "Must be a valid {}",
    "maxItems": "Must have at most {} items",
    "maxLength": "Must have at most {} characters",
    "maxProperties": "Must have at most {} fields",
    "maximum": "Must be at most {}",
    "minItems": "Must have at least {} items",
    "minLength": "Must have at least {} characters",
    "minProperties": "Must have at least {} fields",
    "minimum": "Must be at least {}",
    "multipleOf": "Must be a multiple of {}",
    "pattern": "Must match {}",
    "propertyNames": "Must have no fields of other names",
    "required": "Must be given",
    "type": "Must be of type {}",
    "unevaluatedProperties": "Must not have the fields {}",
    "uniqueItems": "Must not have an item twice",
}
"""What a keyword demands, in words, with `{}` for what stands beside it."""
