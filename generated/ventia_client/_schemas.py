"""The rules of the document for what is sent and answered, as its JSON Schemas state them."""

from typing import Any

SCHEMAS: dict[str, Any] = {
    "/components/schemas/DetailedProblem": {
        "allOf": [{"$ref": "/components/schemas/Problem"}, {"required": ["details"]}]
    },
    "/components/schemas/Problem": {
        "type": "object",
        "required": ["success", "error"],
        "properties": {"success": {"const": False}, "error": {"type": "string"}, "details": {"type": "string"}},
    },
    "/components/schemas/Message": {
        "type": "object",
        "properties": {
            "channelId": {"$ref": "/components/schemas/ObjectId"},
            "userId": {"$ref": "/components/schemas/ObjectId"},
            "medium": {"$ref": "/components/schemas/Medium"},
            "userIntegrationId": {"$ref": "/components/schemas/ObjectId"},
            "text": {"type": "string"},
            "mediaType": {"$ref": "/components/schemas/MediaType"},
            "mediaUrl": {"type": "string", "format": "uri"},
            "mimetype": {"type": "string"},
            "fileName": {"type": "string"},
            "caption": {"type": "string"},
            "template": {"type": "string"},
            "replyMessage": {"type": "string"},
            "localId": {"type": "string"},
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
        "properties": {"success": {"const": True}, "interactionId": {"$ref": "/components/schemas/ObjectId"}},
    },
}
"""Schemas by their JSON pointers in the document; each `$ref` is such a pointer."""

WORDS = {
    "additionalProperties": "Must not have the fields {}",
    "const": "Must be {}",
    "enum": "Must be one of {}",
    "exclusiveMaximum": "Must be less than {}",
    "exclusiveMinimum": "Must be more than {}",
    "falseSchema": "Must not be given",
    "format": "Must be a valid {}",
    "maxItems": "Must have at most {} items",
    "maxLength": "Must have at most {} characters",
    "maximum": "Must be at most {}",
    "minItems": "Must have at least {} items",
    "minLength": "Must have at least {} characters",
    "minimum": "Must be at least {}",
    "multipleOf": "Must be a multiple of {}",
    "pattern": "Must match {}",
    "required": "Must be given",
    "type": "Must be of type {}",
    "unevaluatedProperties": "Must not have the fields {}",
    "uniqueItems": "Must not have an item twice",
}
"""What a keyword demands, in words, with `{}` for what stands beside it."""
