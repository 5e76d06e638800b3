"""The form of a place's opening hours: seven weekdays, and days that are otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui import formats
from mallard.world.malls.models import OpeningHours
from mallard.world.malls.opening import MINUTES_A_DAY, Hours, Said, clock_text
from mallard.world.malls.opening_services import DayException

SPARE_EXCEPTIONS = 3
UNSAID, OPEN, CLOSED = "", "open", "closed"
STATES = ((UNSAID, _("not said")), (OPEN, _("open for business")), (CLOSED, _("closed")))


class OpeningForm(forms.Form):
    """Fields ``state_1``, ``opens_1``, ``closes_1`` … for weekdays; ``day_0`` … for exceptions.

    A closing time that is not after the opening is that of the night after: 10:00 to 02:00.
    """

    def __init__(self, data: Any, *, rows: Sequence[OpeningHours], unsaid: Any) -> None:
        super().__init__(data)
        weekly = {row.weekday: row for row in rows if row.weekday}
        days = sorted((row for row in rows if row.day), key=lambda row: row.day or dt.date.min)
        states = [(UNSAID, unsaid), *STATES[1:]]
        for weekday, name in enumerate(formats.weekday_names("wide"), start=1):
            self._add(str(weekday), name, states, weekly.get(weekday))
        self.exception_count = len(days) + SPARE_EXCEPTIONS
        for number in range(self.exception_count):
            row = days[number] if number < len(days) else None
            self.fields[f"day_{number}"] = forms.DateField(
                label=_("Day"),
                required=False,
                initial=row.day if row else None,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
            self._add(f"x{number}", _("On that day"), STATES[1:], row)
            for language, label in (("en", _("Note, English")), ("zh", _("Note, Chinese"))):
                self.fields[f"note_{language}_{number}"] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=100,
                    initial=getattr(row, f"note_{language}", ""),
                )

    def _add(self, key: str, label: Any, states: Any, row: OpeningHours | None) -> None:
        state = UNSAID if row is None else CLOSED if row.opens is None else OPEN
        self.fields[f"state_{key}"] = forms.ChoiceField(
            label=label,
            choices=states,
            required=False,
            initial=state or states[-1 if key.startswith("x") else 0][0],
        )
        for name, told in (("opens", _("Opens")), ("closes", _("Closes"))):
            minute = getattr(row, name, None)
            self.fields[f"{name}_{key}"] = forms.TimeField(
                label=told,
                required=False,
                initial=None if minute is None else clock_text(minute % MINUTES_A_DAY),
                widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for key in [*map(str, range(1, 8)), *(f"x{n}" for n in range(self.exception_count))]:
            is_used = not key.startswith("x") or self.cleaned_data.get(f"day_{key[1:]}")
            is_open = self.cleaned_data.get(f"state_{key}") == OPEN
            has_times = self._minute(f"opens_{key}") is not None and (
                self._minute(f"closes_{key}") is not None
            )
            if is_used and is_open and not has_times:
                self.add_error(f"opens_{key}", _("Give both times, or choose closed."))
        return cleaned

    def _minute(self, name: str) -> int | None:
        time = self.cleaned_data.get(name)
        return None if time is None else time.hour * 60 + time.minute

    def _said(self, key: str) -> Said:
        opens, closes = self._minute(f"opens_{key}"), self._minute(f"closes_{key}")
        if self.cleaned_data[f"state_{key}"] != OPEN or opens is None or closes is None:
            return None
        return Hours(opens, closes if closes > opens else closes + MINUTES_A_DAY)

    @property
    def weekly(self) -> dict[int, Said]:
        """What was said of each weekday; unsaid ones are left out."""
        return {
            weekday: self._said(str(weekday))
            for weekday in range(1, 8)
            if self.cleaned_data[f"state_{weekday}"] != UNSAID
        }

    @property
    def exceptions(self) -> list[DayException]:
        return [
            DayException(
                day=day,
                said=self._said(f"x{number}"),
                note_en=self.cleaned_data[f"note_en_{number}"],
                note_zh=self.cleaned_data[f"note_zh_{number}"],
            )
            for number in range(self.exception_count)
            if (day := self.cleaned_data[f"day_{number}"])
        ]

    def weekday_rows(self) -> Iterator[tuple[Any, Any, Any]]:
        """State, opening and closing of each weekday, as the page draws them."""
        for weekday in range(1, 8):
            yield (
                self[f"state_{weekday}"], self[f"opens_{weekday}"], self[f"closes_{weekday}"],
            )  # fmt: skip

    def exception_rows(self) -> Iterator[tuple[Any, ...]]:
        for number in range(self.exception_count):
            yield tuple(
                self[name]
                for name in (
                    f"day_{number}", f"state_x{number}", f"opens_x{number}", f"closes_x{number}",
                    f"note_en_{number}", f"note_zh_{number}",
                )
            )  # fmt: skip
