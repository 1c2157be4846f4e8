"""The description of the JSON, made of the same resources that answer it."""

import json
from collections.abc import Sequence
from typing import Any

from bot import __version__
from bot.dashboard.api.resource import TEXT, Parameter, Resource, record
from bot.settings import resource_text

BASE = "/api/v1"
_ERROR = {"$ref": "#/components/schemas/Error"}
_REFUSALS = {
    "400": "What was asked cannot be understood",
    "401": "There is no token, or it has ended",
    "404": "There is no such thing, or the token may not see it",
    "503": "The record or the engine does not answer right now",
}


def description(resources: Sequence[Resource]) -> dict[str, Any]:
    """OpenAPI 3.1, as JSON."""
    week = json.loads(resource_text("config/schema/weekly.schema.json"))
    parts = week.pop("$defs", {})
    week.pop("$schema", None)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Seawall",
            "version": __version__,
            "description": "What the dashboard shows, for programs. `seawall dashboard token create` makes a token: it "
            "sees the repositories it was made for.",
        },
        "servers": [{"url": BASE}],
        "security": [{"token": []}],
        "paths": {resource.path: {"get": _operation(resource)} for resource in resources},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Error": record(error=TEXT), "Week": _moved(week)}
            | {f"Week{name}": _moved(part) for name, part in parts.items()},
        },
    }


def _operation(resource: Resource) -> dict[str, Any]:
    return {
        "operationId": resource.name,
        "summary": resource.summary,
        "parameters": [_parameter(one) for one in resource.parameters],
        "responses": {
            "200": {"description": "The answer", "content": {"application/json": {"schema": resource.schema}}},
            **{
                status: {"description": why, "content": {"application/json": {"schema": _ERROR}}}
                for status, why in _REFUSALS.items()
            },
        },
    }


def _parameter(one: Parameter) -> dict[str, Any]:
    return {
        "name": one.name,
        "in": "path" if one.is_path else "query",
        "required": one.is_path,
        "description": one.description,
        "schema": one.schema,
    }


def _moved(schema: Any) -> Any:
    """The schema with its references where OpenAPI keeps such things."""
    if isinstance(schema, dict):
        return {
            name: f"#/components/schemas/Week{part.removeprefix('#/$defs/')}" if name == "$ref" else _moved(part)
            for name, part in schema.items()
        }
    return [_moved(part) for part in schema] if isinstance(schema, list) else schema
