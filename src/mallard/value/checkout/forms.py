"""What staff type at the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.ids import uuid7
from mallard.kernel.money import Money
from mallard.value.sales.facts import ReturnLineInput
from mallard.value.sales.queries import SheetLine

MILLI = 1_000


class ReturnForm(forms.Form):
    """Which goods come back. The number is made with the form, so that sending it twice is one
    return; ``opened_at`` is when, so that both say the same."""

    number = forms.CharField(max_length=64, widget=forms.HiddenInput)
    occurred_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, lines: Sequence[SheetLine], currency: str) -> None:
        number = f"DESK-{uuid7()}"
        now = clock.now().isoformat()
        super().__init__(data, initial={"number": number, "occurred_at": now})
        self.lines = [line for line in lines if _can_return(line)]
        self.currency = currency
        for line in self.lines:
            self.fields[_field(line)] = forms.DecimalField(
                label=line.name,
                required=False,
                min_value=Decimal(0),
                max_value=Decimal(line.remaining_milli) / MILLI,
                decimal_places=3,
                widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
            )
        if data is None:
            self._propose_everything()

    def _propose_everything(self) -> None:
        for line in self.lines:
            self.initial[_field(line)] = _plain(Decimal(line.remaining_milli) / MILLI)

    def rows(self) -> Iterator[tuple[SheetLine, Money, str, forms.BoundField]]:
        """Each line that may come back: what is left of it, and its field."""
        for line in self.lines:
            left = Money(line.amount_minor - line.returned_amount_minor, self.currency)
            quantity = str(_plain(Decimal(line.remaining_milli) / MILLI))
            yield line, left, quantity, self[_field(line)]

    def clean_occurred_at(self) -> dt.datetime | None:
        at: dt.datetime | None = self.cleaned_data["occurred_at"]
        return at

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.return_lines():
            raise forms.ValidationError(_("Say what comes back: all quantities are zero."))
        return cleaned

    def return_lines(self) -> tuple[ReturnLineInput, ...]:
        """What comes back, as plain facts."""
        asked = ((line, self.cleaned_data.get(_field(line))) for line in self.lines)
        return tuple(
            ReturnLineInput(line.line_no, int(quantity * MILLI))
            for line, quantity in asked
            if quantity
        )


def _field(line: SheetLine) -> str:
    return f"line_{line.line_no}"


def _can_return(line: SheetLine) -> bool:
    return line.remaining_milli > 0


def _plain(quantity: Decimal) -> Decimal:
    """Without trailing zeros: 2, not 2.000."""
    return quantity.to_integral() if quantity == quantity.to_integral() else quantity.normalize()
