"""The API's reference for people, made from its own OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from ninja import NinjaAPI

from mallard.kernel.access.guards import OPEN, requires

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    place: str
    is_required: bool
    kind: str
    description: str


@dataclass(frozen=True, slots=True)
class Route:
    """One operation as the page shows it."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    permission: str
    is_deprecated: bool
    parameters: tuple[Parameter, ...]
    request_example: str
    request_fields: tuple[Parameter, ...]
    response_fields: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    routes: tuple[Route, ...]


def reference_of(api: NinjaAPI) -> Callable[[HttpRequest], HttpResponse]:
    """The page that shows every route of ``api``, grouped by what it is about."""

    @login_not_required
    @requires(OPEN)
    def reference(request: HttpRequest) -> HttpResponse:
        document = api.get_openapi_schema()
        return render(
            request,
            "api/reference.html",
            {
                "title": document["info"]["title"],
                "version": document["info"]["version"],
                "introduction": document["info"]["description"],
                "sections": sections(document, (get_language() or "en")),
            },
        )

    return reference


def sections(document: Document, language: str) -> list[Section]:
    """The operations of an OpenAPI document, by tag."""
    routes: dict[str, list[Route]] = {}
    for path, methods in document["paths"].items():
        for method, details in methods.items():
            tag = (details.get("tags") or ["other"])[0]
            routes.setdefault(tag, []).append(_route(document, path, method, details, language))
    return [Section(name, tuple(found)) for name, found in sorted(routes.items())]


def _route(document: Document, path: str, method: str, details: Document, language: str) -> Route:
    body = details.get("requestBody", {}).get("content", {}).get("application/json", {})
    success: Document = next(
        (reply for status, reply in details["responses"].items() if str(status)[0] == "2"), {}
    )
    answer = success.get("content", {}).get("application/json", {})
    return Route(
        anchor=details["operationId"],
        method=method.upper(),
        path=path,
        summary=details.get("summary", ""),
        description=details.get("description", ""),
        permission=details.get("x-permission", ""),
        is_deprecated=details.get("deprecated", False),
        parameters=tuple(
            Parameter(
                each["name"], each["in"], each.get("required", False),
                _kind(each.get("schema", {})), each.get("description", ""),
            )
            for each in details["parameters"]
            if each["name"] != "Accept-Language"
        ),
        request_example=_example(body, language),
        request_fields=_fields(document, body.get("schema", {})),
        response_fields=_fields(document, answer.get("schema", {})),
    )  # fmt: skip


def _example(body: Document, language: str) -> str:
    named = body.get("examples", {})
    found = named.get("zh-Hans" if language.startswith("zh") else "en")
    return json.dumps(found["value"], ensure_ascii=False, indent=2) if found else ""


MAX_DEPTH = 4


def _fields(
    document: Document, schema: Document, prefix: str = "", depth: int = 0
) -> tuple[Parameter, ...]:
    """The fields of a body, nested ones as ``lines[].sku``."""
    schema = _resolved(document, schema)
    if schema.get("type") == "array":
        return _fields(document, schema.get("items", {}), f"{prefix}[]", depth)
    found: list[Parameter] = []
    required = set(schema.get("required", ()))
    for name, raw in schema.get("properties", {}).items():
        each = _resolved(document, raw)
        full = f"{prefix}.{name}" if prefix else name
        description = raw.get("description", each.get("description", ""))
        found.append(Parameter(full, "body", name in required, _kind(each), description))
        if depth < MAX_DEPTH and each.get("type") in {"object", "array"}:
            found += _fields(document, each, full, depth + 1)
    return tuple(found)


def _resolved(document: Document, schema: Document) -> Document:
    """Follows a reference, and takes the real branch of "X or null"."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return _resolved(document, document["components"]["schemas"][name])
    real = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return _resolved(document, real[0]) if len(real) == 1 else schema


def _kind(schema: Document) -> str:
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    kind = schema.get("format") or schema.get("type") or ""
    if not kind and "anyOf" in schema:
        return " | ".join(_kind(each) or "object" for each in schema["anyOf"])
    return str(kind)
