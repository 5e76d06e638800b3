"""Forms of privacy requests."""

from __future__ import annotations

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from mallard.kernel.clock import now
from mallard.world.members.services.guardians import MAX_WORDS
from mallard.world.privacy.models import RequestKind
from mallard.world.privacy.services import MAX_OUTCOME


class NewForm(forms.Form):
    """What a member asks through the desk."""

    kind = forms.ChoiceField(label=_("What the member asks for"), choices=RequestKind.choices)
    detail = forms.CharField(
        label=_("In their words"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A correction or a restriction needs them."),
    )


class OutcomeForm(forms.Form):
    """What was done."""

    outcome = forms.CharField(
        label=_("What was done"),
        max_length=MAX_OUTCOME,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The member reads it on their page."),
    )


class StopForm(forms.Form):
    """A word to the member, if there is one to say."""

    outcome = forms.CharField(
        label=_("A word to the member"),
        required=False,
        max_length=MAX_OUTCOME,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RefuseForm(forms.Form):
    """Why it is not done."""

    outcome = forms.CharField(
        label=_("Why it is not done"),
        max_length=MAX_OUTCOME,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The member reads it on their page, and may complain about it."),
    )


class GuardianForm(forms.Form):
    """What a parent or guardian allows for a child."""

    guardian = forms.CharField(
        label=_("Name of the parent or guardian"),
        max_length=MAX_WORDS,
        help_text=_("Kept encrypted with the member’s data."),
    )
    proof = forms.CharField(
        label=_("How it was proved"),
        max_length=MAX_WORDS,
        help_text=_("What you saw, such as the household register and a signed form; no numbers."),
    )
    given_on = forms.DateField(
        label=_("Given on"),
        initial=lambda: localdate(now()),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
