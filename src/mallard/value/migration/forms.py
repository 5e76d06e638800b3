"""What staff type to bring balances over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.value.migration.models import Measure, RowKind
from mallard.value.migration.queries import Figure
from mallard.value.migration.showing import Names
from mallard.world.malls.models import Mall

Key = tuple[str, str]


class NewForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("For example the system that you leave.")
    )
    mall = forms.ModelChoiceField(
        Mall.objects.order_by("code"),
        label=_("Days are those of"),
        empty_label=_("Choose a mall"),
        help_text=_("Days in the files begin and end as this mall's business days do."),
    )


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=_("What the file holds"), choices=RowKind.choices)
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel with a row of headings; at most 30 MB and 200,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm,.xls,.ods"}),
    )


class TotalsForm(forms.Form):
    """A number for each line that the files have, and lines that they should have had."""

    def __init__(self, data: Any = None, *, lines: Sequence[Figure]) -> None:
        super().__init__(data)
        self.keys: dict[str, Key] = {}
        names = Names()
        for index, line in enumerate(lines):
            name = f"total_{index}"
            self.keys[name] = (line.measure, line.key)
            self.fields[name] = forms.IntegerField(
                label=names.line(line.measure, line.key),
                min_value=0,
                max_value=10**17,
                required=False,
                initial=line.expected,
            )
        self.fields["more"] = forms.CharField(
            label=_("Further lines of the report"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_(
                "One a line: measure, key, number. Measures are funder, month and tier; for "
                "example: month, 2027-03, 12000"
            ),
        )

    def clean_more(self) -> dict[Key, int]:
        more: dict[Key, int] = {}
        for text in self.cleaned_data["more"].splitlines():
            if not text.strip():
                continue
            parts = [part.strip() for part in text.replace("，", ",").split(",")]
            if (
                len(parts) != 3
                or parts[0] not in (Measure.FUNDER, Measure.MONTH, Measure.TIER)
                or not parts[2].isdecimal()
                or len(parts[2]) > 17
                or not 0 < len(parts[1]) <= 60
            ):
                raise forms.ValidationError(
                    gettext("This line cannot be read: %(line)s") % {"line": text[:80]}
                )
            more[parts[0], parts[1]] = int(parts[2])
        return more

    def totals(self) -> dict[Key, int | None]:
        data = self.cleaned_data
        return {key: data[name] for name, key in self.keys.items()} | data["more"]


class ExplainForm(forms.Form):
    """A sentence for each line that differs."""

    def __init__(self, data: Any = None, *, lines: Sequence[Figure]) -> None:
        super().__init__(data)
        self.keys: dict[str, Key] = {}
        names = Names()
        for index, line in enumerate(lines):
            if not line.differs:
                continue
            name = f"line_{index}"
            self.keys[name] = (line.measure, line.key)
            self.fields[name] = forms.CharField(
                label=names.line(line.measure, line.key),
                min_length=5,
                max_length=300,
                required=False,
                initial=line.explanation,
            )

    def texts(self) -> dict[Key, str]:
        return {key: self.cleaned_data[name] for name, key in self.keys.items()}
