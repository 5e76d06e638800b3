"""What each row would do to the members as they are now. Reads, decides, writes nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F

from mallard.kernel.access.actor import Actor
from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.services import DataKey, open_keys
from mallard.world.intake import membership
from mallard.world.intake.dates import read_date
from mallard.world.intake.interpreting import Problem, Said
from mallard.world.intake.models import ImportMode, MemberImport, RowAction
from mallard.world.malls.models import Mall, Store
from mallard.world.malls.queries import covers_mall, malls_in, stores_in
from mallard.world.members.errors import FieldValueInvalid, PaymentCardRefused
from mallard.world.members.fields import Values, clean, values_of, visible_fields
from mallard.world.members.inputs import ConsentInput, Enrolment, Home, IdentityInput, MemberRef
from mallard.world.members.models import (
    CustomField,
    FieldType,
    Identity,
    Member,
    MemberStatus,
    MemberTag,
)
from mallard.world.members.permissions import MERGE_MEMBER
from mallard.world.members.profile import Profile, open_profile
from mallard.world.members.queries import (
    FoundMember,
    current_consents,
    find_by_identities,
    visible_members,
)
from mallard.world.members.referrals import members_behind
from mallard.world.members.rules import MAX_IDENTITIES
from mallard.world.members.services import MemberChange
from mallard.world.members.tagging import final, usable_tags, visible_tags

CONSENT_SOURCE = "import"


@dataclass(slots=True)
class Plan:
    """What becomes of a row. ``changes``: old and new value by name, for a known member, into whom
    ``merged_ids`` are merged."""

    said: Said
    action: RowAction
    member_id: UUID | None = None
    enrolment: Enrolment | None = None
    change: MemberChange | None = None
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    identity_ids: tuple[UUID, ...] = ()
    merged_ids: tuple[UUID, ...] = ()
    key: DataKey | None = field(default=None, repr=False)

    @property
    def problems(self) -> list[Problem]:
        return self.said.problems


class Places:
    """The stores, malls and tags that rows may name, read once per import."""

    def __init__(self, member_import: MemberImport, actor: Actor) -> None:
        self.mode = member_import.mode
        self.is_merging = member_import.is_merging and actor.may(MERGE_MEMBER)
        self.language = member_import.language
        self.store_id, self.mall_id = member_import.store_id, member_import.mall_id
        self.is_group = actor.scope.is_group
        self.actor = actor
        self.referrers: set[str] = set()
        """Of the rows in hand, the words that name a member who brings friends."""

    @cached_property
    def stores(self) -> Mapping[str, Store]:
        return {s.code: s for s in stores_in(self.actor.scope).select_related("mall")}

    @cached_property
    def mall_of_store(self) -> Mapping[UUID | None, UUID]:
        return {store.pk: store.mall_id for store in self.stores.values()}

    @cached_property
    def malls(self) -> Mapping[str, Mall]:
        scope = self.actor.scope
        return {mall.code: mall for mall in malls_in(scope) if covers_mall(scope, mall.pk)}

    @cached_property
    def tags(self) -> Mapping[str, str]:
        """Codes by code and by name in either language, of those that the actor may put on. A tag
        that was merged is known by its old words, too: files go on naming it."""
        found: dict[str, str] = {}
        usable = {tag.code for tag in usable_tags(self.actor)}
        tags = visible_tags(self.actor).select_related("merged_into")
        for tag in tags.order_by(F("retired_at").asc(nulls_last=True)):
            code = final(tag).code
            if code in usable:
                for name in (tag.code, tag.name_en, tag.name_zh):
                    found.setdefault(name, code)
        found.pop("", None)
        return found

    @cached_property
    def fields(self) -> Mapping[str, CustomField]:
        return {field.code: field for field in visible_fields(self.actor)}

    @cached_property
    def zone(self) -> ZoneInfo:
        return next((mall.zone for mall in self.malls.values()), ZoneInfo("UTC"))


class Seen:
    """Who stood in which row of this file before. Only rows that were taken count. What a batch
    adds is provisional until `keep`: a batch that failed is planned again."""

    def __init__(self) -> None:
        self._kept: dict[MemberRef | UUID, int] = {}
        self._new: dict[MemberRef | UUID, int] = {}

    def first_row(self, *keys: MemberRef | UUID) -> int | None:
        """The row that named one of these before."""
        return next(
            (self._kept.get(k) or self._new[k] for k in keys if k in self._kept or k in self._new),
            None,
        )

    def add(self, said: Said, *member_ids: UUID | None) -> None:
        self._new.update(dict.fromkeys(said.refs, said.number))
        self._new.update({id_: said.number for id_ in member_ids if id_ is not None})

    def begin(self) -> None:
        self._new = {}

    def keep(self) -> None:
        self._kept.update(self._new)
        self._new = {}


def plan_rows(rows: Sequence[Said], *, places: Places, seen: Seen) -> list[Plan]:
    """The plans of some rows, in their order; a fixed number of statements."""
    seen.begin()
    places.referrers = set(members_behind({said.referrer for said in rows if said.referrer}))
    found = find_by_identities({ref for said in rows for ref in said.refs})
    fields = places.fields.values() if any(said.custom for said in rows) else ()
    known = _Known({f.survivor_id for f in found.values()}, places.actor, fields)
    if any(said.joined_on for said in rows):
        known.first_purchases = membership.first_purchases(known.members.keys())
    plans = []
    for row in rows:
        said = replace(row, problems=list(row.problems))
        plan = _plan(said, found, known, places, seen)
        if plan.action != RowAction.REFUSED:
            seen.add(said, plan.member_id, *plan.merged_ids)
        plans.append(plan)
    return plans


class _Known:
    """The members whom the rows name, as they are."""

    def __init__(
        self, ids: Collection[UUID], actor: Actor, fields: Collection[CustomField]
    ) -> None:
        self.members = {m.id: m for m in Member.objects.filter(pk__in=ids)}
        visible = visible_members(actor).filter(pk__in=ids).values_list("pk", flat=True)
        self.visible = set(visible) if not actor.scope.is_group else set(self.members)
        self.keys = open_keys(list(ids))
        self.consents = {
            (id_, one.purpose): one.is_granted
            for id_, said in current_consents(list(ids)).items()
            for one in said
            if one.channel == "any"
        }
        self.identity_counts = Counter(
            Identity.objects.filter(member__in=ids, closed_at=None).values_list(
                "member_id", flat=True
            )
        )
        self.first_purchases: dict[UUID, dt.datetime] = {}
        self.custom = values_of(ids, fields, self.keys)
        self.tags: dict[UUID, set[str]] = {}
        tagged = MemberTag.objects.filter(member__in=ids).values_list("member_id", "tag__code")
        for id_, code in tagged:
            self.tags.setdefault(id_, set()).add(code)

    def profile(self, id_: UUID) -> Profile:
        return open_profile(self.members[id_].profile_sealed, self.keys.get(id_))


def _plan(
    said: Said,
    found: Mapping[MemberRef, FoundMember],
    known: _Known,
    places: Places,
    seen: Seen,
) -> Plan:
    matched = {found[ref].survivor_id for ref in said.refs if ref in found}
    row = seen.first_row(*said.refs, *matched)
    if row is not None:
        said.problems.append(Problem("repeated", params={"row": row}))
    _check_words(said, places)
    if len(matched) > 1 and not places.is_merging:
        said.problems.append(Problem("two_members"))
    elif matched:
        # The oldest membership stands for the others.
        stays, *merged = sorted(matched, key=lambda id_: (known.members[id_].joined_at, id_))
        new = [i for i in said.identities if MemberRef(i.kind, i.value) not in found]
        return _update(said, stays, new, known, places, merged)
    elif places.mode == ImportMode.UPDATE:
        said.problems.append(Problem("unknown_member"))
    return _create(said, places)


def _check_words(said: Said, places: Places) -> None:
    for tag in said.tags:
        if tag not in places.tags:
            said.problems.append(Problem("unknown_tag", "tags"))
            break
    if said.store_code and said.store_code not in places.stores:
        said.problems.append(Problem("unknown_store", "store"))
    if said.mall_code and said.mall_code not in places.malls:
        said.problems.append(Problem("unknown_mall", "mall"))
    for code, cell in said.custom.items():
        _clean_custom(said, code, cell, places)


def _clean_custom(said: Said, code: str, cell: str, places: Places) -> Values:
    one = places.fields.get(code)
    if one is None:
        said.problems.append(Problem("hidden_field", f"custom.{code}"))
        return ()
    try:
        return clean(one, _iso(cell) if one.type == FieldType.DATE else cell)
    except PaymentCardRefused:
        said.problems.append(Problem("payment_card", f"custom.{code}"))
    except FieldValueInvalid:
        said.problems.append(Problem("bad_value", f"custom.{code}"))
    return ()


def _iso(cell: str) -> str:
    """A date in one of the shapes that imports know; as it is when it is none."""
    try:
        return read_date(cell).isoformat()
    except (ValueError, OverflowError):
        return cell


def _refused(said: Said, member_id: UUID | None = None) -> Plan:
    return Plan(said, RowAction.REFUSED, member_id)


def _create(said: Said, places: Places) -> Plan:
    for custom in places.fields.values():
        if custom.is_required and not said.custom.get(custom.code):
            said.problems.append(Problem("required", f"custom.{custom.code}"))
    if said.referrer and said.referrer not in places.referrers:
        said.problems.append(Problem("unknown_referrer", "referrer"))
    if said.problems:
        return _refused(said)
    if not said.identities:
        said.problems.append(Problem("unknown_member" if said.refs else "needs_identity"))
        return _refused(said)
    home = membership.home_of(said, places) or Home(places.store_id, places.mall_id)
    if home == Home() and not places.is_group:
        said.problems.append(Problem("no_place"))
        return _refused(said)
    enrolment = Enrolment(
        profile=said.profile,
        identities=tuple(said.identities),
        consents=_consents(said.consents),
        tags=tuple(dict.fromkeys(places.tags[tag] for tag in said.tags)),
        custom={
            code: _clean_custom(said, code, cell, places) for code, cell in said.custom.items()
        },
        store_id=home.store_id,
        mall_id=home.mall_id,
        joined_at=membership.joined_of(said, places),
        language=said.language or places.language,
        referrer=said.referrer,
        origin=Origin.IMPORT,
    )
    return Plan(said, RowAction.CREATE, enrolment=enrolment)


def _consents(said: Mapping[str, bool]) -> tuple[ConsentInput, ...]:
    return tuple(
        ConsentInput(purpose, is_granted=is_granted, source=CONSENT_SOURCE)
        for purpose, is_granted in said.items()
    )


def _update(
    said: Said,
    id_: UUID,
    new: list[IdentityInput],
    known: _Known,
    places: Places,
    merged: Sequence[UUID] = (),
) -> Plan:
    member = known.members[id_]
    if places.mode == ImportMode.CREATE:
        said.problems.append(Problem("known_member"))
    if not known.visible.issuperset([id_, *merged]):
        said.problems.append(Problem("elsewhere"))
    elif any(known.members[one].status != MemberStatus.OPEN for one in (id_, *merged)):
        said.problems.append(Problem("closed"))
    if new and known.identity_counts[id_] + len(new) > MAX_IDENTITIES:
        said.problems.append(Problem("too_many_identities"))
    if said.problems:
        return _refused(said, id_ if id_ in known.visible else None)
    plan = _difference(said, member, new, known, places)
    if said.problems:
        return _refused(said, id_)
    if merged:
        plan.action, plan.merged_ids = RowAction.MERGE, tuple(merged)
        plan.key = known.keys.get(id_)
        for one in merged:
            plan.changes[f"merge.{known.members[one].number}"] = ("", member.number)
    return plan


def _difference(
    said: Said, member: Member, new: list[IdentityInput], known: _Known, places: Places
) -> Plan:
    """What the row changes of a member; empty cells change nothing."""
    profile = known.profile(member.id)
    changes: dict[str, tuple[str, str]] = {}
    for code, value in said.profile.items():
        present = profile[code].value if code in profile else ""
        if present != value:
            changes[f"profile.{code}"] = (present, value)
    if said.language and said.language != member.language:
        changes["language"] = (member.language, said.language)
    belonging = membership.changed(said, member, places, known.first_purchases.get(member.id))
    changes |= belonging
    for each in new:
        changes[f"identity.{each.kind}"] = ("", each.value)
    codes = dict.fromkeys(places.tags[tag] for tag in said.tags)
    tags = tuple(code for code in codes if code not in known.tags.get(member.id, ()))
    if tags:
        changes["tags"] = ("", ", ".join(tags))
    consents = {}
    for purpose, is_granted in said.consents.items():
        before = known.consents.get((member.id, purpose))
        if before is not is_granted:
            consents[purpose] = is_granted
            changes[f"consent.{purpose}"] = (_word(before), _word(is_granted))
    custom: dict[UUID, Values] = {}
    for code, cell in said.custom.items():
        field_id = places.fields[code].id
        values = _clean_custom(said, code, cell, places)
        old = known.custom.get(member.id, {}).get(field_id, ())
        if values and values != old:
            custom[field_id] = values
            changes[f"custom.{code}"] = (",".join(old), ",".join(values))
    if not changes:
        return Plan(said, RowAction.UNCHANGED, member.id)
    change = MemberChange(
        member.id,
        profile={code: said.profile[code] for code in said.profile if f"profile.{code}" in changes},
        language=said.language or None,
        identities=tuple(new),
        consents=_consents(consents),
        tags=tags,
        custom=custom,
        **membership.before(belonging, 1),
    )
    return Plan(
        said, RowAction.CHANGE, member.id, change=change, changes=changes,
        key=known.keys.get(member.id),
    )  # fmt: skip


def _word(is_granted: bool | None) -> str:
    return "" if is_granted is None else "granted" if is_granted else "refused"


def counts_of(plans: Iterable[Plan]) -> dict[str, int]:
    """How many plans there are of each action."""
    counts: dict[str, int] = {}
    for plan in plans:
        counts[plan.action.value] = counts.get(plan.action.value, 0) + 1
    return counts
