"""Forms of the sign-in pages and the own profile."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from mallard.world.staff.models import Language, Theme


class SignInForm(forms.Form):
    """E-mail and password; the field is ``username``, as password managers and axes expect."""

    username = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class NewPasswordForm(forms.Form):
    """A new password, typed twice so that a slip does not lock its owner out."""

    new_password = forms.CharField(
        label=_("New password"),
        help_text=_("At least 10 characters."),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if data.get("again") and data.get("new_password") != data.get("again"):
            self.add_error("again", _("The two passwords differ."))
        return data


class ChangePasswordForm(NewPasswordForm):
    present_password = forms.CharField(
        label=_("Present password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("present_password", "new_password", "again")


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Full name"), max_length=80)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices)
