"""Filters of lists. Each owns its URL parameters, reads them safely and narrows a queryset.

A value that makes no sense raises :class:`BadParameter`; the list then says so and goes on
without that filter. Choices and sort keys are allow-lists: nothing from the URL reaches a query
as a name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from mallard.kernel.ui import formats

Text = str | Promise
Rows = QuerySet[Any]
MAX_SEARCH_LENGTH = 100


class BadParameter(ValueError):
    """A URL parameter that cannot be used; the message is for the reader."""


@dataclass(frozen=True, slots=True)
class Control:
    """A filter as the template draws it. ``values`` are what the reader typed, even if wrong."""

    kind: str
    key: str
    label: Text
    values: Mapping[str, str]
    choices: Sequence[tuple[str, Text]] = ()
    active: str = ""
    placeholder: Text = ""

    @property
    def picks(self) -> SafeString:
        """The same as a list to pick from while typing."""
        return mark_safe(  # noqa: S308 escaped one by one
            "".join(
                f'<option value="{escape(str(text))}"></option>' for _code, text in self.choices
            )
        )

    @property
    def options(self) -> SafeString:
        """The choices as they stand in a select: drawn here, because some have hundreds."""
        chosen = self.values.get(self.key, "")
        return mark_safe(  # noqa: S308 escaped one by one
            "".join(
                f'<option value="{escape(str(code))}"{" selected" if code == chosen else ""}>'
                f"{escape(str(text))}</option>"
                for code, text in self.choices
            )
        )


@dataclass(frozen=True)
class Filter:
    """Base of all filters. ``key`` names the URL parameter, ``label`` is what people read."""

    kind: ClassVar[str] = ""
    key: str
    label: Text

    def parameters(self) -> tuple[str, ...]:
        """The URL parameters that belong to this filter."""
        return (self.key,)

    def read(self, request: HttpRequest) -> Any:
        """The wanted value, or None; raises :class:`BadParameter`."""
        raise NotImplementedError

    def narrow(self, rows: Rows, value: Any) -> Rows:
        """The rows that satisfy ``value``."""
        raise NotImplementedError

    def describe(self, value: Any, control: Control) -> str:
        """The value in words, for the chip that removes it."""
        return str(value)

    def control(self, request: HttpRequest) -> Control:
        """What the template needs to draw the filter."""
        values = {name: request.GET.get(name, "") for name in self.parameters()}
        return Control(self.kind, self.key, self.label, values)


@dataclass(frozen=True)
class SearchFilter(Filter):
    """Free text. ``search(rows, text)`` narrows; it is a query of the app, which knows how."""

    kind: ClassVar[str] = "search"
    key: str = "q"
    label: Text = ""
    search: Callable[[Rows, str], Rows] = field(kw_only=True)

    def read(self, request: HttpRequest) -> str | None:
        text = " ".join(request.GET.get(self.key, "").split())
        if "\x00" in text:
            raise BadParameter(_("The search holds a character that no name has."))
        if len(text) > MAX_SEARCH_LENGTH:
            raise BadParameter(
                _("The search is too long: at most %(limit)s characters.")
                % {"limit": MAX_SEARCH_LENGTH}
            )
        return text or None

    def narrow(self, rows: Rows, value: str) -> Rows:
        return self.search(rows, value)


Choices = Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class ChoiceFilter(Filter):
    """One of a few values. ``choices`` are pairs, or a function of the request (one query).

    ``column`` is compared for equality; give ``apply(rows, value)`` for anything else.
    """

    kind: ClassVar[str] = "choice"
    choices: Choices | Callable[[HttpRequest], Iterable[tuple[str, Text]]] = field(kw_only=True)
    column: str = field(default="", kw_only=True)
    apply: Callable[[Rows, str], Rows] | None = field(default=None, kw_only=True)

    def choices_for(self, request: HttpRequest) -> Choices:
        """The choices, asked for once per request."""
        if not callable(self.choices):
            return self.choices
        cache = request.__dict__.setdefault("_filter_choices", {})
        if id(self) not in cache:
            cache[id(self)] = [(str(code), text) for code, text in self.choices(request)]
        found: Choices = cache[id(self)]
        return found

    def read(self, request: HttpRequest) -> str | None:
        value = request.GET.get(self.key, "")
        if not value:
            return None
        if value not in {str(code) for code, _text in self.choices_for(request)}:
            raise BadParameter(_("“%(filter)s” has no such choice.") % {"filter": self.label})
        return value

    def narrow(self, rows: Rows, value: str) -> Rows:
        if self.apply is not None:
            return self.apply(rows, value)
        return rows.filter(**{self.column or self.key: value})

    def describe(self, value: str, control: Control) -> str:
        return str(dict(control.choices)[value])

    def control(self, request: HttpRequest) -> Control:
        value = request.GET.get(self.key, "")
        choices = self.choices_for(request)
        return Control(self.kind, self.key, self.label, {self.key: value}, choices)


@dataclass(frozen=True)
class PickFilter(Filter):
    """One of so many values that they are typed and picked: a field with a list to pick from.

    The address may hold a code, its words in any language of the product (so that it can be sent
    to a colleague who reads another), or a part of words: then every value that has it.
    ``is_code`` tells whether something that is not in the list may be a code all the same;
    ``is_translated``, whether the words are other ones in another language.
    ``apply(rows, codes)`` narrows.
    """

    kind: ClassVar[str] = "pick"
    choices: Callable[[], Iterable[tuple[str, Text]]] = field(kw_only=True)
    apply: Callable[[Rows, Sequence[str]], Rows] = field(kw_only=True)
    is_code: Callable[[str], object] | None = field(default=None, kw_only=True)
    is_translated: bool = field(default=True, kw_only=True)

    def _choices(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The choices in the reader's language, asked for once per request."""
        cache: dict[int, Any] = request.__dict__.setdefault("_filter_choices", {})
        if id(self) not in cache:
            cache[id(self)] = self._said()
        found: list[tuple[str, str]] = cache[id(self)]
        return found

    def _said(self) -> list[tuple[str, str]]:
        return [(code, str(words)) for code, words in self.choices()]

    def _text(self, request: HttpRequest) -> str:
        return " ".join(request.GET.get(self.key, "").split())[:MAX_SEARCH_LENGTH]

    def read(self, request: HttpRequest) -> tuple[str, ...] | None:
        text = self._text(request)
        if not text:
            return None
        found = self._meant(request, text)
        if not found:
            raise BadParameter(_("“%(filter)s” has no such choice.") % {"filter": self.label})
        return found

    def _meant(self, request: HttpRequest, text: str) -> tuple[str, ...]:
        choices = self._choices(request)
        if any(code == text for code, _words in choices):
            return (text,)
        if exact := _called(choices, text):
            return exact
        if self.is_translated:
            for language, _name in settings.LANGUAGES:
                with override(language):
                    if exact := _called(self._said(), text):
                        return exact
        if self.is_code is not None and self.is_code(text):
            return (text,)
        sought = text.casefold()
        return tuple(code for code, words in choices if sought in words.casefold())

    def narrow(self, rows: Rows, value: tuple[str, ...]) -> Rows:
        return self.apply(rows, value)

    def describe(self, value: tuple[str, ...], control: Control) -> str:
        return control.values[self.key]

    def control(self, request: HttpRequest) -> Control:
        """The field shows the words of a code, and what was typed where it means several."""
        text = self._text(request)
        choices = self._choices(request)
        meant = set(self._meant(request, text)) if text else set()
        said = {words for code, words in choices if code in meant}
        shown = said.pop() if len(said) == 1 else text
        alike = [(words, words) for words in dict.fromkeys(words for _code, words in choices)]
        return Control(self.kind, self.key, self.label, {self.key: shown}, alike)


def _called(choices: Iterable[tuple[str, str]], text: str) -> tuple[str, ...]:
    """The codes whose words are ``text``, whatever its capitals."""
    sought = text.casefold()
    return tuple(code for code, words in choices if words.casefold() == sought)


@dataclass(frozen=True)
class BooleanFilter(Filter):
    """Only the rows for which ``apply(rows)`` holds; on with ``?key=1``."""

    kind: ClassVar[str] = "boolean"
    apply: Callable[[Rows], Rows] = field(kw_only=True)

    def read(self, request: HttpRequest) -> bool | None:
        value = request.GET.get(self.key, "")
        if value not in {"", "0", "1"}:
            raise BadParameter(_("“%(filter)s” is either on or off.") % {"filter": self.label})
        return True if value == "1" else None

    def narrow(self, rows: Rows, value: bool) -> Rows:
        return self.apply(rows)

    def describe(self, value: bool, control: Control) -> str:
        return ""


@dataclass(frozen=True)
class GivenFilter(Filter):
    """A row that another page names by its id: there are too many to choose from. It is drawn as
    the chip that removes it, no more. ``name(id)`` says what it is called, None: there is none."""

    kind: ClassVar[str] = "given"
    name: Callable[[UUID], str | None] = field(kw_only=True)
    apply: Callable[[Rows, UUID], Rows] = field(kw_only=True)

    def read(self, request: HttpRequest) -> UUID | None:
        value = request.GET.get(self.key, "")
        if not value:
            return None
        try:
            return UUID(value)
        except ValueError:
            message = _("“%(filter)s” has no such choice.") % {"filter": self.label}
            raise BadParameter(message) from None

    def narrow(self, rows: Rows, value: UUID) -> Rows:
        return self.apply(rows, value)

    def describe(self, value: UUID, control: Control) -> str:
        return self.name(value) or _("unknown")


@dataclass(frozen=True)
class DateRange:
    """First and last day, both included, either open."""

    first: dt.date | None
    last: dt.date | None


@dataclass(frozen=True)
class DateRangeFilter(Filter):
    """Days from ``key_from`` to ``key_to``, both included.

    ``column`` is a DateField, or a DateTimeField when ``is_moment``: then days begin at midnight
    in ``zone`` (default: the zone that is active in this thread).
    """

    kind: ClassVar[str] = "dates"
    column: str = field(kw_only=True)
    is_moment: bool = field(default=True, kw_only=True)
    zone: ZoneInfo | None = field(default=None, kw_only=True)

    def parameters(self) -> tuple[str, ...]:
        return (f"{self.key}_from", f"{self.key}_to")

    def read(self, request: HttpRequest) -> DateRange | None:
        first, last = (self._day(request.GET.get(name, "")) for name in self.parameters())
        if first is None and last is None:
            return None
        if first and last and first > last:
            raise BadParameter(_("“%(filter)s” ends before it begins.") % {"filter": self.label})
        return DateRange(first, last)

    def _day(self, text: str) -> dt.date | None:
        if not text:
            return None
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            day = dt.date.min
        # Beyond these years neither the database nor the zone conversion has sensible answers.
        if not 1900 <= day.year <= 2999:
            message = _("“%(filter)s” needs a date like 2026-11-22.") % {"filter": self.label}
            raise BadParameter(message)
        return day

    def narrow(self, rows: Rows, value: DateRange) -> Rows:
        if not self.is_moment:
            first, after = value.first, value.last
            rows = rows.filter(**{f"{self.column}__gte": first}) if first else rows
            return rows.filter(**{f"{self.column}__lte": after}) if after else rows
        if value.first:
            rows = rows.filter(**{f"{self.column}__gte": self._midnight(value.first)})
        if value.last:
            next_day = value.last + dt.timedelta(days=1)
            rows = rows.filter(**{f"{self.column}__lt": self._midnight(next_day)})
        return rows

    def _midnight(self, day: dt.date) -> dt.datetime:
        zone = self.zone or timezone.get_current_timezone()
        return dt.datetime.combine(day, dt.time(), tzinfo=zone)

    def describe(self, value: DateRange, control: Control) -> str:
        first = formats.day(value.first) if value.first else "…"
        last = formats.day(value.last) if value.last else "…"
        return f"{first} – {last}"
