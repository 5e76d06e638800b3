"""Which tiers there are: one more from a business day on, and another name for one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.database.transactions import atomic_retrying
from mallard.value.loyalty.errors import (
    NoSuchTier,
    RenamedInThePast,
    TierCodeTaken,
    TiersMakeNoSense,
)
from mallard.value.loyalty.models import Programme, Tier
from mallard.value.loyalty.queries import forget_programme, schemes_of
from mallard.value.loyalty.rules import TierLevel
from mallard.value.loyalty.rules.schemes import Scheme, scheme_on
from mallard.value.loyalty.services.programme import require_whole_group
from mallard.value.loyalty.services.tiers import (
    BenefitInput,
    check_scheme,
    create_benefit,
    locked_programme,
    require_unassessed,
    save_scheme,
)


@dataclass(frozen=True, slots=True)
class NewTier:
    """A tier that is added: right above the tier ``above`` (empty: below all), with what it takes
    and gives."""

    code: str
    name_en: str
    name_zh: str
    above: str
    spend_minor: int
    visits: int
    bonus_bp: int
    value: int = 0
    by_invitation: bool = False
    benefits: tuple[BenefitInput, ...] = ()


@atomic_retrying
def add_tier(given: NewTier, *, starts_on: dt.date, actor: Actor) -> Tier:
    """Let there be one more tier from a business day on. Earlier days do not know it.

    What tiers take from later days on, where that is set already, names it too, with the same
    thresholds. Raises :class:`TierCodeTaken`, :class:`TiersChangeThePast`, and
    :class:`TiersMakeNoSense` where it does not take more than the tier below and less than the one
    above.
    """
    require_whole_group(actor)
    parent = locked_programme()
    if Tier.objects.filter(programme=parent, code=given.code).exists():
        raise TierCodeTaken(fields={"code": TierCodeTaken.message})
    require_unassessed(starts_on)
    row = Tier.objects.create(
        programme=parent,
        code=given.code,
        name_en=given.name_en,
        name_zh=given.name_zh,
        rank=_free_rank(parent, given.above),
        spend_minor=given.spend_minor,
        visits=given.visits,
        bonus_bp=given.bonus_bp,
        starts_on=starts_on,
    )
    after = {
        "code": row.code,
        "name_en": row.name_en,
        "name_zh": row.name_zh,
        "starts_on": starts_on.isoformat(),
    }
    record(actor, "loyalty.add_tier", "tier", row.id, after=after)
    for scheme in _with_tier(schemes_of(parent), given, row.rank, starts_on):
        _require_sense(scheme, parent)
        save_scheme(parent, scheme, actor=actor)
    for benefit in given.benefits:
        create_benefit(parent, replace(benefit, tier_code=row.code, segment=""), actor=actor)
    forget_programme()
    return row


def _free_rank(parent: Programme, above: str) -> int:
    """The rank right above a tier, with those above it moved up by one; the highest first, because
    each rank is there once at every moment."""
    tiers = Tier.objects.filter(programme=parent)
    below = tiers.filter(code=above).first() if above else None
    if above and below is None:
        raise NoSuchTier(fields={"above": NoSuchTier.message})
    rank = below.rank if below else 0
    for tier in tiers.filter(rank__gt=rank).order_by("-rank"):
        tier.rank += 1
        tier.save(update_fields=["rank"])
    return rank + 1


def _with_tier(
    schemes: Sequence[Scheme], given: NewTier, rank: int, starts_on: dt.date
) -> list[Scheme]:
    """What tiers take from the first day of the new one on, and from each later day that is set."""
    first = replace(scheme_on(schemes, starts_on), starts_on=starts_on)
    level = TierLevel(
        given.code,
        rank,
        given.spend_minor,
        given.visits,
        given.bonus_bp,
        given.value,
        given.by_invitation,
    )
    return [
        replace(one, levels=tuple(sorted((*one.levels, level), key=lambda each: each.rank)))
        for one in (first, *(one for one in schemes if one.starts_on > starts_on))
    ]


def _require_sense(scheme: Scheme, parent: Programme) -> None:
    try:
        check_scheme(scheme, Tier.objects.filter(programme=parent))
    except TiersMakeNoSense as error:
        # The fields of the other form name each tier; here there is one to change.
        said = {"value" if name == "value_per_amount" else "spend": error.fields[name]
                for name in error.fields}  # fmt: skip
        raise TiersMakeNoSense(fields=said) from None


@atomic_retrying
def rename_tier(
    code: str, *, name_en: str, name_zh: str, renamed_on: dt.date, actor: Actor
) -> Tier:
    """Call a tier otherwise from a day on, which is today or later. A name that waited for its day
    is replaced. Raises :class:`NoSuchTier` and :class:`RenamedInThePast`."""
    require_whole_group(actor)
    parent = locked_programme()
    row = Tier.objects.filter(programme=parent, code=code).first()
    if row is None:
        raise NoSuchTier()
    today = clock.now().date()
    if renamed_on < today:
        raise RenamedInThePast(fields={"renamed_on": RenamedInThePast.message})
    before = {"name_en": row.names_on(today)[0], "name_zh": row.names_on(today)[1]}
    row.name_en, row.name_zh = row.names_on(today)
    row.coming_name_en, row.coming_name_zh, row.renamed_on = "", "", None
    if renamed_on == today:
        row.name_en, row.name_zh = name_en, name_zh
    else:
        row.coming_name_en, row.coming_name_zh, row.renamed_on = name_en, name_zh, renamed_on
    row.save(update_fields=["name_en", "name_zh", "coming_name_en", "coming_name_zh", "renamed_on"])
    after = {"name_en": name_en, "name_zh": name_zh, "renamed_on": renamed_on.isoformat()}
    record(actor, "loyalty.rename_tier", "tier", row.id, before=before, after=after)
    forget_programme()
    return row
