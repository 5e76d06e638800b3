"""What members type at the door."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from mallard.world.memberweb.rules import MAX_TYPED


class WhoForm(forms.Form):
    """Who wants to come in."""

    who = forms.CharField(
        label=_("Phone, e-mail or card number"),
        max_length=MAX_TYPED,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class CodeForm(forms.Form):
    """The code that was sent."""

    code = forms.CharField(
        label=_("The six digits"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "class": "form-control code-field",
            }
        ),
    )
