"""Examples in the OpenAPI document, in both languages."""

from __future__ import annotations

from typing import Any


def examples(*, en: Any, zh: Any) -> dict[str, Any]:
    """`openapi_extra` of a route: request bodies as an English and a Chinese shop would send."""
    named = {
        "en": {"summary": "English", "value": en},
        "zh-Hans": {"summary": "简体中文", "value": zh},
    }
    return {"requestBody": {"content": {"application/json": {"examples": named}}}}
