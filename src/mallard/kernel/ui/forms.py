"""How forms look: Tabler's classes, one line of help, errors beside the field.

``FORM_RENDERER`` names :class:`FormRenderer`, so any Django form renders this way with
``{{ form }}`` or field by field with ``{{ form.name.as_field_group }}``. Views answer a form with
errors with status 422 and the bound form: nothing that was typed is lost.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.utils import ErrorDict
from django.template.loader import get_template
from django.utils.translation import gettext

from mallard.kernel.errors import DomainError

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, ""),
    (forms.RadioSelect, ""),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
)


_DASHES = "---------"
"""What Django shows where nothing is chosen, in every language."""


class FieldInForm(forms.BoundField):
    """A bound field whose widget carries the classes and ARIA attributes of our pages."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if isinstance(field, forms.ModelChoiceField) and field.empty_label == _DASHES:
            field.empty_label = gettext("Choose…") if field.required else gettext("None")

    @property
    def is_choice_list(self) -> bool:
        """Radio buttons or check boxes: labelled as a group, not by a ``<label for>``."""
        return bool(self.field.widget.use_fieldset)

    @property
    def is_switch(self) -> bool:
        """A single check box, which stands before its label."""
        return type(self.field.widget) is forms.CheckboxInput

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        added = next(name for kind, name in _CLASSES if isinstance(widget, kind))
        own = str(attrs.get("class") or widget.attrs.get("class", ""))
        invalid = "is-invalid" if self.errors and added else ""
        classes = " ".join(name for name in (added, own, invalid) if name)
        if classes:
            attrs["class"] = classes
        return attrs


class FormRenderer(DjangoTemplates):
    """Our templates for forms and fields, Django's own for the widgets in them."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = FieldInForm

    def get_template(self, template_name: str) -> Any:
        """Django's form templates live outside the project's template folders."""
        if template_name.startswith("django/"):
            return super().get_template(template_name)
        return get_template(template_name)


def add_refusal(form: forms.BaseForm, error: DomainError) -> None:
    """Show a service's refusal in the form: sentences at their fields, the rest above."""
    placed = False
    for name, sentence in error.fields.items():
        target = name if name in form.fields else None
        form.add_error(target, str(sentence))
        placed = True
    if not placed:
        form.add_error(None, error.sentence)


def first_invalid(errors: ErrorDict) -> str:
    """The name of the first field with an error, to move the focus there; empty when none."""
    return next((name for name in errors if name != "__all__"), "")
