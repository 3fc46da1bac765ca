"""Schemas of what the Reconciliation Service API 0.2 says that services send, from its text and appendix.

They are stricter than the protocol where this service promises more: every name is there, types have names,
and nothing is sent that the protocol does not know.
"""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

TEXT = {"type": "string", "minLength": 1}
URI = {"type": "string", "pattern": "^https?://[^ ]+$"}
MOMENT = r"^-?\d{4,}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-][0-2]\d:[0-5]\d)?$"


def members(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """An object with these members and no others."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def listed(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def template(mark: str) -> dict[str, Any]:
    """An address with a place for an identifier."""
    return {"type": "string", "pattern": mark}


TERM = members({"id": TEXT, "name": TEXT})
DESCRIBED = members({"id": TEXT, "name": TEXT}, {"description": TEXT})
TYPE = members({"id": TEXT, "name": TEXT}, {"description": TEXT, "broader": listed(TERM)})
SUGGEST = members(
    {"service_url": URI, "service_path": {"type": "string", "pattern": "^/"}},
    {"flyout_service_url": URI, "flyout_service_path": template(r"^/.*\$\{id\}")},
)
SETTING = members(
    {"name": TEXT, "label": TEXT, "type": {"enum": ["number", "text", "checkbox", "select"]}},
    {
        "default": {"type": ["number", "string", "boolean"]},
        "help_text": TEXT,
        "choices": listed(members({"value": {"type": "string"}, "name": TEXT})),
    },
)
MANIFEST = members(
    {
        "versions": {**listed(TEXT), "contains": {"const": "0.2"}},
        "name": TEXT,
        "identifierSpace": URI,
        "schemaSpace": URI,
        "defaultTypes": {**listed(TERM), "uniqueItems": True},
        "view": members({"url": template(r"^https?://.*\{\{id\}\}")}),
        "preview": members(
            {
                "url": template(r"^https?://.*\{\{id\}\}"),
                "width": {"type": "integer", "minimum": 1},
                "height": {"type": "integer", "minimum": 1},
            }
        ),
        "suggest": members({"entity": SUGGEST, "type": SUGGEST, "property": SUGGEST}),
        "extend": members(
            {
                "propose_properties": members({"service_url": URI, "service_path": TEXT}),
                "property_settings": listed(SETTING),
            }
        ),
        "batchSize": {"type": "integer", "minimum": 1},
    },
    {"documentation": URI, "logo": URI, "serviceVersion": TEXT},
)
FEATURE = members({"id": TEXT, "value": {"type": ["boolean", "number"]}})
CANDIDATE = members(
    {
        "id": TEXT,
        "name": TEXT,
        "type": listed(TERM),
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": {"type": "boolean"},
        "features": listed(FEATURE),
    },
    {"description": TEXT},
)
RESULT = members({"result": listed(CANDIDATE)})
RESULTS = {"type": "object", "additionalProperties": RESULT}
ENTITIES = members(
    {"result": listed(members({"id": TEXT, "name": TEXT}, {"description": TEXT, "notable": listed(TERM)}))}
)
TYPES = members({"result": listed(TYPE)})
PROPERTIES = members({"result": listed(DESCRIBED)})
PROPOSALS = members({"properties": listed(TERM)}, {"type": TEXT, "limit": {"type": "integer", "minimum": 1}})
FLYOUT = members({"id": TEXT, "html": TEXT})
VALUE = {
    "oneOf": [
        TERM,
        members({"str": {"type": "string"}}),
        members({"int": {"type": "integer"}}),
        members({"float": {"type": "number"}}),
        members({"date": {"type": "string", "pattern": MOMENT}}),
    ]
}
EXTENSION = members(
    {
        "meta": listed(members({"id": TEXT, "name": TEXT}, {"type": TERM, "service": URI})),
        "rows": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": listed(VALUE)},
        },
    }
)


def check(said: object, schema: dict[str, Any]) -> Any:
    """What was said, which the schema allows."""
    Draft202012Validator(schema).validate(said)
    return said
