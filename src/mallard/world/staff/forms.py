"""Forms of the doors, the own profile, and of who works here in which roles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor, Scope
from mallard.world.staff import queries
from mallard.world.staff.errors import PlaceUnknown, ScopeEmpty
from mallard.world.staff.models import Language, Theme
from mallard.world.staff.places import find_place
from mallard.world.staff.wording import permissions_by_area

MAX_COLLEAGUES = 500


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


class CodeForm(forms.Form):
    """A code from the phone, or one for the day on which it is lost."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}
        ),
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


class PlaceField(forms.CharField):
    """A place, searched by name while one types; cleans into a scope. Without scripts the code
    (``mall:LAKE``) or the whole name can be typed."""

    within: Scope

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(
            attrs={
                "list": "place-options",
                "autocomplete": "off",
                "hx-get": reverse_lazy("staff:places"),
                "hx-trigger": "input changed delay:200ms",
                "hx-target": "#place-options",
            }
        )
        super().__init__(max_length=260, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return find_place(text, within=self.within)
        except (PlaceUnknown, ScopeEmpty):
            raise forms.ValidationError(_("Choose a place from the list.")) from None


class GrantForm(forms.Form):
    """A role and where it holds, among those that the actor could give."""

    role = forms.ChoiceField(label=_("Role"))
    place = PlaceField(
        label=_("Where"), help_text=_("Type a name: the whole group, a mall, a tenant or a store.")
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        role, place = self.fields["role"], self.fields["place"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101 declared above
        assert isinstance(place, PlaceField)  # noqa: S101 declared above
        role.choices = [("", ""), *queries.grantable_roles(actor)]
        place.within = actor.scope


class LookForm(forms.Form):
    """Where one looks on as a role."""

    place = PlaceField(
        label=_("Where"), help_text=_("Type a name: the whole group, a mall, a tenant or a store.")
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        place = self.fields["place"]
        assert isinstance(place, PlaceField)  # noqa: S101 declared above
        place.within = actor.scope


class LeaveForm(forms.Form):
    """When somebody leaves and who takes over."""

    heir = forms.TypedChoiceField(
        label=_("Who takes over"), required=False, coerce=UUID, empty_value=None
    )
    keys = forms.ChoiceField(
        label=_("API keys"),
        choices=(("revoke", _("Revoke them")), ("heir", _("The colleague answers for them"))),
        initial="revoke",
        help_text=_("Machines that use a revoked key stop at once."),
    )
    last_day = forms.DateField(
        label=_("Last day here"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The account closes when it is over. Empty: it closes now."),
    )

    def __init__(self, *args: Any, actor: Actor, user_id: UUID, **options: Any) -> None:
        super().__init__(*args, **options)
        heir = self.fields["heir"]
        assert isinstance(heir, forms.TypedChoiceField)  # noqa: S101 declared above
        people = queries.visible_staff(actor).filter(is_active=True).exclude(pk=user_id)
        named = people.order_by("name", "id").values_list("id", "name", "email")
        heir.choices = [("", str(_("Nobody in particular")))] + [
            (str(id_), f"{name} · {email}") for id_, name, email in named[:MAX_COLLEAGUES]
        ]


class PermissionChoice(forms.CheckboxSelectMultiple):
    """Many check boxes by part of the product: searched, and a whole part chosen at once."""

    template_name = "staff/permission_choice.html"


def held_permissions(actor: Actor) -> list[tuple[str, list[tuple[str, Any]]]]:
    """The permissions that the actor could pass on, in groups by part of the product."""
    return [
        (area, [(one.code, one.title) for one in held])
        for area, found in permissions_by_area()
        if (held := [one for one in found if actor.may(one.code)])
    ]


GrantForms = forms.formset_factory(
    GrantForm, extra=0, min_num=1, max_num=10, absolute_max=10, validate_min=True
)


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Full name"), max_length=80)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Language.choices,
        help_text=_("The mail and the pages are in this language."),
    )


class RoleForm(forms.Form):
    """A role of the group's own: what it is called and what it may do."""

    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80, required=False)
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=200,
        required=False,
        help_text=_("In a sentence: who holds it and what for."),
    )
    needs_second_factor = forms.BooleanField(label=_("Needs codes from the phone"), required=False)
    permissions = forms.MultipleChoiceField(label=_("May"), widget=PermissionChoice)

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        permissions = self.fields["permissions"]
        assert isinstance(permissions, forms.MultipleChoiceField)  # noqa: S101 declared above
        permissions.choices = held_permissions(actor)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("name_en") or data.get("name_zh")):
            self.add_error("name_en", _("Give it a name in at least one language."))
        return data


class KeyForm(forms.Form):
    """An API key: what it is called, where and what it may, for how long."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("By which people tell keys apart: POS-3.")
    )
    place = PlaceField(
        label=_("Where"), help_text=_("Type a name: the whole group, a mall, a tenant or a store.")
    )
    days = forms.TypedChoiceField(
        label=_("Opens for"),
        coerce=int,
        initial=365,
        choices=(
            (30, _("30 days")),
            (90, _("90 days")),
            (365, _("A year")),
            (0, _("Until it is revoked")),
        ),
    )
    permissions = forms.MultipleChoiceField(label=_("May"), widget=PermissionChoice)

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        place, permissions = self.fields["place"], self.fields["permissions"]
        assert isinstance(place, PlaceField)  # noqa: S101 declared above
        assert isinstance(permissions, forms.MultipleChoiceField)  # noqa: S101 declared above
        place.within = actor.scope
        permissions.choices = held_permissions(actor)
