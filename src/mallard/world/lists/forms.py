"""What people fill in about lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.people import role_names
from mallard.kernel.bilingual import name_order
from mallard.world.malls.queries import malls_in


class ListForm(forms.Form):
    """A list, and with whom it is shared."""

    name = forms.CharField(label=_("Name"), max_length=80)
    notes = forms.CharField(
        label=_("What it is for"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Nothing about single persons: everybody with whom it is shared reads this."),
    )
    is_shared = forms.BooleanField(label=_("Share it with colleagues"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        malls = malls_in(actor.scope).order_by(*name_order())
        self.fields["shared_roles"] = forms.MultipleChoiceField(
            label=_("Roles"),
            choices=list(role_names().items()),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("None chosen: every role that may see lists."),
        )
        self.fields["shared_malls"] = forms.TypedMultipleChoiceField(
            label=_("Malls"),
            choices=[(str(mall.pk), mall.name) for mall in malls],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("None chosen: every mall."),
        )
        self.fields["is_filled_by_all"] = forms.BooleanField(
            label=_("They may put members on it and take them off, too"), required=False
        )


class FileForm(forms.Form):
    """A file that names members."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or Excel with a row of headings, such as member number or phone; at most 20,000 "
            "rows. Nothing of it is kept."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm,.xls,.ods"}),
    )
