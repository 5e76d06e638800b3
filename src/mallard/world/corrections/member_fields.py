"""What a member has beside the profile: values of custom fields, phones and e-mail addresses.

A custom field is proposed as its form takes it and kept canonical; whoever may not see the field
does not learn that it is there. An identity is proposed whole, kept normalised, and shown masked to
everybody, the owner included: who decides and may reveal identities sees it for a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.bilingual import localised
from mallard.kernel.errors import DomainError
from mallard.kernel.secrets.services import open_keys
from mallard.world.corrections.records import Field
from mallard.world.members import services as members
from mallard.world.members.blind import open_identity
from mallard.world.members.errors import FieldValueInvalid, PaymentCardRefused
from mallard.world.members.fields import clean, clean_all, shown, typed, visible_fields
from mallard.world.members.inputs import IdentityInput
from mallard.world.members.models import CustomField, Identity, IdentityKind, Member
from mallard.world.members.persons import custom_of, persons
from mallard.world.members.queries import records_under
from mallard.world.members.rules import mask_identity
from mallard.world.members.services.identities import checked_value

KINDS = (IdentityKind.PHONE.value, IdentityKind.EMAIL.value)
_CUSTOM, _ONE_MORE = "custom", "identity"
_ADDED = {
    "phone": pgettext_lazy("correction", "Phone: one more"),
    "email": pgettext_lazy("correction", "E-mail: one more"),
}


def fields_of_member(row: Member, actor: Actor) -> Mapping[str, Field]:
    """The custom fields that ``actor`` may see, and the identities of ``row``."""
    found = [_custom(field, row) for field in visible_fields(actor)]
    found += [_one_more(kind, row) for kind in KINDS]
    found += [_one(identity, row) for identity in _open_identities(row)]
    return {field.code: field for field in found}


def field_of_member(row: Member, code: str, actor: Actor) -> Field | None:
    """One of them; an identity also when it was removed since."""
    family, _dot, rest = code.partition(".")
    if family == _CUSTOM:
        fields = (field for field in visible_fields(actor) if field.code == rest)
        return next((_custom(field, row) for field in fields), None)
    if family == _ONE_MORE and rest in KINDS:
        return _one_more(rest, row)
    if family not in KINDS:
        return None
    try:
        id_ = UUID(hex=rest)
    except ValueError:
        return None
    records = records_under([row.pk]).get(row.pk, (row.pk,))
    identity = Identity.objects.filter(pk=id_, member__in=records, kind=family).first()
    return _one(identity, row) if identity is not None else None


def unread_field(code: str) -> Field | None:
    """What somebody reads who may not know the field."""
    family, _dot, rest = code.partition(".")
    if family == _CUSTOM:
        return Field(code, _("A custom field"))
    family = rest if family == _ONE_MORE else family
    return Field(code, IdentityKind(family).label) if family in KINDS else None


# --- custom fields


def _custom(field: CustomField, row: Member) -> Field:
    return Field(
        f"{_CUSTOM}.{field.code}",
        field.name,
        told=_("A custom field"),
        check=partial(_checked_custom, field),
        read=partial(_custom_value, field, row),
        speak=partial(_custom_in_words, field),
        change=lambda value, actor: members.change_person(
            row.pk, profile={}, custom={field.code: value}, actor=actor
        ),
    )


def _as_typed(field: CustomField, values: tuple[str, ...]) -> str:
    said = typed(field, values)
    return ", ".join(said) if isinstance(said, list) else str(said)


def _custom_value(field: CustomField, row: Member) -> str:
    said = custom_of(persons([row]), [field])[row.pk]
    return _as_typed(field, said[0].values if said else ())


def _checked_custom(field: CustomField, value: str) -> str:
    """The value as its form would show it again. Raises as the form does, at ``value``."""
    try:
        values = clean_all([field], {field.code: value}, is_new=False)[field.id]
    except (FieldValueInvalid, PaymentCardRefused) as error:
        words = [str(sentence) for sentence in error.fields.values()]
        names = [localised(one["en"], one["zh"]) for one in field.options]
        if value and names:
            words.append(gettext("There are: %(names)s.") % {"names": ", ".join(names)})
        raise type(error)(fields={"value": " ".join(words)}) from None
    return _as_typed(field, values)


def _custom_in_words(field: CustomField, value: str) -> str:
    try:
        return shown(field, clean(field, value))
    except DomainError:
        # Kept under rules that the field no longer has.
        return value


# --- identities


def _open_identities(row: Member) -> Sequence[Identity]:
    records = records_under([row.pk]).get(row.pk, (row.pk,))
    return list(
        Identity.objects.filter(member__in=records, kind__in=KINDS, closed_at=None).order_by(
            "kind", "created_at", "id"
        )
    )


def _value(identity: Identity) -> str:
    key = open_keys([identity.member_id]).get(identity.member_id)
    return open_identity(identity, key) if key is not None and identity.value_sealed else ""


def _one_more(kind: str, row: Member) -> Field:
    """To add an identity: what stands there are those of its kind that there are."""

    def change(value: str, actor: Actor) -> object:
        return members.add_identity(row.pk, IdentityInput(kind, value), actor=actor)

    return Field(
        f"{_ONE_MORE}.{kind}",
        _ADDED[kind],
        told=IdentityKind(kind).label,
        identity=kind,
        check=lambda value: checked_value(kind, value),
        read=lambda: ", ".join(
            sorted(_value(one) for one in _open_identities(row) if one.kind == kind)
        ),
        speak=partial(_masked, kind),
        change=change,
    )


def _one(identity: Identity, row: Member) -> Field:
    """To put another in the place of this identity, or nothing."""
    kind = identity.kind

    def check(value: str) -> str:
        return checked_value(kind, value) if value else ""

    def change(value: str, actor: Actor) -> None:
        if Identity.objects.filter(pk=identity.pk, closed_at=None).exists():
            members.remove_identity(identity.pk, member_id=row.pk, actor=actor)
        if value:
            members.add_identity(row.pk, IdentityInput(kind, value), actor=actor)

    return Field(
        f"{kind}.{identity.pk.hex}",
        f"{IdentityKind(kind).label} {_masked(kind, _value(identity))}",
        told=IdentityKind(kind).label,
        identity=kind,
        check=check,
        read=lambda: _value(identity) if identity.closed_at is None else "",
        speak=partial(_masked, kind),
        change=change,
    )


def _masked(kind: str, value: str) -> str:
    """Identities, as everybody may see them."""
    return ", ".join(mask_identity(kind, one) for one in identities_in(value))


def identities_in(value: str) -> list[str]:
    """The identities that stand in a value: none, one, or those that there were of a kind."""
    return [one for one in value.split(", ") if one]
