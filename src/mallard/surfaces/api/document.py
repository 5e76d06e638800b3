"""Completes ninja's OpenAPI document: refusals, permissions, idempotency, languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mallard.kernel.access.guards import OPEN
from mallard.kernel.access.permissions import is_declared
from mallard.kernel.http.idempotency import HEADER
from mallard.kernel.http.problems import MEDIA_TYPE, TITLES, Problem

if TYPE_CHECKING:
    from ninja import NinjaAPI
    from ninja.openapi.schema import OpenAPISchema
    from ninja.operation import Operation

REFUSALS = (400, 401, 403, 404, 409, 413, 422, 429, 500, 503)
LANGUAGE = {
    "in": "header",
    "name": "Accept-Language",
    "required": False,
    "description": "Language of the sentences in the answer.",
    "schema": {"type": "string", "enum": ["en", "zh-Hans"], "default": "en"},
}


def completed(schema: OpenAPISchema, api: NinjaAPI) -> OpenAPISchema:
    """Add to every operation what is true of all of them, so that no app repeats it."""
    components = schema["components"]
    components["schemas"] |= _problem_schemas()
    components["responses"] = {f"Problem{status}": _refusal(status) for status in REFUSALS}
    by_id = {
        operation.operation_id or api.get_openapi_operation_id(operation): operation
        for bound in api._get_bound_routers()
        for view in bound.path_operations.values()
        for operation in view.operations
    }
    for methods in schema["paths"].values():
        for details in methods.values():
            _complete(details, by_id[details["operationId"]])
    schema["tags"] = [{"name": tag} for tag in _tags(schema)]
    return schema


def _complete(details: dict[str, Any], operation: Operation) -> None:
    details["parameters"] = [*details["parameters"], LANGUAGE, *_idempotency(operation)]
    for status in REFUSALS:
        details["responses"].setdefault(status, {"$ref": f"#/components/responses/Problem{status}"})
    _mark_deprecated(details, operation)
    permission = getattr(operation.view_func, "permission", OPEN)
    if is_declared(permission):
        details["x-permission"] = permission


def _mark_deprecated(details: dict[str, Any], operation: Operation) -> None:
    """Say of a route that will go since when, until when, and which headers say so."""
    told = getattr(operation.view_func, "deprecation", None)
    if told is None:
        return
    details["deprecated"] = True
    details["x-deprecated-since"] = told.since.isoformat()
    details["x-sunset"] = told.ends.isoformat()
    for status, response in details["responses"].items():
        if "$ref" not in response and int(status) < 400:
            response["headers"] = {
                name: {"schema": {"type": "string"}, "example": value}
                for name, value in told.headers().items()
            }


def _idempotency(operation: Operation) -> list[dict[str, Any]]:
    taken = getattr(operation.view_func, "takes_idempotency_key", None)
    if taken is None:
        return []
    return [
        {
            "in": "header",
            "name": HEADER,
            "required": taken == "required",
            "description": "Your own name for this write. Repeat it, and the first answer comes "
            "again; the same key with other content is refused (409).",
            "schema": {
                "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$",
            },
        }
    ]  # fmt: skip


def _refusal(status: int) -> dict[str, Any]:
    return {
        "description": str(TITLES[status]),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _problem_schemas() -> dict[str, Any]:
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**problem.pop("$defs"), "Problem": problem}


def _tags(schema: OpenAPISchema) -> list[str]:
    found = {
        tag
        for methods in schema["paths"].values()
        for details in methods.values()
        for tag in details.get("tags", [])
    }
    return sorted(found)
