"""Keeps a copy of the API's OpenAPI document, so that it changes only on purpose.

``check`` compares the live document with ``docs/reference/openapi.json`` and names what differs;
``write`` renews the copy (`make snapshots`), and the change shows in review.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from tools.setup import ROOT, start_django

SNAPSHOT = ROOT / "docs" / "reference" / "openapi.json"


def live_document() -> dict[str, Any]:
    """The OpenAPI document as the product would serve it, as plain JSON values in English."""
    from django.conf import settings
    from django.core.serializers.json import DjangoJSONEncoder
    from django.utils.translation import override

    from mallard.surfaces.api.urls import api

    settings.DEBUG = False
    with override("en"):
        document = api.get_openapi_schema(path_prefix="/api/v1/")
        plain: dict[str, Any] = json.loads(json.dumps(document, cls=DjangoJSONEncoder))
    return plain


def differences(kept: Any, live: Any, at: str = "") -> list[str]:
    """Where two JSON values differ, as a JSON Pointer and what happened there."""
    if isinstance(kept, dict) and isinstance(live, dict):
        return [
            line
            for key in sorted(kept.keys() | live.keys())
            for line in (
                [f"{at}/{key}: new"]
                if key not in kept
                else [f"{at}/{key}: gone"]
                if key not in live
                else differences(kept[key], live[key], f"{at}/{key}")
            )
        ]
    return [] if kept == live else [f"{at}: changed"]


def render(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def main(command: str) -> int:
    start_django()
    document = live_document()
    if command == "write":
        SNAPSHOT.parent.mkdir(parents=True, exist_ok=True)
        SNAPSHOT.write_text(render(document), "utf-8")
        print(f"OpenAPI: {SNAPSHOT.relative_to(ROOT)} written")
        return 0
    kept = json.loads(SNAPSHOT.read_text("utf-8")) if SNAPSHOT.exists() else {}
    found = differences(kept, document)
    for line in found:
        print(line, file=sys.stderr)
    if found:
        print("OpenAPI: changed. On purpose? Then `make snapshots` and commit it.", file=sys.stderr)
        return 1
    print("OpenAPI: as agreed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
