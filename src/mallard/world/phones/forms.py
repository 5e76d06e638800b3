"""What staff type to change a phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mallard.kernel.ids import uuid7
from mallard.world.phones.models import Document, Proof
from mallard.world.phones.queries import open_phones, verified_email


class ChangeForm(forms.Form):
    """The new phone and its proof; the key makes sending it twice one act."""

    key = forms.CharField(max_length=100, widget=forms.HiddenInput)
    replaces = forms.ChoiceField(label=_("Phone that is replaced"))
    phone = forms.CharField(
        label=_("New phone"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    proof = forms.ChoiceField(
        label=_("How it is proved that this is the member"),
        choices=Proof.choices,
        widget=forms.RadioSelect,
    )
    document = forms.ChoiceField(
        label=_("Document seen"),
        choices=(("", pgettext_lazy("phone change", "none")), *Document.choices),
        required=False,
        help_text=_("Compare photo and name. Its number is not kept."),
    )

    def __init__(self, data: Any = None, *, member_id: UUID) -> None:
        phones = open_phones(member_id)
        proof = Proof.EMAIL if verified_email(member_id) else Proof.DOCUMENT
        super().__init__(data, initial={"key": f"phone:{uuid7()}", "proof": proof.value})
        choice = self.fields["replaces"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 declared above
        choice.choices = [(str(row.pk), masked) for row, masked in phones]
        if not phones:
            del self.fields["replaces"]

    def replaced(self) -> UUID | None:
        found = self.cleaned_data.get("replaces")
        return UUID(found) if found else None


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from the e-mail"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=pgettext_lazy("phone change", "Why not"), min_length=5, max_length=200
    )
