"""Custom fields: which there are, making and changing one."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.people import role_names
from mallard.kernel.errors import NotFound
from mallard.kernel.ui.form_page import respond
from mallard.kernel.ui.lists import Column, Empty, ListPage
from mallard.kernel.ui.parts import Badge
from mallard.world.members import services
from mallard.world.members.models import CustomField, FieldAudience, FieldType
from mallard.world.members.permissions import EDIT_FIELD

_NOT_WORD = re.compile(r"[^a-z0-9]+")


class FieldForm(forms.Form):
    """A custom field; what it holds is settled when it is made."""

    code = forms.SlugField(
        label=_("Code"), max_length=30, help_text=_("For imports and the API; never changes.")
    )
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80, required=False)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    type = forms.ChoiceField(label=_("What it holds"), choices=FieldType.choices)
    options = forms.CharField(
        label=_("Options"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("For lists: one per line as code = English = Chinese."),
    )
    currency = forms.CharField(
        label=_("Currency"), max_length=3, required=False, help_text=_("For amounts, such as CNY.")
    )
    minimum = forms.IntegerField(
        label=_("Minimum"),
        required=False,
        help_text=_("Of a number, of an amount in cents or fen, or of a text's length."),
    )
    maximum = forms.IntegerField(label=_("Maximum"), required=False)
    is_required = forms.BooleanField(label=_("Required in forms and imports"), required=False)
    is_unique = forms.BooleanField(label=_("No two members have the same"), required=False)
    is_personal = forms.BooleanField(
        label=_("Personal: encrypted under the member's key"), required=False
    )
    audience = forms.ChoiceField(label=_("Who sees it"), choices=FieldAudience.choices)
    roles = forms.MultipleChoiceField(
        label=_("Only for these roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: for all of them. Administrators see every field."),
    )
    order = forms.IntegerField(label=_("Position"), min_value=0, max_value=30_000, initial=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = self.fields["roles"]
        assert isinstance(roles, forms.MultipleChoiceField)  # noqa: S101 declared above
        roles.choices = list(role_names().items())

    def clean_options(self) -> list[dict[str, str]]:
        found = []
        for line in self.cleaned_data["options"].splitlines():
            code, *names = (part.strip()[:80] for part in line.split("="))
            if not code:
                continue
            english = names[0] if names else code
            chinese = names[1] if len(names) > 1 else english
            slug = _NOT_WORD.sub("_", code.casefold()).strip("_")[:40] or code[:40]
            found.append({"code": slug, "en": english, "zh": chinese})
        if len({option["code"] for option in found}) != len(found):
            raise forms.ValidationError(_("Each option needs a code of its own."))
        return found

    def clean_currency(self) -> str:
        code: str = self.cleaned_data["currency"].upper()
        if code and not re.fullmatch(r"[A-Z]{3}", code):
            raise forms.ValidationError(_("Three letters, such as CNY."))
        return code

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("name_en") and not data.get("name_zh"):
            self.add_error("name_zh", _("Give it a name in at least one language."))
        return data


def _marks(field: CustomField) -> Any:
    words = [
        word
        for is_so, word in (
            (field.is_required, _("Required")),
            (field.is_unique, _("Unique")),
            (field.is_personal, _("Personal")),
        )
        if is_so
    ]
    return ", ".join(str(word) for word in words) or None


def _readers(field: CustomField) -> str:
    names = role_names()
    roles = gettext(", ").join(names.get(code, code) for code in field.roles)
    audience = field.get_audience_display()
    return f"{audience} · {roles}" if roles else str(audience)


def _state(field: CustomField) -> Badge:
    if field.retired_at is not None:
        return Badge(_("Retired"), "neutral")
    return Badge(_("In use"), "success")


FIELDS = ListPage(
    key="custom-fields",
    title=_("Custom fields of members"),
    columns=(
        Column("name", _("Name"), "name"),
        Column("code", _("Code"), "code", sort="code", from_width="md"),
        Column("type", _("What it holds"), "get_type_display"),
        Column("marks", _("Rules"), _marks, from_width="md"),
        Column("audience", _("Who sees it"), _readers, from_width="lg"),
        Column("order", _("Position"), "order", sort="order", align="end", from_width="lg"),
        Column("state", _("State"), _state),
    ),
    default_sort="order",
    row_url=lambda field: reverse("members:field", args=[field.code]),
    empty=Empty(
        _("No custom fields yet"),
        _("What is worth knowing of a member beside the profile: it appears in forms at once."),
        icon="adjustments-horizontal",
    ),
    template="members/fields.html",
)


@requires(EDIT_FIELD)
@require_safe
def field_list(request: HttpRequest) -> HttpResponse:
    """The custom fields, retired ones included."""
    return FIELDS.respond(request, CustomField.objects.all())


@requires(EDIT_FIELD)
@require_http_methods(["GET", "POST"])
def new_field(request: HttpRequest) -> HttpResponse:
    """Make a field."""
    form = FieldForm(request.POST or None)
    return _respond(request, form, is_new=True, title=_("New custom field"))


@requires(EDIT_FIELD)
@require_http_methods(["GET", "POST"])
def field(request: HttpRequest, field_code: str) -> HttpResponse:
    """Change a field."""
    found = CustomField.objects.filter(code=field_code).first()
    if found is None:
        raise NotFound()
    names = [name for name in FieldForm.base_fields if name != "options"]
    lines = [f"{o['code']} = {o['en']} = {o['zh']}" for o in found.options]
    initial = {name: getattr(found, name) for name in names} | {"options": "\n".join(lines)}
    form = FieldForm(request.POST or None, initial=initial)
    for name in ("code", "type", "currency", "is_personal"):
        form.fields[name].disabled = True
    context = {"field": found, "action": reverse("members:retire_field", args=[found.code])}
    return _respond(request, form, is_new=False, title=found.name, context=context)


def _respond(
    request: HttpRequest,
    form: FieldForm,
    *,
    is_new: bool,
    title: Any,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    return respond(
        request,
        form,
        save=lambda data: services.save_field(
            data.pop("code"), is_new=is_new, actor=actor_of(request), **data
        ),
        title=title,
        done=_("The field is saved."),
        next_url=lambda _saved: reverse("members:fields"),
        back_url=reverse("members:fields"),
        back_label=_("Custom fields of members"),
        template="members/field.html",
        context=context,
    )


@requires(EDIT_FIELD)
@require_POST
def retire_field(request: HttpRequest, field_code: str) -> HttpResponse:
    """Take a field out of use, or bring it back."""
    services.retire_field(field_code, actor=actor_of(request))
    return redirect("members:fields")
