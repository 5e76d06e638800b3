"""JSON in and out of the API, by orjson."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

import orjson
from django.http import HttpRequest
from django.utils.functional import Promise
from ninja.errors import HttpError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from ninja.types import DictStrAny
from pydantic import BaseModel


def dump_json(data: Any) -> bytes:
    """``data`` as JSON, the same wherever a reply is made: UTC as ``Z``, decimals as text (a
    JSON number may become a float on its way), schemas by their fields."""
    return orjson.dumps(data, default=_default, option=orjson.OPT_UTC_Z)


def _default(value: Any) -> Any:
    if isinstance(value, (Decimal, Promise)):
        return str(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="python")
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


class JsonRenderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return dump_json(data)


class JsonParser(Parser):
    """Reads a JSON body; anything that is not JSON is a 400, whatever is wrong with it.

    So is a NUL character: no column can keep it, and no shop writes one.
    """

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        try:
            parsed = orjson.loads(request.body)
        except orjson.JSONDecodeError:
            raise HttpError(400, "not JSON") from None
        if rb"\u0000" in request.body and _has_nul(parsed):
            raise HttpError(400, "NUL character")
        return cast(DictStrAny, parsed)


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_has_nul(key) or _has_nul(each) for key, each in value.items())
    return isinstance(value, list) and any(_has_nul(each) for each in value)
