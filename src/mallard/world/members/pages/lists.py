"""The list of members."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.bilingual import localised, name_order
from mallard.kernel.secrets.masking import mask_name
from mallard.kernel.ui.filters import ChoiceFilter, DateRangeFilter, GivenFilter, SearchFilter
from mallard.kernel.ui.kept import record_url
from mallard.kernel.ui.lists import Column, Empty, ListPage, Rows
from mallard.kernel.ui.marks import Tone
from mallard.kernel.ui.parts import Badge
from mallard.kernel.ui.templatetags.ui import day
from mallard.world.malls.queries import malls_in, store_name
from mallard.world.members.fields import visible_fields
from mallard.world.members.models import (
    CustomField,
    FieldType,
    FieldValue,
    Member,
    MemberStatus,
    MemberTag,
    Tag,
)
from mallard.world.members.pages.file_columns import chosen_columns
from mallard.world.members.panels import columns_for, filters_for
from mallard.world.members.permissions import (
    ENROL_MEMBER,
    REVEAL_IDENTITY,
    VIEW_MEMBER,
    VIEW_NAME,
)
from mallard.world.members.queries import search_members, visible_members
from mallard.world.members.reach import holding
from mallard.world.members.showing import (
    ShownMembers,
    clear_identities,
    clear_names,
)
from mallard.world.members.tagging import only_visible

_TONES: dict[str, Any] = {"open": "success", "closed": "neutral", "erased": "danger"}


def status_badge(member: Member) -> Badge:
    """The state of a membership, as a badge."""
    return Badge(MemberStatus(member.status).label, _TONES[member.status])


def tag_badge(tag: Tag) -> Badge:
    """A tag in its colour."""
    return Badge(tag.name, cast(Tone, tag.colour))


def _name(member: Any) -> Any:
    return member.card.name or None


def _identity(member: Any) -> Any:
    first = next(iter(member.card.identities), None)
    return format_html('<span class="num">{}</span>', first.masked) if first else None


def _tags(member: Any) -> Any:
    return format_html_join(" ", "{}", ((tag_badge(tag),) for tag in member.card.tags)) or None


def _extra(key: str, member: Any) -> Any:
    return member.card.extra.get(key)


def _has_value(field_id: UUID, rows: Rows, value: str) -> Rows:
    having = FieldValue.objects.filter(field=field_id, values__contains=[value])
    return rows.filter(holding(having))


def _field_filters(fields: Iterable[CustomField]) -> tuple[ChoiceFilter, ...]:
    """A filter for each list and each yes-or-no that is not sealed."""
    found = []
    for field in fields:
        choices = [(o["code"], localised(o["en"], o["zh"])) for o in field.options]
        if field.type == FieldType.YES_NO:
            choices = [("yes", gettext("Yes")), ("no", gettext("No"))]
        if choices and not field.is_personal:
            apply = partial(_has_value, field.id)
            found.append(
                ChoiceFilter(f"custom_{field.code}", field.name, choices=choices, apply=apply)
            )
    return tuple(found)


def _malls(request: HttpRequest) -> Iterable[tuple[str, str | Promise]]:
    return [(str(mall.id), mall.name) for mall in malls_in(actor_of(request).scope)]


def _tag_choices(request: HttpRequest) -> Iterable[tuple[str, str | Promise]]:
    tags = only_visible(Tag.objects.order_by(*name_order()), actor_of(request))
    return [(tag.code, tag.name) for tag in tags if tag.merged_into_id is None]


def _tagged(rows: Rows, code: str) -> Rows:
    return rows.filter(holding(MemberTag.objects.filter(tag__code=code)))


def _in_mall(rows: Rows, mall_id: str) -> Rows:
    return rows.filter(enrolled_mall=mall_id) | rows.filter(enrolled_store__mall=mall_id)


def _at_store(rows: Rows, store_id: UUID) -> Rows:
    return rows.filter(enrolled_store=store_id)


_OWN_COLUMNS = (
    Column("number", _("Number"), "number", sort="number"),
    Column(
        "name",
        _("Full name"),
        _name,
        is_personal=True,
        plain=lambda member: mask_name(member.card.name),
        in_clear=clear_names,
        clear_permission=VIEW_NAME,
    ),
    Column(
        "identity",
        _("Identity"),
        _identity,
        from_width="sm",
        is_personal=True,
        in_clear=clear_identities,
        clear_permission=REVEAL_IDENTITY,
    ),
    Column("status", _("Status"), status_badge, sort="status", from_width="md"),
    Column(
        "tags",
        _("Tags"),
        _tags,
        from_width="lg",
        plain=lambda member: ", ".join(tag.name for tag in member.card.tags),
    ),
)
_LAST_COLUMNS = (
    Column(
        "visit", _("Last visit"), lambda member: day(member.card.last_visit), from_width="lg",
        plain=lambda member: member.card.last_visit and timezone.localdate(member.card.last_visit),
    ),
    Column(
        "joined", _("Joined"), lambda member: day(member.joined_at), sort="joined_at",
        from_width="md", plain=lambda member: timezone.localdate(member.joined_at),
    ),
)  # fmt: skip

_FILTERS = (
    SearchFilter(label=_("Name, phone, card, plate, number or last four"), search=search_members),
    ChoiceFilter("mall", _("Enrolled in"), choices=_malls, apply=_in_mall),
    ChoiceFilter("status", _("Status"), choices=MemberStatus.choices),
    ChoiceFilter("tag", _("Tag"), choices=_tag_choices, apply=_tagged),
    DateRangeFilter("joined", _("Joined"), column="joined_at"),
    GivenFilter("store", _("Enrolled at"), name=store_name, apply=_at_store),
)


def _list_for(actor: Actor) -> ListPage:
    """The list with the columns that higher apps offer to this reader."""
    offered = tuple(
        Column(
            offer.key,
            offer.label,
            partial(_extra, offer.key),
            align=offer.align,
        )
        for offer in columns_for(actor)
    )
    fields = visible_fields(actor)
    filters = tuple(
        ChoiceFilter(
            offer.key,
            offer.label,
            choices=lambda request, offer=offer: offer.choices(actor_of(request)),  # type: ignore[misc]
            apply=lambda rows, value, offer=offer: offer.apply(rows, value, actor),  # type: ignore[misc]
        )
        for offer in filters_for(actor)
    )
    return ListPage(
        key="members",
        title=_("Members"),
        columns=_OWN_COLUMNS + offered + chosen_columns(fields) + _LAST_COLUMNS,
        default_sort="-joined",
        filters=_FILTERS + filters + _field_filters(fields),
        row_url=lambda member: record_url("members:detail", member.pk),
        empty=Empty(_("No members yet"), _("They appear when somebody enrols them."), icon="users"),
        template="members/list.html",
    )


@requires(VIEW_MEMBER)
def member_list(request: HttpRequest) -> HttpResponse:
    """The members whom the reader may see; merged records only when somebody searches."""
    actor = actor_of(request)
    rows = visible_members(actor)
    if not request.GET.get("q", "").strip():
        rows = rows.filter(merged_into=None)
    context = {"may_enrol": actor.may(ENROL_MEMBER)}
    return _list_for(actor).respond(request, ShownMembers.of(rows, actor), context)
