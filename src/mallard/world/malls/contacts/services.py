"""Every write of contacts, and the one way to see a value in full.

A contact's name, phone and mail are sealed under a data key of their own; removing the contact
destroys the key. The audit log keeps who did what, never a value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.errors import Invalid, NotFound
from mallard.kernel.ids import uuid7
from mallard.kernel.secrets.masking import mask_email, mask_name, mask_phone
from mallard.kernel.secrets.services import (
    DataKey,
    create_data_keys,
    destroy_data_key,
    open_keys,
)
from mallard.world.malls import checks, queries
from mallard.world.malls.models import TenantContact
from mallard.world.malls.permissions import REVEAL_CONTACT

PARTS = ("name", "phone", "mail")
_MASKS = {"name": mask_name, "phone": mask_phone, "mail": mask_email}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactInput:
    """Somebody at a tenant's; a phone or a mail is needed."""

    role: str
    name: str
    phone: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True)
class MaskedContact:
    """A contact as pages show it."""

    id: UUID
    role: str
    masked: Mapping[str, str]


def contacts_of(tenant_id: UUID) -> list[MaskedContact]:
    """The contacts of a tenant, masked; two statements for any number."""
    rows = list(TenantContact.objects.filter(tenant=tenant_id).order_by("role", "id"))
    keys = open_keys([row.pk for row in rows])
    found = []
    for row in rows:
        values = _opened(row, keys[row.pk]) if row.pk in keys else {}
        masked = {part: _MASKS[part](values[part]) for part in PARTS if values.get(part)}
        found.append(MaskedContact(row.pk, row.role, masked))
    return found


@atomic_retrying
def create_contact(tenant_id: UUID, contact: ContactInput, *, actor: Actor) -> UUID:
    """A new contact; returns its id. Raises `Invalid`, `NotFound`."""
    checks.visible(queries.tenants_in(actor.scope), tenant_id)
    checked = _checked(contact)
    id_ = uuid7()
    key = create_data_keys([id_], actor=actor)[id_]
    TenantContact.objects.create(
        id=id_,
        tenant_id=tenant_id,
        role=checked.role,
        sealed=_sealed(checked, key, id_),
        created_at=clock.now(),
    )
    after = {"tenant_id": tenant_id, "role": checked.role}
    record(actor, "malls.contact_created", "contact", id_, after=after)
    return id_


@atomic_retrying
def update_contact(contact_id: UUID, contact: ContactInput, *, actor: Actor) -> None:
    """Change a contact; an empty value among name, phone and mail stays as it was: whoever edits
    need not have seen it. Raises `Invalid`, `NotFound`."""
    row, key = _open(contact_id, actor)
    before = _opened(row, key)
    given = {part: getattr(contact, part).strip() or before[part] for part in PARTS}
    checked = _checked(ContactInput(role=contact.role, **given))
    changed = [part for part in PARTS if getattr(checked, part) != before[part]]
    row.sealed, old_role, row.role = _sealed(checked, key, row.pk), row.role, checked.role
    row.save(update_fields=["sealed", "role"])
    record(
        actor,
        "malls.contact_changed",
        "contact",
        row.pk,
        before={"role": old_role},
        after={"role": row.role, "changed": changed},
    )


@atomic_retrying
def remove_contact(contact_id: UUID, *, actor: Actor) -> UUID:
    """Forget a contact for good; returns whose it was."""
    row, _key = _open(contact_id, actor)
    tenant_id, role = row.tenant_id, row.role
    destroy_data_key(row.pk, actor=actor)
    row.delete()
    before = {"tenant_id": tenant_id, "role": role}
    record(actor, "malls.contact_removed", "contact", contact_id, before=before)
    return tenant_id


@atomic_retrying
def reveal_contact(contact_id: UUID, part: str, *, actor: Actor) -> str:
    """One value in full, with a trace. Raises `NotFound`."""
    actor.require(REVEAL_CONTACT)
    row, key = _open(contact_id, actor)
    value = _opened(row, key).get(part, "")
    if not value:
        raise NotFound()
    after = {"part": part, "tenant_id": row.tenant_id}
    record(actor, "malls.contact_revealed", "contact", row.pk, after=after)
    return value


def visible_contact(contact_id: UUID, actor: Actor) -> TenantContact:
    """The contact, of a tenant that the actor sees. Raises `NotFound`."""
    tenants: Any = queries.tenants_in(actor.scope)
    row = TenantContact.objects.filter(tenant__in=tenants, pk=contact_id).first()
    if row is None:
        raise NotFound()
    return row


def _open(contact_id: UUID, actor: Actor) -> tuple[TenantContact, DataKey]:
    row = visible_contact(contact_id, actor)
    key = open_keys([row.pk]).get(row.pk)
    if key is None:
        raise NotFound()
    return row, key


def _checked(contact: ContactInput) -> ContactInput:
    told = ContactInput(
        **{name: " ".join(value.split())[:200] for name, value in asdict(contact).items()}
    )
    problems: dict[str, Any] = {}
    if not told.role:
        problems["role"] = _("Say what this person does.")
    if not told.name:
        problems["name"] = _("A contact has a name.")
    if not told.phone and not told.mail:
        problems["phone"] = _("Give a phone number or a mail address.")
    if told.phone and not 5 <= sum(letter.isdigit() for letter in told.phone) <= 20:
        problems["phone"] = _("A phone number has 5 to 20 digits.")
    try:
        if told.mail:
            validate_email(told.mail)
    except ValidationError:
        problems["mail"] = _("This is not a mail address.")
    if problems:
        raise Invalid(fields=problems)
    return told


def _context(id_: UUID) -> str:
    return f"malls.contact:{id_}"


def _sealed(contact: ContactInput, key: DataKey, id_: UUID) -> bytes:
    values = {part: getattr(contact, part) for part in PARTS}
    return key.seal(json.dumps(values, ensure_ascii=False).encode(), _context(id_))


def _opened(row: TenantContact, key: DataKey) -> dict[str, str]:
    values: dict[str, str] = json.loads(key.open(bytes(row.sealed), _context(row.pk)))
    return values
