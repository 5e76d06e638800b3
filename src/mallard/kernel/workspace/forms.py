"""Forms of views."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from mallard.kernel.workspace.errors import PurposeNeeded
from mallard.kernel.workspace.models import ClearPurpose


class ViewForm(forms.Form):
    """Name of a view, and for whom it is."""

    name = forms.CharField(label=_("Name"), max_length=60)
    is_shared = forms.BooleanField(
        label=_("Share it"),
        help_text=_("Everybody who may open the list finds it there, with their own rows in it."),
        required=False,
    )
    is_default = forms.BooleanField(
        label=_("Open the list with it"), help_text=_("For you only."), required=False
    )


class NewViewForm(ViewForm):
    """The same, with the list that it is of. One's own view of that name is replaced."""

    list = forms.CharField(widget=forms.HiddenInput, max_length=300)
    address = forms.CharField(widget=forms.HiddenInput, max_length=2000)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["name"].help_text = _("The name of a view of yours replaces that view.")


class ExportForm(forms.Form):
    """Which kind of file."""

    list = forms.CharField(widget=forms.HiddenInput, max_length=300)
    address = forms.CharField(widget=forms.HiddenInput, max_length=2000)
    format = forms.ChoiceField(
        label=_("Kind of file"),
        choices=[("xlsx", _("Excel workbook")), ("csv", _("CSV, for other programs"))],
        widget=forms.RadioSelect,
    )


class ClearExportForm(ExportForm):
    """And whether personal data stands in it in clear, with the reason."""

    is_clear = forms.BooleanField(
        label=_("Personal data in clear"),
        help_text=_(
            "You prove who you are once more; the audit log names the rows and the reason."
        ),
        required=False,
    )
    purpose = forms.ChoiceField(
        label=_("Why in clear"),
        choices=[("", "–"), *ClearPurpose.choices],
        required=False,
    )

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if data.get("is_clear") and not data.get("purpose"):
            self.add_error("purpose", PurposeNeeded.message)
        return data
