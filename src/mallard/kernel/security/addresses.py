"""Every URL of the product, read off Django's resolver and django-ninja's path views."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from mallard.kernel.access.guards import OPEN

PAGE_METHODS = ("GET", "POST")


@dataclass(frozen=True, slots=True)
class Url:
    """One method of one URL pattern and the function that answers it.

    ``route`` is the pattern as Django writes it (`members/<uuid:member_id>/`), ``name`` its name
    with namespaces. ``permission`` is what `@requires` declared, None when nobody declared any.
    """

    method: str
    route: str
    name: str
    view: Callable[..., Any]

    @property
    def permission(self) -> str | None:
        return getattr(self.view, "permission", None)

    def __str__(self) -> str:
        return f"{self.method} /{self.route}"


def every_url() -> list[Url]:
    """All URLs, by route and method. django-ninja names a path once per operation: here once."""
    found = {str(url): url for url in _walk(get_resolver(), "", "")}
    return sorted(found.values(), key=lambda url: (url.route, url.method))


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Url]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, route, inner)
        elif isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}" if entry.name else ""
            for method, view in _answers(entry.callback):
                yield Url(method, route, name, view)


def _answers(callback: Callable[..., Any]) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The methods that a pattern's callback answers and the function behind each."""
    path_view = getattr(callback, "__self__", None) or _ninja_path_view(callback)
    if path_view is not None and hasattr(path_view, "operations"):
        for operation in path_view.operations:
            for method in operation.methods:
                yield method, operation.view_func
        return
    for method in allowed_methods(callback):
        yield method, callback


def _ninja_path_view(callback: Callable[..., Any]) -> Any:
    """django-ninja wraps its `PathView` in a closure; find it there."""
    for cell in getattr(inspect.unwrap(callback), "__closure__", None) or ():
        if hasattr(cell.cell_contents, "operations"):
            return cell.cell_contents
    return None


def allowed_methods(view: Callable[..., Any]) -> tuple[str, ...]:
    """What `require_http_methods` lets through; GET and POST when nothing was said."""
    current: Any = view
    while current is not None:
        for cell in getattr(current, "__closure__", None) or ():
            value = cell.cell_contents
            if isinstance(value, (list, tuple)) and value and set(value) <= HTTP_METHODS:
                return tuple(method for method in value if method not in ("HEAD", "OPTIONS"))
        current = getattr(current, "__wrapped__", None)
    return PAGE_METHODS


HTTP_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def open_addresses() -> list[str]:
    """What answers without a sign-in or a key, as `GET /sign-in`, in order."""
    return sorted(str(url) for url in every_url() if url.permission == OPEN)
