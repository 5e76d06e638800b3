"""Contacts on a tenant's page: their card, their form, a value in full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.errors import NotFound
from mallard.kernel.ui import form_page
from mallard.kernel.ui.marks import Text
from mallard.world.malls import queries
from mallard.world.malls.contacts import services
from mallard.world.malls.contacts.services import ContactInput
from mallard.world.malls.permissions import EDIT_TENANT, REVEAL_CONTACT

LABELS: dict[str, Text] = {
    "name": pgettext_lazy("person", "Name"),
    "phone": _("Phone"),
    "mail": _("Mail"),
}


class ContactForm(forms.Form):
    """Who somebody is at the tenant's, and how they are reached."""

    role = forms.CharField(
        label=_("Role"), max_length=100, help_text=_("For example shop manager.")
    )
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=200, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    mail = forms.CharField(label=_("Mail"), max_length=200, required=False)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            for name in LABELS:
                self.fields[name].help_text = _("Leave empty to keep what is recorded.")


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A value behind its mask, and where it is revealed (empty: not for this reader)."""

    label: Text
    masked: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownContact:
    id: UUID
    role: str
    parts: list[ShownPart]


def shown_contacts(tenant_id: UUID, actor: Actor) -> list[ShownContact]:
    """The contacts of a tenant as its page shows them."""
    may_reveal = actor.may(REVEAL_CONTACT)
    return [
        ShownContact(
            one.id,
            one.role,
            [
                ShownPart(
                    LABELS[part],
                    masked,
                    reverse("malls:reveal_contact", args=[one.id, part]) if may_reveal else "",
                )
                for part, masked in one.masked.items()
            ],
        )
        for one in services.contacts_of(tenant_id)
    ]


@requires(EDIT_TENANT)
def create_contact(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    tenant = queries.tenants_in(actor.scope).filter(pk=tenant_id).first()
    if tenant is None:
        raise NotFound()
    url = reverse("malls:tenant", args=[tenant_id])
    return form_page.respond(
        request,
        ContactForm(request.POST or None, is_new=True),
        save=lambda data: services.create_contact(tenant_id, ContactInput(**data), actor=actor),
        title=_("New contact"),
        done=_("The contact is saved."),
        next_url=lambda _id: url,
        back_url=url,
        back_label=tenant.name,
    )


@requires(EDIT_TENANT)
def edit_contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    row = services.visible_contact(contact_id, actor)
    url = reverse("malls:tenant", args=[row.tenant_id])
    return form_page.respond(
        request,
        ContactForm(request.POST or None, is_new=False, initial={"role": row.role}),
        save=lambda data: services.update_contact(contact_id, ContactInput(**data), actor=actor),
        title=_("Edit contact"),
        done=_("The contact is saved."),
        next_url=lambda _none: url,
        back_url=url,
        back_label=row.tenant.name,
        template="malls/edit_contact.html",
        context={"contact": row},
    )


@requires(EDIT_TENANT)
@require_POST
def remove_contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Forget somebody who is no contact any more. Asked once."""
    tenant_id = services.remove_contact(contact_id, actor=actor_of(request))
    messages.success(request, str(_("The contact is removed; nothing of it is kept.")))
    return HttpResponseRedirect(reverse("malls:tenant", args=[tenant_id]))


@requires(REVEAL_CONTACT)
@never_cache
@require_POST
@step_up
def reveal_contact(request: HttpRequest, contact_id: UUID, part: str) -> HttpResponse:
    """A value in full in place of its mask; the audit log names who saw it."""
    if part not in LABELS:
        raise NotFound()
    value = services.reveal_contact(contact_id, part, actor=actor_of(request))
    return render(request, "malls/revealed.html", {"value": value, "label": LABELS[part]})
