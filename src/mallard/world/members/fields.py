"""Custom fields: what values they accept, how these are kept and read. No writes."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import orjson
from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.people import roles_of
from mallard.kernel.bilingual import localised
from mallard.kernel.money import Money
from mallard.kernel.search_text import simplified
from mallard.kernel.secrets.services import DataKey
from mallard.kernel.ui import formats
from mallard.world.members.errors import FieldValueInvalid, PaymentCardRefused
from mallard.world.members.models import CustomField, FieldAudience, FieldType, FieldValue
from mallard.world.members.permissions import VIEW_CONFIDENTIAL, VIEW_EVERY_FIELD, VIEW_NAME
from mallard.world.members.rules import contains_payment_card

MAX_TEXT = 200
MAX_NUMBER = 10**15
Values = tuple[str, ...]

_YES = {"yes", "y", "true", "1", "是", "有"}
_NO = {"no", "n", "false", "0", "否", "无"}


class _Wrong(Exception):
    pass


def active_fields() -> list[CustomField]:
    """The fields in use, in the order in which screens show them."""
    return list(CustomField.objects.filter(retired_at=None))


def visible_fields(actor: Actor) -> list[CustomField]:
    """Those whose values ``actor`` may see and change."""
    needed = {FieldAudience.NAMES: VIEW_NAME, FieldAudience.CONFIDENTIAL: VIEW_CONFIDENTIAL}
    fields = [
        field
        for field in active_fields()
        if (permission := needed.get(FieldAudience(field.audience))) is None
        or actor.may(permission)
    ]
    if actor.may(VIEW_EVERY_FIELD) or not any(field.roles for field in fields):
        return fields
    held = roles_of(actor)
    return [field for field in fields if not field.roles or held & set(field.roles)]


def clean(field: CustomField, value: str | Iterable[str] | None) -> Values:
    """``value`` as it is kept: nothing, one text, or the codes of a list.

    Raises `FieldValueInvalid` and `PaymentCardRefused`, naming the field.
    """
    given = [value] if isinstance(value, str) else list(value or ())
    texts = [" ".join(unicodedata.normalize("NFKC", text).split()) for text in given]
    texts = [text for text in texts if text]
    if not texts:
        return ()
    try:
        if field.type == FieldType.MANY:
            return _codes(field, texts)
        if len(texts) > 1:
            raise _Wrong(_("Choose one from the list."))
        return (_one(field, texts[0]),)
    except _Wrong as wrong:
        raise FieldValueInvalid(fields={f"custom_{field.code}": str(wrong)}) from None


def _one(field: CustomField, text: str) -> str:
    if field.type == FieldType.CHOICE:
        return _code(field, text)
    if field.type == FieldType.YES_NO:
        word = simplified(text).casefold()
        if word not in _YES | _NO:
            raise _Wrong(_("Write yes or no (是, 否)."))
        return "yes" if word in _YES else "no"
    if field.type == FieldType.DATE:
        try:
            return dt.date.fromisoformat(text).isoformat()
        except ValueError:
            raise _Wrong(_("Write the date as year-month-day, such as 1990-05-21.")) from None
    if field.type in (FieldType.NUMBER, FieldType.MONEY):
        return _figure(field, text)
    if contains_payment_card(text):
        raise PaymentCardRefused(fields={f"custom_{field.code}": PaymentCardRefused.message})
    if len(text) > MAX_TEXT or not text.isprintable():
        raise _Wrong(_("Use at most %(limit)s characters.") % {"limit": MAX_TEXT})
    _check_bounds(field, len(text))
    return text


def _figure(field: CustomField, text: str) -> str:
    """A whole number; an amount in minor units of the field's currency."""
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if number.is_finite() and field.type == FieldType.MONEY:
        number = number.scaleb(get_currency_precision(field.currency))
    if not number.is_finite() or abs(number) >= MAX_NUMBER or number != number.to_integral_value():
        raise _Wrong(_("This is no number, or has too many decimals."))
    _check_bounds(field, int(number))
    return str(int(number))


def _check_bounds(field: CustomField, number: int) -> None:
    if field.minimum is not None and number < field.minimum:
        raise _Wrong(_("At least %(limit)s.") % {"limit": field.minimum})
    if field.maximum is not None and number > field.maximum:
        raise _Wrong(_("At most %(limit)s.") % {"limit": field.maximum})


def _code(field: CustomField, text: str) -> str:
    """The code of an option, given by its code or its name in either language."""
    wanted = simplified(text).casefold()
    for option in field.options:
        names = (option["code"], option["en"], option["zh"])
        if wanted in (simplified(name).casefold() for name in names if name):
            code: str = option["code"]
            return code
    raise _Wrong(_("Choose one from the list."))


def _codes(field: CustomField, texts: Sequence[str]) -> Values:
    chosen = {
        _code(field, part.strip())
        for text in texts
        for part in text.replace("、", ",").replace(";", ",").split(",")
        if part.strip()
    }
    return tuple(option["code"] for option in field.options if option["code"] in chosen)


def clean_all(
    fields: Iterable[CustomField], given: Mapping[str, Any], *, is_new: bool
) -> dict[UUID, Values]:
    """Cleaned values by field id. Raises what `clean` raises, and refuses an empty value of a
    required field: a new member states all of those, another only what is named."""
    found = {}
    for field in fields:
        if field.code not in given and not (is_new and field.is_required):
            continue
        values = clean(field, given.get(field.code))
        if not values and field.is_required:
            sentence = str(REQUIRED)
            raise FieldValueInvalid(fields={f"custom_{field.code}": sentence})
        found[field.id] = values
    return found


REQUIRED = gettext_lazy("This field is required.")


def value_context(value_id: UUID) -> str:
    """What sealed values are bound to."""
    return f"members.field.value:{value_id}"


def opened_value(row: FieldValue, key: DataKey | None) -> Values:
    """The values of a row; nothing when the member was erased."""
    if row.values_sealed is None:
        return tuple(row.values)
    if key is None:
        return ()
    return tuple(orjson.loads(key.open(bytes(row.values_sealed), value_context(row.id))))


def values_of(
    member_ids: Iterable[UUID], fields: Iterable[CustomField], keys: Mapping[UUID, DataKey]
) -> dict[UUID, dict[UUID, Values]]:
    """Values by member and field; one query."""
    wanted = [field.id for field in fields]
    found: dict[UUID, dict[UUID, Values]] = {}
    if wanted:
        for row in FieldValue.objects.filter(member__in=list(member_ids), field__in=wanted):
            opened = opened_value(row, keys.get(row.member_id))
            found.setdefault(row.member_id, {})[row.field_id] = opened
    return found


def shown(field: CustomField, values: Values) -> str:
    """Values for a reader."""
    if not values:
        return ""
    if field.type in (FieldType.CHOICE, FieldType.MANY):
        names = {o["code"]: localised(o["en"], o["zh"]) for o in field.options}
        return ", ".join(names.get(code, code) for code in values)
    (value,) = values
    if field.type == FieldType.YES_NO:
        return _("Yes") if value == "yes" else _("No")
    if field.type == FieldType.MONEY:
        return formats.money(Money(int(value), field.currency))
    if field.type == FieldType.NUMBER:
        return formats.number(int(value))
    if field.type == FieldType.DATE:
        return formats.day(dt.date.fromisoformat(value))
    return value


def typed(field: CustomField, values: Values) -> Any:
    """Values as the form's field takes them."""
    if field.type == FieldType.MANY:
        return list(values)
    value = values[0] if values else ""
    if value and field.type == FieldType.MONEY:
        return str(Decimal(int(value)).scaleb(-get_currency_precision(field.currency)))
    return value
