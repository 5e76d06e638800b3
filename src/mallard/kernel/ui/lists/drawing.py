"""A list of one request, ready to draw: what the templates get as ``listing``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING, Any, Literal

from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from mallard.kernel.ui.filters import Control
from mallard.kernel.ui.lists.bulk import BulkAction
from mallard.kernel.ui.lists.keeping import Tools
from mallard.kernel.ui.marks import icon

if TYPE_CHECKING:
    from mallard.kernel.ui.lists.declaration import Column, ListPage

Text = str | Promise
_ARROWS = {"ascending": "arrow-up", "descending": "arrow-down"}


@dataclass(frozen=True)
class Row:
    """A row: the HTML of its cells, in the order of the headers."""

    cells: list[str]
    url: str
    id: str = ""

    @property
    def name(self) -> str:
        """What a screen reader calls the row: the words of its first cell."""
        return " ".join(unescape(strip_tags(self.cells[0])).split())


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
class ColumnChoice:
    """A column in the choice of columns. ``is_usual``: it stands there when nobody chooses."""

    column: Column
    is_shown: bool
    is_usual: bool


@dataclass(frozen=True)
class ViewLink:
    """A saved view as a link. ``edit_url`` is empty for a view that the reader may not change."""

    name: str
    url: str
    is_current: bool
    is_shared: bool
    edit_url: str


@dataclass(frozen=True)
class Listing:
    """A list for one request. Pages get it as ``listing``."""

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
    usual_size: int
    sizes: Sequence[int]
    urls: Mapping[str, str]
    sort: str
    columns: list[ColumnChoice]
    views: list[ViewLink]
    tools: Tools | None
    actions: Sequence[BulkAction] = ()
    empty_action_url: str = ""

    @property
    def head(self) -> SafeString:
        """The headings, drawn here for the reason that the body is."""
        drawn = []
        for one in self.headers:
            column = one.column
            label = escape(str(column.label))
            if one.url:
                arrow = icon(_ARROWS[one.direction]) if one.direction else ""
                label = f'<a href="{escape(one.url)}">{label}{arrow}</a>'
            sorted_ = f' aria-sort="{one.direction}"' if one.direction else ""
            drawn.append(
                f'<th scope="col"{sorted_} data-align="{column.align}"'
                f' data-from="{column.from_width}">{label}</th>'
            )
        return mark_safe("".join(drawn))  # noqa: S308 labels and addresses are escaped

    @property
    def column_choices(self) -> SafeString:
        """The choice of columns: the first always stays, the others can be ticked."""
        first, *others = self.columns
        key = escape(first.column.key)
        drawn = [f'<input type="hidden" name="col" value="{key}" data-default="true">']
        for one in others:
            ticked = " checked" if one.is_shown else ""
            usual = ' data-default="true"' if one.is_usual else ""
            drawn.append(
                '<label class="menu-item"><input class="form-check-input" type="checkbox"'
                f' name="col" value="{escape(one.column.key)}"{ticked}{usual}>'
                f"<span>{escape(str(one.column.label))}</span></label>"
            )
        return mark_safe("".join(drawn))  # noqa: S308 keys and labels are escaped

    @property
    def body(self) -> SafeString:
        """The table's rows. A template would ask six questions of each of some hundred cells,
        and take longer over them than over the rest of the page."""
        opened = [
            f'<td data-align="{one.column.align}" data-from="{one.column.from_width}">'
            for one in self.headers
        ]
        opened[0] = f'<th scope="row" data-align="{self.headers[0].column.align}">'
        select = gettext("Select %(row)s")
        form = f"list-{escape(self.page.key)}-bulk"
        drawn = []
        for row in self.rows:
            url = escape(row.url)
            drawn.append(f'<tr data-href="{url}">' if url else "<tr>")
            if self.actions:
                drawn.append(
                    '<td class="select-cell"><input class="form-check-input" type="checkbox"'
                    f' name="row" value="{escape(row.id)}" form="{form}"'
                    f' aria-label="{escape(select % {"row": row.name})}" data-select-row></td>'
                )
            first, *others = row.cells
            named = f'<a href="{url}">{first}</a>' if url else first
            drawn.append(f"{opened[0]}{named}</th>")
            for opening, cell in zip(opened[1:], others, strict=True):
                drawn.append(f"{opening}{cell}</td>")
            drawn.append("</tr>")
        return mark_safe("".join(drawn))  # noqa: S308 cells are escaped as they are read

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
    def current_view(self) -> ViewLink | None:
        return next((view for view in self.views if view.is_current), None)
