"""A page with one form over one service: show it, check it, call, go on.

`RowForm` takes its fields from a model and leaves every decision to the service; `respond` is the
page. A refusal of the service appears beside the field it names, and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise

from mallard.kernel.errors import Conflict, Forbidden, Invalid
from mallard.kernel.ui.forms import add_refusal

TEMPLATE = "ui/form_page.html"


class RowForm(forms.ModelForm):
    """The fields of a row. It never saves: uniqueness and constraints are the service's business,
    which says why in a sentence. Dates get the browser's own picker."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def validate_unique(self) -> None:
        """Left to the service."""

    def validate_constraints(self) -> None:
        """Left to the service."""

    def save(self, commit: bool = True) -> Any:
        raise TypeError("a service saves this")


def respond(
    request: HttpRequest,
    form: forms.BaseForm,
    *,
    save: Callable[[dict[str, Any]], Any],
    title: str | Promise,
    done: str | Promise,
    next_url: Callable[[Any], str],
    back_url: str,
    back_label: str | Promise,
    submit: str | Promise = "",
    template: str = TEMPLATE,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The page of ``form``, bound when the request posts.

    ``save`` calls the service with the cleaned data and returns what ``next_url`` needs; ``done``
    is said on the page that follows; ``submit`` is what the button says in place of Save;
    ``context`` is for a ``template`` of one's own. A bound form
    with errors is answered with 422.
    """
    if form.is_bound and form.is_valid():
        try:
            saved = save(form.cleaned_data)
        except (Invalid, Conflict, Forbidden) as error:
            add_refusal(form, error)
        else:
            messages.success(request, str(done))
            return HttpResponseRedirect(next_url(saved))
    shown = {
        "form": form,
        "title": title,
        "submit": submit,
        "back_url": back_url,
        "back_label": back_label,
    }
    return render(
        request, template, {**(context or {}), **shown}, status=422 if form.is_bound else 200
    )
