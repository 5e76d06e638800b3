"""What a list is: its columns, filters, totals and what it says when it is empty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from html import escape, unescape
from types import MethodType
from typing import Any, Literal

from django.db.models import QuerySet
from django.db.models.expressions import BaseExpression
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.html import conditional_escape, strip_tags
from django.utils.translation import gettext_lazy

from mallard.kernel.ui.filters import Filter
from mallard.kernel.ui.lists.drawing import Listing
from mallard.kernel.ui.lists.opening import hand_over
from mallard.kernel.ui.lists.reading import PAGE_SIZES, Reading
from mallard.kernel.ui.templatetags.ui import UNKNOWN, known

Text = str | Promise


_ASKED = (MethodType, partial)  # Django's get_…_display is a partial


def _read(value: str | Callable[[Any], Any], row: Any) -> Any:
    if callable(value):
        return value(row)
    found = row
    for name in value.split("."):
        found = getattr(found, name, None)
        if isinstance(found, _ASKED):
            found = found()
    return found


@dataclass(frozen=True)
class Column:
    """A column: ``value`` is an attribute path (``"store.name"``) or a function of the row that
    returns text, a part with ``__html__`` or safe HTML. ``sort`` names the database columns to
    order by; without it the column cannot be sorted. ``from_width`` hides it on narrower
    screens. ``is_shown`` False offers it only through the choice of columns. ``plain`` is what a
    file holds instead of the words on screen: text, a number, a date, a moment or Money (with
    ``is_money``, which adds a column for the currency). ``is_personal`` marks what says who
    somebody is; ``in_clear`` gives the whole values of some rows by their keys, for a file that
    somebody with ``clear_permission`` asked for and said why."""

    key: str
    label: Text
    value: str | Callable[[Any], Any]
    sort: str | tuple[str, ...] | None = None
    align: Literal["start", "end"] = "start"
    from_width: Literal["", "sm", "md", "lg", "xl"] = ""
    is_shown: bool = True
    plain: str | Callable[[Any], Any] | None = None
    is_money: bool = False
    is_personal: bool = False
    in_clear: Callable[[Sequence[Any]], Mapping[Any, str]] | None = None
    clear_permission: str = ""

    def found(self, row: Any) -> Any:
        """What ``value`` says of the row."""
        return _read(self.value, row)

    def in_file(self, row: Any) -> Any:
        """What a file holds of the row: ``plain``, or the words of the cell."""
        if self.plain is not None:
            return _read(self.plain, row)
        found = self.found(row)
        if found is None or isinstance(found, int | Decimal | dt.date):
            return found
        text = unescape(strip_tags(conditional_escape(found))).strip()
        return "" if text == UNKNOWN else " ".join(text.split())

    def cell(self, row: Any) -> str:
        """The cell's HTML, escaped unless the value is safe."""
        found = self.found(row)
        if type(found) is str and found:  # most cells; what follows asks four questions of each
            return escape(found)
        return conditional_escape(known(found))


@dataclass(frozen=True)
class Total:
    """A figure over all rows that match, e.g. ``Total(_("Amount"), Sum("amount_minor"), show)``.
    ``show`` turns the number into text; all totals of a list are one query."""

    label: Text
    expression: BaseExpression
    show: Callable[[Any], Any] = str


@dataclass(frozen=True)
class Empty:
    """What an empty list says when nothing is filtered: why, and what to do next."""

    title: Text
    text: Text = ""
    icon: str = "inbox"
    action_label: Text = ""
    action_url: Callable[[HttpRequest], str] | None = None


@dataclass(frozen=True)
class ListPage:
    """What a list is. ``default_sort`` is a column's key, with ``-`` in front for descending."""

    key: str
    title: Text
    columns: Sequence[Column]
    default_sort: str
    filters: Sequence[Filter] = ()
    totals: Sequence[Total] = ()
    row_url: Callable[[Any], str] | None = None
    empty: Empty = field(default_factory=lambda: Empty(gettext_lazy("Nothing here yet")))
    size: int = 50
    template: str = "ui/list_page.html"

    def __post_init__(self) -> None:
        sortable = {column.key for column in self.columns if column.sort}
        if self.default_sort.lstrip("-") not in sortable:
            raise ValueError(f"{self.key}: default sort {self.default_sort} is not sortable")
        if self.size not in PAGE_SIZES:
            raise ValueError(f"{self.key}: page size must be one of {PAGE_SIZES}")

    def respond(
        self, request: HttpRequest, rows: QuerySet[Any], context: Mapping[str, Any] | None = None
    ) -> HttpResponse:
        """The whole page, or only the results when htmx asks for them.

        The bare address leads to the view that the reader made the usual one.
        """
        hand_over(self, request, rows)
        reading = Reading(self, request)
        is_part = request.headers.get("HX-Target") == f"list-{self.key}" and not (
            request.headers.get("HX-History-Restore-Request")
        )
        if not request.GET and not is_part and reading.kept.default is not None:
            return HttpResponseRedirect(reading.view_address(reading.kept.default))
        template = "ui/parts/list_results.html" if is_part else self.template
        listing = reading.listing(rows)
        response = render(request, template, {**(context or {}), "listing": listing})
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response

    def bind(self, request: HttpRequest, rows: QuerySet[Any]) -> Listing:
        """Read the URL, ask the database, and make what the template draws."""
        hand_over(self, request, rows)
        return Reading(self, request).listing(rows)
