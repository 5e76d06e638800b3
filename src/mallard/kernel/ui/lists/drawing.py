"""A list of one request, ready to draw: what the templates get as ``listing``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.utils.functional import Promise

from mallard.kernel.ui.filters import Control
from mallard.kernel.ui.lists.bulk import BulkAction
from mallard.kernel.ui.lists.keeping import Tools

if TYPE_CHECKING:
    from mallard.kernel.ui.lists.declaration import Column, ListPage

Text = str | Promise


@dataclass(frozen=True)
class Cell:
    html: str
    column: Column


@dataclass(frozen=True)
class Row:
    cells: list[Cell]
    url: str
    id: str = ""
    name: str = ""


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
