"""Routes that will go: declared on the route, told to callers and in the document.

    @router.get("/members/old", …)
    @deprecated(since=dt.date(2026, 3, 1), ends=dt.date(2027, 3, 1), instead="/api/v1/members")
    @requires(VIEW_MEMBER)
    def old_members(request): …

Each answer then carries `Deprecation` (RFC 9745: since when), `Sunset` (RFC 8594: when it stops to
answer) and a `Link` to what to use instead; the OpenAPI document marks the operation.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponseBase
from django.utils.http import http_date

View = TypeVar("View", bound=Callable[..., Any])

LEAST_NOTICE = dt.timedelta(days=180)
"""How long a route answers at least after callers were told: half a year for tills to change."""


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Since when a route should not be used, when it stops to answer, and what to use instead."""

    since: dt.date
    ends: dt.date
    instead: str = ""

    def headers(self) -> dict[str, str]:
        """As RFC 9745 and RFC 8594 write them: both days begin at midnight UTC."""
        found = {
            "Deprecation": f"@{_seconds(self.since)}",
            "Sunset": http_date(_seconds(self.ends)),
        }
        if self.instead:
            found["Link"] = f'<{self.instead}>; rel="successor-version"'
        return found


def _seconds(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC).timestamp())


def deprecated(*, since: dt.date, ends: dt.date, instead: str = "") -> Callable[[View], View]:
    """Say that a route will go. Raises ValueError for less than half a year's notice."""
    if ends - since < LEAST_NOTICE:
        raise ValueError("callers need half a year to change")
    told = Deprecation(since, ends, instead)

    def decorate(view: View) -> View:
        @wraps(view)
        def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            request.deprecation = told  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        marked.deprecation = told  # type: ignore[attr-defined]
        marked.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
        return cast(View, marked)

    return decorate


def tell(request: HttpRequest, response: HttpResponseBase) -> None:
    """Put the headers on an answer, a refusal included, of a route that will go."""
    told: Deprecation | None = getattr(request, "deprecation", None)
    if told is None:
        return
    for name, value in told.headers().items():
        response[name] = value
