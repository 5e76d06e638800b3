"""Tags: which there are and on how many members, one of them, making, changing, merging."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mallard.kernel.access.actor import Actor, ActorKind
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.people import role_names
from mallard.kernel.bilingual import name_order, with_shown_name
from mallard.kernel.ui.filters import BooleanFilter, SearchFilter
from mallard.kernel.ui.form_page import respond
from mallard.kernel.ui.lists import Column, Empty, ListPage, Rows
from mallard.kernel.ui.parts import Badge, Fact
from mallard.kernel.ui.templatetags.ui import day, number
from mallard.world.malls.queries import whole_malls_in
from mallard.world.members import services
from mallard.world.members.errors import TagNotFound
from mallard.world.members.models import Tag, TagCircle, TagColour
from mallard.world.members.pages.lists import tag_badge
from mallard.world.members.permissions import EDIT_TAG, VIEW_MEMBER
from mallard.world.members.queries import visible_members
from mallard.world.members.tagging import counts_of, may_edit, visible_tags


class TagEditForm(forms.Form):
    """A tag: its words, its colour, whose it is, and for whom."""

    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("For imports and the API; never changes.")
    )
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80, required=False)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    description = forms.CharField(
        label=_("What it says of a member"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    colour = forms.ChoiceField(label=_("Colour"), choices=TagColour.choices)
    seen_by = forms.ChoiceField(label=_("Who sees it"), choices=TagCircle.choices)
    put_by = forms.ChoiceField(
        label=_("Who puts it on and takes it off"),
        choices=TagCircle.choices,
        help_text=_("Of those who may tag members."),
    )

    def __init__(self, data: Any = None, *, actor: Actor, tag: Tag | None = None) -> None:
        super().__init__(data, initial=_initial(tag) if tag else None)
        owners: list[tuple[str, Any]] = [("", _("nobody in particular"))]
        if actor.kind is ActorKind.STAFF:
            owners.append((f"person:{actor.id}", _("me")))
        if tag is not None and tag.owner is not None and tag.owner_id != actor.id:
            owners.append((f"person:{tag.owner_id}", tag.owner.name))
        owners += [(f"role:{code}", name) for code, name in role_names().items()]
        self.fields["owner"] = forms.ChoiceField(
            label=_("Owner"),
            choices=owners,
            required=False,
            help_text=_("Who changes it; and who sees it, if only they may."),
        )
        malls = [(str(m.id), m.name) for m in whole_malls_in(actor.scope).order_by(*name_order())]
        anywhere = [("", _("every mall"))] if actor.scope.is_group else []
        self.fields["mall"] = forms.ChoiceField(
            label=_("For the staff of"),
            choices=[*anywhere, *malls],
            required=not actor.scope.is_group,
        )
        self.order_fields(
            ["code", "name_zh", "name_en", "description", "colour", "owner", "mall", "seen_by"]
        )

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = dict(self.cleaned_data)
        data.pop("code", None)
        kind, _colon, who = data.pop("owner").partition(":")
        mall = data.pop("mall")
        return data | {
            "owner_role": who if kind == "role" else "",
            "owner_id": UUID(who) if kind == "person" else None,
            "mall_id": UUID(mall) if mall else None,
        }


def _initial(tag: Tag) -> dict[str, Any]:
    names = ("code", "name_en", "name_zh", "description", "colour", "seen_by", "put_by")
    owner = f"person:{tag.owner_id}" if tag.owner_id else ""
    return {name: getattr(tag, name) for name in names} | {
        "owner": f"role:{tag.owner_role}" if tag.owner_role else owner,
        "mall": str(tag.mall_id or ""),
    }


class MergeForm(forms.Form):
    """Into which tag."""

    def __init__(self, data: Any = None, *, tag: Tag, actor: Actor) -> None:
        super().__init__(data)
        others = visible_tags(actor).filter(retired_at=None).exclude(pk=tag.pk)
        choices = [
            (one.code, one.name) for one in others.order_by(*name_order()) if may_edit(one, actor)
        ]
        self.fields["into"] = forms.ChoiceField(label=_("Merge into"), choices=choices)


def _owner(tag: Tag) -> str | None:
    if tag.owner is not None:
        return tag.owner.name
    return role_names().get(tag.owner_role, tag.owner_role) or None


def _state(tag: Tag) -> Badge:
    if tag.merged_into_id is not None:
        return Badge(_("Merged"), "neutral")
    return Badge(_("Retired"), "neutral") if tag.retired_at else Badge(_("In use"), "success")


def _members_url(tag: Tag) -> str:
    return f"{reverse('members:list')}?{urlencode({'tag': tag.code})}"


def _count(tag: Any) -> Any:
    return format_html('<a href="{}">{}</a>', _members_url(tag), number(tag.member_count))


def _search(rows: Rows, text: str) -> Rows:
    words = Q(code__icontains=text) | Q(name_en__icontains=text) | Q(name_zh__icontains=text)
    return rows.filter(words | Q(description__icontains=text))


TAGS = ListPage(
    key="tags",
    title=_("Tags of members"),
    columns=(
        Column("tag", _("Tag"), tag_badge, sort="shown_name", plain=lambda tag: tag.name),
        Column("code", _("Code"), "code", sort="code", from_width="md"),
        Column("description", _("What it says of a member"), "description", from_width="lg"),
        Column("owner", _("Owner"), _owner, from_width="md"),
        Column("mall", _("For the staff of"), lambda t: t.mall.name if t.mall else None,
               from_width="lg"),
        Column("members", _("Members"), _count, sort="member_count", align="end",
               plain=lambda tag: tag.member_count),
        Column("state", _("State"), _state),
    ),
    default_sort="tag",
    filters=(
        SearchFilter(label=_("Name, code or description"), search=_search),
        BooleanFilter(
            "retired", _("Retired"), apply=lambda rows: rows.filter(retired_at__isnull=False)
        ),
    ),
    row_url=lambda tag: reverse("members:tag", args=[tag.code]),
    empty=Empty(
        _("No tags yet"), _("A tag is a word that staff put on members, such as VIP."), icon="tag"
    ),
    template="members/tags.html",
)  # fmt: skip


def _counted(actor: Actor) -> QuerySet[Tag]:
    """The visible tags, each with the number of members whom the actor may know of."""
    whose = Q()
    if not actor.scope.is_group:
        whose = Q(member_tags__member__in=visible_members(actor).values("pk"))
    rows = with_shown_name(visible_tags(actor)).select_related("owner", "mall")
    return rows.annotate(member_count=Count("member_tags", filter=whose))


@requires(VIEW_MEMBER)
@require_safe
def tag_list(request: HttpRequest) -> HttpResponse:
    """The tags that the reader may know of; retired ones only when asked for."""
    actor = actor_of(request)
    rows = _counted(actor)
    if request.GET.get("retired") != "1":
        rows = rows.filter(retired_at=None)
    return TAGS.respond(request, rows, {"may_edit": actor.may(EDIT_TAG)})


def _visible(code: str, actor: Actor) -> Tag:
    tags = visible_tags(actor).select_related("owner", "mall", "merged_into")
    tag = tags.filter(code=code).first()
    if tag is None:
        raise TagNotFound()
    return tag


@requires(VIEW_MEMBER)
@require_safe
def tag(request: HttpRequest, tag_code: str) -> HttpResponse:
    """One tag: what it says, whose it is, on how many members."""
    actor = actor_of(request)
    found = _visible(tag_code, actor)
    count = counts_of([found.pk], actor).get(found.pk, 0)
    facts = [
        Fact(_("What it says of a member"), found.description),
        Fact(_("Members"), number(count), url=_members_url(found)),
        Fact(_("Owner"), _owner(found) or _("nobody in particular")),
        Fact(_("For the staff of"), found.mall.name if found.mall else _("every mall")),
        Fact(_("Who sees it"), found.get_seen_by_display()),
        Fact(_("Who puts it on and takes it off"), found.get_put_by_display()),
        Fact(_("Code"), found.code),
        Fact(_("Made"), day(found.created_at)),
    ]
    if found.merged_into is not None:
        into = found.merged_into
        url = reverse("members:tag", args=[into.code])
        facts.insert(0, Fact(_("Merged into"), into.name, url=url))
    context = {
        "tag": found,
        "facts": facts,
        "state": _state(found),
        "may_edit": may_edit(found, actor),
    }
    return render(request, "members/tag.html", context)


@requires(EDIT_TAG)
@require_http_methods(["GET", "POST"])
def new_tag(request: HttpRequest) -> HttpResponse:
    """Make a tag."""
    actor = actor_of(request)
    form = TagEditForm(request.POST or None, actor=actor)
    return respond(
        request,
        form,
        save=lambda data: services.make_tag(data["code"], actor=actor, **form.values()),
        title=_("New tag"),
        done=_("The tag is made."),
        next_url=lambda made: reverse("members:tag", args=[made.code]),
        back_url=reverse("members:tags"),
        back_label=_("Tags of members"),
    )


@requires(EDIT_TAG)
@require_http_methods(["GET", "POST"])
def edit_tag(request: HttpRequest, tag_code: str) -> HttpResponse:
    """Change a tag."""
    actor = actor_of(request)
    found = _visible(tag_code, actor)
    form = TagEditForm(request.POST or None, actor=actor, tag=found)
    form.fields["code"].disabled = True
    url = reverse("members:tag", args=[found.code])
    return respond(
        request,
        form,
        save=lambda _data: services.change_tag(found.code, actor=actor, **form.values()),
        title=gettext("Change “%(tag)s”") % {"tag": found.name},
        done=_("The tag is saved."),
        next_url=lambda _saved: url,
        back_url=url,
        back_label=found.name,
    )


@requires(EDIT_TAG)
@require_POST
def retire_tag(request: HttpRequest, tag_code: str) -> HttpResponse:
    """Put a tag out of use, or bring it back."""
    actor = actor_of(request)
    found = _visible(tag_code, actor)
    if found.retired_at is None:
        services.retire_tag(found.code, actor=actor)
        messages.success(request, gettext("The tag is retired; members keep it."))
    else:
        services.restore_tag(found.code, actor=actor)
        messages.success(request, gettext("The tag is in use again."))
    return redirect("members:tag", found.code)


@requires(EDIT_TAG)
@require_http_methods(["GET", "POST"])
def merge_tag(request: HttpRequest, tag_code: str) -> HttpResponse:
    """Let another tag stand for this one."""
    actor = actor_of(request)
    found = _visible(tag_code, actor)
    form = MergeForm(request.POST or None, tag=found, actor=actor)
    return respond(
        request,
        form,
        save=lambda data: (
            services.merge_tags(found.code, into_code=data["into"], actor=actor),
            data["into"],
        ),
        title=gettext("Merge “%(tag)s”") % {"tag": found.name},
        submit=_("Merge"),
        done=_("The tags are merged. Files and systems may go on naming the old one."),
        next_url=lambda saved: reverse("members:tag", args=[saved[1]]),
        back_url=reverse("members:tag", args=[found.code]),
        back_label=found.name,
        template="members/merge_tag.html",
        context={"count": counts_of([found.pk], actor).get(found.pk, 0)},
    )
