"""Refuses changes of the API that callers of the last release could not live with.

``python -m tools.compatible`` compares the live OpenAPI document with the one that the last release
served (`docs/reference/released/<version>.json`). Paths, methods, fields of answers and values that
an answer or a request may hold stay; what a request must bring does not grow. New things are free:
whatever is not in the release may change until it is in one. ``release VERSION`` keeps the document
of a release (`docs/how-to/release.md`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tools.openapi import SNAPSHOT, live_document, render
from tools.setup import ROOT, start_django

RELEASED = ROOT / "docs" / "reference" / "released"
METHODS = ("get", "put", "post", "delete", "patch")
DEPTH = 12

# A breach that was agreed on, with the reason: `METHOD /path: what`.
AGREED: dict[str, str] = {}


def newest() -> Path | None:
    """The document of the last release; None before there is one."""
    found = list(RELEASED.glob("*.json"))
    return max(found, key=lambda path: [int(n) for n in path.stem.split(".")], default=None)


def breaches(released: Mapping[str, Any], live: Mapping[str, Any]) -> list[str]:
    """Everything in which ``live`` is less than ``released``, one line each."""
    return sorted(set(_of_paths(released, live)))


def _of_paths(released: Mapping[str, Any], live: Mapping[str, Any]) -> Iterator[str]:
    for path, operations in released.get("paths", {}).items():
        present = live.get("paths", {}).get(path)
        if present is None:
            yield f"{path}: is gone"
            continue
        for method in METHODS:
            if method not in operations:
                continue
            if method not in present:
                yield f"{method.upper()} {path}: is gone"
                continue
            at = f"{method.upper()} {path}"
            comparison = _Comparison(released, live)
            yield from comparison.operation(operations[method], present[method], at)


class _Comparison:
    """Compares schemas of two documents, each with its own components."""

    def __init__(self, released: Mapping[str, Any], live: Mapping[str, Any]) -> None:
        self.released, self.live = released, live

    def operation(self, old: Mapping[str, Any], new: Mapping[str, Any], at: str) -> Iterator[str]:
        yield from self._parameters(old, new, at)
        old_body, new_body = self._bodies(old, new)
        if new_body is not None and old_body is None and self._is_body_needed(new):
            yield f"{at}: needs a body"
        if old_body is not None:
            if new_body is None:
                yield f"{at}: takes no body any more"
            else:
                yield from self._request(old_body, new_body, f"{at} body")
        for status, answer in old.get("responses", {}).items():
            if int(status) >= 400:
                continue
            present = self._found(new.get("responses", {}).get(status), self.live)
            if present is None:
                yield f"{at}: no longer answers {status}"
                continue
            then = _content(self._found(answer, self.released))
            now = _content(present)
            if then is not None and now is None:
                yield f"{at} {status}: has no content any more"
            elif then is not None and now is not None:
                yield from self._answer(then, now, f"{at} {status}")

    def _parameters(self, old: Mapping[str, Any], new: Mapping[str, Any], at: str) -> Iterator[str]:
        before = {(one["in"], one["name"]): one for one in old.get("parameters", [])}
        after = {(one["in"], one["name"]): one for one in new.get("parameters", [])}
        for key, one in before.items():
            if key not in after:
                yield f"{at}: parameter {key[1]} is gone"
            else:
                yield from self._request(
                    one.get("schema", {}), after[key].get("schema", {}), f"{at} {key[1]}"
                )
        for key, one in after.items():
            was_needed = before.get(key, {}).get("required", False)
            if one.get("required") and not was_needed:
                yield f"{at}: parameter {key[1]} is required now"

    def _bodies(
        self, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
        return _content(old.get("requestBody")), _content(new.get("requestBody"))

    @staticmethod
    def _is_body_needed(new: Mapping[str, Any]) -> bool:
        return bool(new.get("requestBody", {}).get("required"))

    def _found(self, schema: Any, document: Mapping[str, Any]) -> Any:
        """``schema`` behind its references."""
        while isinstance(schema, Mapping) and "$ref" in schema:
            found: Any = document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        return schema

    def _answer(self, old: Any, new: Any, at: str, depth: int = 0) -> Iterator[str]:
        """What callers read: nothing goes, nothing becomes another type."""
        old, new = self._found(old, self.released), self._found(new, self.live)
        if depth > DEPTH or not isinstance(old, Mapping) or not isinstance(new, Mapping):
            return
        yield from _other_type(old, new, at)
        yield from _values_gone(old, new, at)
        for name, field in old.get("properties", {}).items():
            present = new.get("properties", {}).get(name)
            if present is None:
                yield f"{at}: field {name} is gone"
                continue
            yield from self._answer(field, present, f"{at}.{name}", depth + 1)
            if name in old.get("required", []) and name not in new.get("required", []):
                yield f"{at}: field {name} may be missing now"
        yield from self._inside(old, new, at, depth, self._answer)

    def _request(self, old: Any, new: Any, at: str, depth: int = 0) -> Iterator[str]:
        """What callers send: it is still taken, and not more of it is needed."""
        old, new = self._found(old, self.released), self._found(new, self.live)
        if depth > DEPTH or not isinstance(old, Mapping) or not isinstance(new, Mapping):
            return
        yield from _other_type(old, new, at)
        yield from _values_gone(old, new, at)
        for name in new.get("required", []):
            if name not in old.get("required", []):
                yield f"{at}: field {name} is required now"
        for name, field in old.get("properties", {}).items():
            present = new.get("properties", {}).get(name)
            if present is None:
                yield f"{at}: field {name} is taken no longer"
            else:
                yield from self._request(field, present, f"{at}.{name}", depth + 1)
        yield from self._inside(old, new, at, depth, self._request)

    def _inside(
        self, old: Mapping[str, Any], new: Mapping[str, Any], at: str, depth: int, compare: Any
    ) -> Iterator[str]:
        if "items" in old and "items" in new:
            yield from compare(old["items"], new["items"], f"{at}[]", depth + 1)
        for word in ("anyOf", "oneOf", "allOf"):
            # The same alternatives in the same order: one that is added comes after them.
            for before, after in zip(old.get(word, []), new.get(word, []), strict=False):
                yield from compare(before, after, at, depth + 1)
            if len(new.get(word, [])) < len(old.get(word, [])):
                yield f"{at}: an alternative is gone"


def _content(body: Any) -> Mapping[str, Any] | None:
    for media, content in (body or {}).get("content", {}).items():
        if "json" in media:
            schema: Mapping[str, Any] = content.get("schema", {})
            return schema
    return None


def _other_type(old: Mapping[str, Any], new: Mapping[str, Any], at: str) -> Iterator[str]:
    if old.get("type") != new.get("type") and "type" in old:
        yield f"{at}: was {old['type']} and is {new.get('type', 'something else')}"


def _values_gone(old: Mapping[str, Any], new: Mapping[str, Any], at: str) -> Iterator[str]:
    if "enum" in new:
        for value in old.get("enum", []):
            if value not in new["enum"]:
                yield f"{at}: the value {value} is gone"


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["release"]:
        RELEASED.mkdir(parents=True, exist_ok=True)
        target = RELEASED / f"{arguments[1]}.json"
        target.write_text(render(json.loads(SNAPSHOT.read_text("utf-8"))), "utf-8")
        print(f"OpenAPI: {target.relative_to(ROOT)} written")
        return 0
    last = newest()
    if last is None:
        print("OpenAPI: no release yet")
        return 0
    start_django()
    found = breaches(json.loads(last.read_text("utf-8")), live_document())
    unagreed = [line for line in found if line not in AGREED]
    for line in unagreed:
        print(line, file=sys.stderr)
    if unagreed:
        print(
            f"OpenAPI: callers of {last.stem} would break. Keep it, and mark it `@deprecated`.",
            file=sys.stderr,
        )
        return 1
    print(f"OpenAPI: only adds since {last.stem}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
