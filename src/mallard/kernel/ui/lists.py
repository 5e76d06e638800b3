"""Declarative list pages: a new list is columns, filters and a queryset.

A :class:`ListPage` is declared once, at module level. A page function guards the permission,
makes the scoped queryset, and returns ``LIST.respond(request, rows)``. Search, filters, sort,
columns and page live in the URL; without JavaScript the same form is a plain GET. However many
rows there are, a list asks the database a constant number of questions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, QuerySet
from django.db.models.expressions import BaseExpression
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mallard.kernel.ui.filters import BadParameter, Control, Filter, Rows, SearchFilter
from mallard.kernel.ui.templatetags.ui import known

Text = str | Promise
PAGE_SIZES = (25, 50, 100)
# Counting and skipping further than this costs more than anybody reads; the list then says
# "more than" and asks to narrow down.
COUNT_LIMIT = 100_000


@dataclass(frozen=True)
class Column:
    """A column: ``value`` is an attribute path (``"store.name"``) or a function of the row that
    returns text, a part with ``__html__`` or safe HTML. ``sort`` names the database columns to
    order by; without it the column cannot be sorted. ``from_width`` hides it on narrower
    screens. ``is_shown`` False offers it only through the choice of columns."""

    key: str
    label: Text
    value: str | Callable[[Any], Any]
    sort: str | tuple[str, ...] | None = None
    align: Literal["start", "end"] = "start"
    from_width: Literal["", "sm", "md", "lg", "xl"] = ""
    is_shown: bool = True

    def cell(self, row: Any) -> str:
        """The cell's HTML, escaped unless the value is safe."""
        if callable(self.value):
            found = self.value(row)
        else:
            found = row
            for name in self.value.split("."):
                found = getattr(found, name, None)
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
class Cell:
    html: str
    column: Column


@dataclass(frozen=True)
class Row:
    cells: list[Cell]
    url: str


@dataclass(frozen=True)
class Header:
    """A column's heading: where a click leads and how it is sorted now."""

    column: Column
    url: str
    direction: Literal["", "ascending", "descending"]


@dataclass(frozen=True)
class Chip:
    """An active filter in words, and the address of the list without it."""

    label: Text
    text: str
    url: str


@dataclass(frozen=True)
class Listing:
    """A list for one request, ready to draw. Pages get it as ``listing``."""

    page: ListPage
    path: str
    headers: list[Header]
    rows: list[Row]
    controls: list[Control]
    chips: list[Chip]
    problems: list[str]
    totals: list[tuple[Text, Any]]
    count: int
    is_count_capped: bool
    number: int
    size: int
    urls: Mapping[str, str]
    sort: str
    columns: list[tuple[Column, bool]]
    empty_action_url: str = ""

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def is_narrowed(self) -> bool:
        return bool(self.chips)

    @property
    def search(self) -> Control | None:
        return next((control for control in self.controls if control.kind == "search"), None)

    @property
    def others(self) -> list[Control]:
        return [control for control in self.controls if control.kind != "search"]

    @property
    def sizes(self) -> tuple[int, ...]:
        return PAGE_SIZES


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
        """The whole page, or only the results when htmx asks for them."""
        listing = self.bind(request, rows)
        is_part = request.headers.get("HX-Target") == f"list-{self.key}" and not (
            request.headers.get("HX-History-Restore-Request")
        )
        template = "ui/parts/list_results.html" if is_part else self.template
        response = render(request, template, {**(context or {}), "listing": listing})
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response

    def bind(self, request: HttpRequest, rows: QuerySet[Any]) -> Listing:
        """Read the URL, ask the database, and make what the template draws."""
        return _Reading(self, request).listing(rows)


def _may_be_unknown(rows: Rows, name: str) -> bool | None:
    """Whether a column can be null: True or None, as `nulls_last` wants it.

    Where it cannot, the order must not mention nulls: PostgreSQL would not see that an index
    already has it, and would sort all rows for the sake of a page.
    """
    if name in rows.query.annotations:
        return True
    try:
        column = rows.model._meta.get_field(name)
    except FieldDoesNotExist:
        return True
    return True if getattr(column, "null", True) else None


class _Reading:
    """One request's reading of a list: collects problems instead of failing."""

    def __init__(self, page: ListPage, request: HttpRequest) -> None:
        self.page = page
        self.request = request
        self.problems: list[str] = []

    def listing(self, rows: Rows) -> Listing:
        page = self.page
        controls = [one.control(self.request) for one in page.filters]
        rows, chips = self._narrow(rows, controls)
        sort = self._sort()
        count, is_capped = self._count(rows)
        size = self._size()
        number = self._number(count, size)
        shown = self._shown_columns()
        start = (number - 1) * size
        found = list(self._ordered(rows, sort)[start : start + size])
        action = page.empty.action_url
        return Listing(
            page=page,
            path=self.request.path,
            headers=[self._header(column, sort) for column in shown],
            rows=[self._row(row, shown) for row in found],
            controls=controls,
            chips=chips,
            problems=self.problems,
            totals=self._totals(rows) if found else [],
            count=count,
            is_count_capped=is_capped,
            number=number,
            size=size,
            urls=self._page_urls(number, size, count),
            sort=self.request.GET.get("sort", ""),
            columns=[(column, column in shown) for column in page.columns],
            empty_action_url=action(self.request) if action else "",
        )

    def _narrow(self, rows: Rows, controls: list[Control]) -> tuple[Rows, list[Chip]]:
        chips = []
        for one, control in zip(self.page.filters, controls, strict=True):
            try:
                value = one.read(self.request)
            except BadParameter as problem:
                self.problems.append(str(problem))
                continue
            if value is None:
                continue
            rows = one.narrow(rows, value)
            without = self.url(**dict.fromkeys((*one.parameters(), "page"), ""))
            label = _("Search") if isinstance(one, SearchFilter) else one.label
            chips.append(Chip(label, one.describe(value, control), without))
        return rows, chips

    def _sort(self) -> str:
        wanted = self.request.GET.get("sort", "")
        sortable = {column.key for column in self.page.columns if column.sort}
        if not wanted:
            return self.page.default_sort
        if wanted.removeprefix("-") not in sortable:
            self.problems.append(
                _("This list cannot be sorted that way; its usual order is shown.")
            )
            return self.page.default_sort
        return wanted

    def _ordered(self, rows: Rows, sort: str) -> Rows:
        column = next(one for one in self.page.columns if one.key == sort.lstrip("-"))
        names = (column.sort,) if isinstance(column.sort, str) else (column.sort or ())
        # Unknown values stand last either way; the key makes the order, and so the pages, stable.
        if sort.startswith("-"):
            order = [F(name).desc(nulls_last=_may_be_unknown(rows, name)) for name in names]
        else:
            order = [F(name).asc(nulls_last=_may_be_unknown(rows, name)) for name in names]
        return rows.order_by(*order, "-pk" if sort.startswith("-") else "pk")

    def _count(self, rows: Rows) -> tuple[int, bool]:
        count = rows.order_by()[: COUNT_LIMIT + 1].count()
        return min(count, COUNT_LIMIT), count > COUNT_LIMIT

    def _whole_number(self, name: str, default: int) -> int:
        text = self.request.GET.get(name, "")
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 9):
            self.problems.append(_("That page of the list does not exist."))
            return default
        return int(text)

    def _size(self) -> int:
        size = self._whole_number("size", self.page.size)
        return size if size in PAGE_SIZES else self.page.size

    def _number(self, count: int, size: int) -> int:
        number = self._whole_number("page", 1)
        last = max(1, -(-count // size))
        if not 1 <= number <= last:
            self.problems.append(_("That page of the list does not exist."))
            return 1
        return number

    def _shown_columns(self) -> list[Column]:
        wanted = self.request.GET.getlist("col")
        chosen = [column for column in self.page.columns if column.key in wanted]
        if chosen:
            # The first column says which row it is: it always stays.
            first = self.page.columns[0]
            return chosen if first in chosen else [first, *chosen]
        return [column for column in self.page.columns if column.is_shown]

    def _header(self, column: Column, sort: str) -> Header:
        if not column.sort:
            return Header(column, "", "")
        is_current = sort.lstrip("-") == column.key
        descending = sort.startswith("-")
        turned = column.key if is_current and descending else f"-{column.key}"
        if not is_current:
            # Figures are looked at from the largest, names from A.
            turned = f"-{column.key}" if column.align == "end" else column.key
        direction: Literal["", "ascending", "descending"] = ""
        if is_current:
            direction = "descending" if descending else "ascending"
        return Header(column, self.url(sort=turned, page=""), direction)

    def _row(self, row: Any, shown: list[Column]) -> Row:
        url = self.page.row_url(row) if self.page.row_url else ""
        return Row([Cell(column.cell(row), column) for column in shown], url)

    def _totals(self, rows: Rows) -> list[tuple[Text, Any]]:
        if not self.page.totals:
            return []
        expressions = {f"total_{i}": one.expression for i, one in enumerate(self.page.totals)}
        found = rows.order_by().aggregate(**expressions)
        return [
            (one.label, one.show(found[f"total_{i}"])) for i, one in enumerate(self.page.totals)
        ]

    def _page_urls(self, number: int, size: int, count: int) -> dict[str, str]:
        last = max(1, -(-count // size))
        urls = {"clear": self.request.path}
        if number > 1:
            urls["previous"] = self.url(page="" if number == 2 else str(number - 1))
        if number < last:
            urls["next"] = self.url(page=str(number + 1))
        return urls

    def url(self, **changes: str) -> str:
        """This list's address with some parameters changed; an empty value removes one."""
        query = self.request.GET.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        encoded = query.urlencode()
        return f"{self.request.path}?{encoded}" if encoded else self.request.path
