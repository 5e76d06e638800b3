"""The pieces that pages hand to the template tags: plain, frozen, made by queries or pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mallard.kernel.ui.marks import Text, Tone, badge


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value. ``value`` None or empty is shown as unknown; HTML must be safe
    (``format_html``). ``is_generated`` adds the badge that says a generator made it."""

    label: Text
    value: Any
    hint: Text = ""
    url: str = ""
    is_generated: bool = False


@dataclass(frozen=True, slots=True)
class Badge:
    """A short state with a tone, e.g. Badge(_("Open"), "success")."""

    text: Text
    tone: Tone = "neutral"
    icon: str = ""

    def __str__(self) -> str:
        return str(self.text)

    def __html__(self) -> str:
        return badge(self.text, self.tone, self.icon)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that happened: ``title`` says what, ``detail`` one line more."""

    at: dt.datetime
    title: Text
    detail: Any = ""
    icon: str = "point"
    url: str = ""
    tone: Tone = "neutral"
    is_generated: bool = False
    zone: dt.tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of a record; each is a page of its own address."""

    label: Text
    url: str
    is_current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, its table, and what it says in words.

    ``option`` is an ECharts option of plain JSON values. ``header`` and ``rows`` are the same
    figures as a table (cells ready to read). ``description`` is read to people who see neither.
    ``is_generated`` says that some of its figures were made by a generator.
    """

    key: str
    title: Text
    description: Text
    option: Mapping[str, Any]
    header: Sequence[Text]
    rows: Sequence[Sequence[Any]]
    height: Literal["small", "medium", "large"] = "medium"
    is_generated: bool = False
