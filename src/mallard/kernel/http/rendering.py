"""JSON in and out of the API, by orjson."""

from __future__ import annotations

from typing import Any, cast

import orjson
from django.http import HttpRequest
from django.utils.functional import Promise
from ninja.errors import HttpError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from ninja.types import DictStrAny
from pydantic import BaseModel


def _default(value: Any) -> Any:
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} is not JSON")


class JsonRenderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=_default)


class JsonParser(Parser):
    """Reads a JSON body; anything that is not JSON is a 400, whatever is wrong with it."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        try:
            return cast(DictStrAny, orjson.loads(request.body))
        except orjson.JSONDecodeError:
            raise HttpError(400, "not JSON") from None
