"""Columns of the members list that one chooses, above all for a file: facts, consents, relations.

What says who somebody is stands masked in a file, as on every list; whole values go through the
columns' ``in_clear``, with a permission, a reason and an audit entry that names the rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.clock import now
from mallard.kernel.secrets.masking import mask_name
from mallard.kernel.ui import formats
from mallard.kernel.ui.lists import Column
from mallard.world.members.models import (
    ConsentChannel,
    CustomField,
    Member,
    Relation,
    RelationKind,
)
from mallard.world.members.permissions import REVEAL_IDENTITY, VIEW_NAME
from mallard.world.members.persons import custom_of, persons, where_from
from mallard.world.members.profile import PROFILE_FIELDS, FieldKind, ProfileField
from mallard.world.members.queries import current_consents, records_under
from mallard.world.members.rules import age_on
from mallard.world.members.showing import (
    clear_identities_of_all,
    fact_in_words,
    source_in_words,
)


def chosen_columns(fields: Sequence[CustomField]) -> tuple[Column, ...]:
    """The columns that stand in the list for who chooses them; ``fields`` the reader may see."""
    return (
        Column(
            "identities", _("Identities"), _identities, is_shown=False, is_personal=True,
            in_clear=clear_identities_of_all, clear_permission=REVEAL_IDENTITY,
        ),
        *(_fact_column(field) for code, field in PROFILE_FIELDS.items() if code != "name"),
        Column("sources", _("Where facts come from"), _sources, is_shown=False),
        *(_custom_column(field) for field in fields),
        Column("consents", _("Consents"), _consents, is_shown=False),
        Column("relations", _("Relations"), _relations, is_shown=False),
    )  # fmt: skip


def _identities(member: Any) -> str | None:
    return "; ".join(f"{one.kind_name} {one.masked}" for one in member.card.identities) or None


def _fact_column(field: ProfileField) -> Column:
    """A date of birth is an age on the list; the day leaves only in clear."""
    label: Any = field.label
    is_date = field.kind is FieldKind.DATE
    return Column(
        f"fact_{field.code}",
        _("Age") if is_date else label,
        partial(_fact, field),
        is_shown=False,
        is_personal=is_date,
        in_clear=partial(_clear_fact, field.code) if is_date else None,
        clear_permission=VIEW_NAME if is_date else "",
    )


def _fact(field: ProfileField, member: Any) -> str | int | None:
    fact = member.card.facts.get(field.code)
    if fact is None:
        return None
    if field.kind is FieldKind.DATE:
        return age_on(dt.date.fromisoformat(fact.value), now().date())
    return fact_in_words(field.code, fact.value)


def _clear_fact(code: str, members: Sequence[Member]) -> Mapping[Any, str]:
    found = {id_: person.profile.get(code) for id_, person in persons(members).items()}
    return {id_: fact.value if fact else "" for id_, fact in found.items()}


def _sources(member: Any) -> str | None:
    told = [
        f"{field.label}: {where_from(fact.origin, fact.at)}"
        for code, field in PROFILE_FIELDS.items()
        if (fact := member.card.facts.get(code)) is not None
    ]
    return "; ".join(told) or None


def _custom_column(field: CustomField) -> Column:
    is_personal = field.is_personal
    return Column(
        f"custom_{field.code}",
        field.name,
        partial(_custom, field.code),
        is_shown=False,
        plain=partial(_masked_custom, field.code) if is_personal else None,
        is_personal=is_personal,
        in_clear=partial(_clear_custom, field) if is_personal else None,
        clear_permission=VIEW_NAME if is_personal else "",
    )


def _custom(code: str, member: Any) -> Any:
    return member.card.custom.get(code) or None


def _masked_custom(code: str, member: Any) -> str:
    return mask_name(member.card.custom.get(code, ""))


def _clear_custom(field: CustomField, members: Sequence[Member]) -> Mapping[Any, str]:
    found = custom_of(persons(members), [field])
    return {id_: said[0].value if said else "" for id_, said in found.items()}


def _consents(member: Any) -> str | None:
    """What counts for each purpose and channel, since when, and where the answer came from."""
    told = []
    for one in member.batch.of("consents", current_consents)[member.pk]:
        channel = "" if one.channel == ConsentChannel.ANY else f" ({one.get_channel_display()})"
        answer = gettext("Allowed") if one.is_granted else gettext("Refused")
        source = source_in_words(one) or str(one.get_origin_display())
        told.append(
            f"{one.get_purpose_display()}{channel}: {answer}, "
            f"{formats.day(one.occurred_at)}, {source}"
        )
    return "; ".join(told) or None


def _relations(member: Any) -> str | None:
    """Whether a friend brought them, and how many they brought; other members are not named."""
    brought_by, brought = member.batch.of("relations", _referrals)[member.pk]
    told = [gettext("Brought by a friend")] if brought_by else []
    if brought:
        text = ngettext("Brought %(count)s friend", "Brought %(count)s friends", brought)
        told.append(text % {"count": brought})
    return "; ".join(told) or None


def _referrals(ids: Sequence[UUID]) -> Mapping[UUID, tuple[bool, int]]:
    under = records_under(ids)
    holder = {record: id_ for id_, records in under.items() for record in records}
    rows = Relation.objects.filter(kind=RelationKind.REFERRAL, ended_at=None)
    friends = set(rows.filter(to_member__in=holder).values_list("to_member_id", flat=True))
    counts: dict[UUID, int] = {}
    for referrer in rows.filter(from_member__in=holder).values_list("from_member_id", flat=True):
        counts[holder[referrer]] = counts.get(holder[referrer], 0) + 1
    came = {holder[friend] for friend in friends}
    return {id_: (id_ in came, counts.get(id_, 0)) for id_ in ids}
