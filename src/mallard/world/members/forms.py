"""Forms of the members' pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.bilingual import localised, name_order
from mallard.world.malls.queries import malls_in, stores_in
from mallard.world.members.fields import visible_fields
from mallard.world.members.models import (
    ConsentChannel,
    ConsentPurpose,
    CustomField,
    FieldType,
    IdentityKind,
)
from mallard.world.members.profile import GENDERS, PROFILE_FIELDS, FieldKind
from mallard.world.members.rules import MAX_NOTE, MAX_REASON, MIN_REASON
from mallard.world.members.tagging import usable_tags

LANGUAGES = (("zh-hans", "简体中文"), ("en", "English"))


def _field_of(code: str) -> forms.Field:
    field = PROFILE_FIELDS[code]
    if field.kind is FieldKind.GENDER:
        choices = [("", _("not known")), *GENDERS.items()]
        return forms.ChoiceField(label=str(field.label), choices=choices, required=False)
    if field.kind is FieldKind.DATE:
        widget = forms.DateInput(attrs={"type": "date"})
        return forms.CharField(label=str(field.label), required=False, widget=widget, max_length=10)
    return forms.CharField(label=str(field.label), required=False, max_length=80)


def custom_form_field(field: CustomField) -> forms.Field:
    """The form's field of a custom field."""
    common: dict[str, Any] = {"label": field.name, "required": field.is_required}
    options = [(o["code"], localised(o["en"], o["zh"])) for o in field.options]
    if field.type == FieldType.MANY:
        return forms.MultipleChoiceField(
            choices=options, widget=forms.CheckboxSelectMultiple, **common
        )
    if field.type == FieldType.CHOICE:
        return forms.ChoiceField(choices=[("", _("not known")), *options], **common)
    if field.type == FieldType.YES_NO:
        words = [("", _("not known")), ("yes", _("Yes")), ("no", _("No"))]
        return forms.ChoiceField(choices=words, **common)
    if field.type == FieldType.DATE:
        widget = forms.DateInput(attrs={"type": "date"})
        return forms.CharField(max_length=10, widget=widget, **common)
    if field.type == FieldType.MONEY:
        amount = forms.TextInput(attrs={"inputmode": "decimal"})
        return forms.CharField(max_length=30, help_text=field.currency, widget=amount, **common)
    return forms.CharField(max_length=200, **common)


class WithCustomFields(forms.Form):
    """A form about a member, with the custom fields that the actor may see."""

    def add_custom_fields(self, actor: Actor) -> None:
        self.custom = visible_fields(actor)
        for field in self.custom:
            self.fields[f"custom_{field.code}"] = custom_form_field(field)

    def custom_values(self) -> dict[str, Any]:
        """What was entered, by the custom fields' codes."""
        return {f.code: self.cleaned_data[f"custom_{f.code}"] for f in self.custom}


class ProfileForm(WithCustomFields):
    """What is known of a person; empty means not known.

    Each field carries what it showed: what nobody touched is no change, also when somebody else
    changed it meanwhile, or the records that it came from were taken apart.
    """

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def __init__(self, *args: Any, actor: Actor, hints: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_custom_fields(actor)
        for code in PROFILE_FIELDS:
            self.fields[code] = _field_of(code)
        self.order_fields([*PROFILE_FIELDS, "language"])
        for name, field in self.fields.items():
            field.show_hidden_initial = name != "language"
            words = (str(field.help_text), hints.get(name, ""))
            field.help_text = " ".join(part for part in words if part)

    def _is_touched(self, name: str) -> bool:
        is_told = self[name].html_initial_name in self.data
        return name in self.changed_data if is_told else True

    def profile(self) -> dict[str, str]:
        """The values that were changed, by field code."""
        return {
            code: self.cleaned_data.get(code, "")
            for code in PROFILE_FIELDS
            if self._is_touched(code)
        }

    def custom_values(self) -> dict[str, Any]:
        """Those of custom fields that were changed, likewise."""
        values = super().custom_values()
        return {code: v for code, v in values.items() if self._is_touched(f"custom_{code}")}


class EnrolForm(WithCustomFields):
    """A person joins: the least that is needed at a counter."""

    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        help_text=_("With country code if it is not a Chinese number."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Full name"), max_length=80, required=False)
    gender = forms.ChoiceField(
        label=_("Gender"), choices=[("", _("not known")), *GENDERS.items()], required=False
    )
    birth_date = forms.CharField(
        label=_("Date of birth"),
        required=False,
        max_length=10,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    card = forms.CharField(label=_("Card"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    referrer = forms.CharField(
        label=_("Brought by"),
        max_length=16,
        required=False,
        help_text=_("Referral code or member number of a friend who is a member."),
    )
    programme = forms.BooleanField(label=_("Agrees to the programme's terms"))
    marketing = forms.BooleanField(label=_("Wants offers and news"), required=False)
    share_with_tenant = forms.BooleanField(
        label=_("Allows the stores where they buy to see them"), required=False
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = actor.scope
        stores = stores_in(scope).order_by(*name_order())
        malls = [mall for mall in malls_in(scope) if scope.is_group or mall.id in scope.mall_ids]
        choices = [(f"mall:{mall.id}", mall.name) for mall in malls]
        choices += [(f"store:{store.id}", store.name) for store in stores]
        if scope.is_group:
            choices.insert(0, ("", str(_("nowhere in particular"))))
        self.fields["place"] = forms.ChoiceField(
            label=_("Enrolled at"), choices=choices, required=not scope.is_group
        )
        self.add_custom_fields(actor)
        self.order_fields(["phone", "name", "gender", "birth_date", "email", "card", "place"])


class IdentityForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=IdentityKind.choices)
    value = forms.CharField(
        label=_("Identity"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class ReasonForm(forms.Form):
    """Why somebody needs to see an identity in full."""

    reason = forms.CharField(min_length=MIN_REASON, max_length=MAX_REASON)


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(label=_("Purpose"), choices=ConsentPurpose.choices)
    channel = forms.ChoiceField(label=_("Channel"), choices=ConsentChannel.choices)
    decision = forms.ChoiceField(
        label=_("Decision"), choices=[("granted", _("Allowed")), ("refused", _("Refused"))]
    )
    proof = forms.CharField(
        label=_("Proof"),
        max_length=200,
        required=False,
        help_text=_("Form number, recording or wording."),
    )


class TagForm(forms.Form):
    """A tag that the actor may put on."""

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        choices = [(tag.code, tag.name) for tag in usable_tags(actor).order_by(*name_order())]
        self.fields["tag"] = forms.ChoiceField(label=_("Tag"), choices=choices)


class ReferrerForm(forms.Form):
    referrer = forms.CharField(
        label=_("Brought by"), max_length=16, help_text=_("Referral code or member number.")
    )


class NoteForm(forms.Form):
    body = forms.CharField(
        label=_("Note"), max_length=MAX_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )
