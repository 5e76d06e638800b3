"""The one NinjaAPI: every app's `api.router`, its errors as problem details."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from mallard.kernel.errors import DomainError, Unavailable
from mallard.kernel.faults.listening import note_request_fault
from mallard.kernel.faults.models import FaultKind
from mallard.kernel.http.authentication import ApiKey
from mallard.kernel.http.problems import domain_error_response, problem_response
from mallard.kernel.http.rendering import JsonParser, JsonRenderer
from mallard.surfaces.api.document import completed

error_log = logging.getLogger("mallard.errors")

VERSION = "1"
DESCRIPTION = """\
Everything that Mallard does for tills, apps and partners. Send `Authorization: Bearer mk_…`,
`Accept-Language: en` or `zh-Hans`, and on writes an `Idempotency-Key`: the same key with the same
content gives the first answer again. Refusals are RFC 9457 problem details with a stable `code`.
Amounts are integers in minor units, times are ISO 8601 with an offset.
"""


class MallardAPI(NinjaAPI):
    """Ninja with our operation ids and a document that names every refusal."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """`members.enrol_member`: the app and the function."""
        parts = operation.view_func.__module__.split(".")
        return f"{parts[-2]}.{operation.view_func.__name__}"

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        return completed(schema, self)


def build() -> MallardAPI:
    """The API with the router of every installed app that has an `api` module."""
    return assembled(offered_routers())


def assembled(routers: Iterable[tuple[str, Router]]) -> MallardAPI:
    """An API of these routers, each with the tag of its app."""
    api = MallardAPI(
        title="Mallard",
        version=VERSION,
        description=DESCRIPTION,
        auth=ApiKey(),
        renderer=JsonRenderer(),
        parser=JsonParser(),
        docs_url=None,
        urls_namespace="api-v1",
    )
    _answer_errors(api)
    for tag, router in routers:
        api.add_router("", router, tags=router.tags or [tag])
    return api


def offered_routers() -> Iterator[tuple[str, Router]]:
    """The label and the `api.router` of each of our apps that offers one."""
    for config in apps.get_app_configs():
        name = f"{config.name}.api"
        if not config.name.startswith("mallard.") or find_spec(name) is None:
            continue
        router = getattr(import_module(name), "router", None)
        if isinstance(router, Router):
            yield config.label, router


def _answer_errors(api: NinjaAPI) -> None:
    handlers: dict[type[Exception], Any] = {
        DomainError: domain_error_response,
        ValidationError: _invalid,
        HttpError: _http_error,
        Http404: lambda request, _error: problem_response(request, 404),
        PermissionDenied: lambda request, _error: problem_response(request, 403),
        RequestDataTooBig: lambda request, _error: problem_response(request, 413),
        DataError: lambda request, _error: problem_response(request, 422),
        OperationalError: _database_away,
        InterfaceError: _database_away,
        Exception: _unexpected,
    }
    for error, handler in handlers.items():
        api.add_exception_handler(error, handler)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Which fields are not well-formed. The value sent is never repeated."""
    fields = {}
    for each in error.errors:
        location = [str(part) for part in each.get("loc", ())]
        # ("body", "<parameter>", "items", "0", "number"): the reader knows the last three.
        trimmed = location[2:] if location[:1] in (["body"], ["form"]) else location[1:]
        fields[".".join(trimmed) or ".".join(location)] = _field_sentence(each)
    return problem_response(request, 422, fields=fields)


_SENTENCES = {
    "missing": _("This is needed."),
    "string_too_short": _("This is too short."),
    "string_too_long": _("This is too long."),
    "string_type": _("This must be text."),
    "int_type": _("This must be a whole number."),
    "int_parsing": _("This must be a whole number."),
    "int_from_float": _("This must be a whole number."),
    "greater_than": _("This number is too small."),
    "greater_than_equal": _("This number is too small."),
    "less_than": _("This number is too large."),
    "less_than_equal": _("This number is too large."),
    "too_long": _("There are too many of these."),
    "too_short": _("There are too few of these."),
    "enum": _("This is not one of the choices."),
    "literal_error": _("This is not one of the choices."),
    "extra_forbidden": _("There is no such field."),
    "timezone_aware": _("A time needs its offset from UTC, such as +08:00 or Z."),
    "datetime_parsing": _("This is not a time in ISO 8601."),
    "datetime_from_date_parsing": _("This is not a time in ISO 8601."),
    "date_parsing": _("This is not a date in ISO 8601."),
    "uuid_parsing": _("This is not an id."),
    "string_pattern_mismatch": _("This does not have the right form."),
    "bool_parsing": _("This must be true or false."),
    "list_type": _("This must be a list."),
    "model_attributes_type": _("This must be an object."),
}


def _field_sentence(error: dict[str, Any]) -> str:
    sentence = _SENTENCES.get(error.get("type", ""))
    return str(sentence) if sentence else gettext("This is not right.")


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem_response(request, error.status_code)


def _database_away(request: HttpRequest, error: Exception) -> HttpResponse:
    error_log.warning("database_away", extra={"error": type(error).__name__})
    return domain_error_response(request, Unavailable())


def _unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    error_log.error("unexpected", exc_info=error)
    note_request_fault(error, request, kind=FaultKind.API)
    return problem_response(request, 500)
