"""Reading a list from its URL: filters, sort, columns, page. Collects problems, never fails."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from mallard.kernel.ui.filters import BadParameter, Control, Rows, SearchFilter
from mallard.kernel.ui.lists.bulk import actions_for
from mallard.kernel.ui.lists.drawing import (
    Chip,
    ColumnChoice,
    Header,
    Listing,
    Row,
    ViewLink,
)
from mallard.kernel.ui.lists.keeping import Kept, KeptView, Tools, keeper_for
from mallard.kernel.ui.lists.opening import list_token

if TYPE_CHECKING:
    from mallard.kernel.ui.lists.declaration import Column, ListPage

PAGE_SIZES = (25, 50, 100)
# Counting and skipping further than this costs more than anybody reads; the list then says
# "more than" and asks to narrow down.
COUNT_LIMIT = 100_000
# ``view`` names the saved view that the address comes from; this one says: none of them.
NO_VIEW = "all"


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


class Reading:
    """One request's reading of a list."""

    def __init__(self, page: ListPage, request: HttpRequest) -> None:
        self.page = page
        self.request = request
        self.problems: list[str] = []
        self.actor = getattr(request, "actor", None)
        self.keeper = keeper_for(self.actor)

    @cached_property
    def kept(self) -> Kept:
        """What the reader keeps of this list."""
        if self.keeper is None or self.actor is None:
            return Kept()
        return self.keeper.kept(self.actor, self.page.key)

    def listing(self, rows: Rows) -> Listing:
        page = self.page
        controls = [one.control(self.request) for one in page.filters]
        rows, chips = self.narrowed(rows, controls)
        sort = self.sort()
        count, is_capped = self._count(rows)
        size = self._size()
        number = self._number(count, size)
        shown = self.shown_columns()
        start = (number - 1) * size
        found = list(self.ordered(rows, sort)[start : start + size])
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
            usual_size=self.kept.size or page.size,
            sizes=PAGE_SIZES,
            urls=self._page_urls(number, size, count),
            sort=self.request.GET.get("sort", ""),
            columns=self._choices(shown),
            views=[self._view_link(view) for view in self.kept.views],
            tools=self._tools(shown),
            actions=actions_for(page.key, self.actor) if self.keeper is not None else (),
            empty_action_url=action(self.request) if action else "",
        )

    def narrowed(
        self, rows: Rows, controls: list[Control] | None = None
    ) -> tuple[Rows, list[Chip]]:
        """The rows that satisfy the filters of the address, and those filters in words."""
        if controls is None:
            controls = [one.control(self.request) for one in self.page.filters]
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

    def sort(self) -> str:
        """The column to sort by, with ``-`` in front for descending."""
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

    def ordered(self, rows: Rows, sort: str) -> Rows:
        """The rows in that order."""
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
        usual = self.kept.size or self.page.size
        size = self._whole_number("size", usual)
        return size if size in PAGE_SIZES else usual

    def _number(self, count: int, size: int) -> int:
        number = self._whole_number("page", 1)
        last = max(1, -(-count // size))
        if not 1 <= number <= last:
            self.problems.append(_("That page of the list does not exist."))
            return 1
        return number

    def shown_columns(self) -> list[Column]:
        """The columns that the address names, or those that the reader keeps, or the usual."""
        return self._named(self.request.GET.getlist("col")) or self._usual_columns()

    def _usual_columns(self) -> list[Column]:
        kept = self._named(self.kept.columns)
        return kept or [column for column in self.page.columns if column.is_shown]

    def _named(self, keys: Collection[str]) -> list[Column]:
        chosen = [column for column in self.page.columns if column.key in keys]
        # The first column says which row it is: it always stays.
        first = self.page.columns[0]
        return [first, *chosen] if chosen and first not in chosen else chosen

    def _choices(self, shown: list[Column]) -> list[ColumnChoice]:
        usual = self._usual_columns()
        return [
            ColumnChoice(column, column in shown, column in usual) for column in self.page.columns
        ]

    def view_address(self, view: KeptView) -> str:
        """This list's address as a saved view has it."""
        query = QueryDict(view.query, mutable=True)
        query["view"] = str(view.id)
        return f"{self.request.path}?{query.urlencode()}"

    def _view_link(self, view: KeptView) -> ViewLink:
        is_current = self.request.GET.get("view", "") == str(view.id)
        edit_url = self.keeper.view_url(view.id) if self.keeper and view.may_change else ""
        return ViewLink(view.name, self.view_address(view), is_current, view.is_shared, edit_url)

    def _tools(self, shown: list[Column]) -> Tools | None:
        """Where the list's buttons lead; the address states sort and columns, whoever opens it."""
        if self.keeper is None:
            return None
        address = self.request.GET.copy()
        for name in ("page", "size", "view"):
            address.pop(name, None)
        address["sort"] = self.sort()
        address.setlist("col", [column.key for column in shown])
        path = self.request.path
        return self.keeper.tools(
            self.page.key,
            token=list_token(self.page.key, path),
            address=f"{path}?{address.urlencode()}",
            plain_address=f"{path}?{self.plain_query().urlencode()}",
        )

    def plain_query(self) -> QueryDict:
        """Filters, sort and columns of the address, without the words that somebody searched
        for: those may be a name or a phone number."""
        query = QueryDict(mutable=True)
        for one in self.page.filters:
            if not isinstance(one, SearchFilter):
                for name in one.parameters():
                    if self.request.GET.get(name):
                        query[name] = self.request.GET[name]
        query["sort"] = self.sort()
        query.setlist("col", [column.key for column in self.shown_columns()])
        return query

    @staticmethod
    def columns_of(address: str) -> list[str]:
        """The columns that a list's address names."""
        return QueryDict(address.partition("?")[2]).getlist("col")

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
        return Row([column.cell(row) for column in shown], url, str(row.pk))

    def _totals(self, rows: Rows) -> list[tuple[Any, Any]]:
        if not self.page.totals:
            return []
        expressions = {f"total_{i}": one.expression for i, one in enumerate(self.page.totals)}
        found = rows.order_by().aggregate(**expressions)
        return [
            (one.label, one.show(found[f"total_{i}"])) for i, one in enumerate(self.page.totals)
        ]

    def _page_urls(self, number: int, size: int, count: int) -> dict[str, str]:
        last = max(1, -(-count // size))
        # The bare address would lead to the usual view again.
        clear = f"?view={NO_VIEW}" if self.kept.default else ""
        urls = {"clear": self.request.path + clear}
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
