"""The timeline: complete, of who may see what, in pages that lose nothing."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP, Scope
from mallard.kernel.clock import now
from mallard.kernel.errors import NotFound
from mallard.kernel.ui.parts import TimelineEntry
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.members import services, timelines
from mallard.world.members.inputs import ConsentInput
from mallard.world.members.models import Member, MembershipChange, TagChange
from mallard.world.members.panels import MemberInView
from mallard.world.members.permissions import VIEW_MEMBER, VIEW_NAME
from mallard.world.members.queries import records_of
from mallard.world.members.tests.factories import SYSTEM, a_member, an_actor
from mallard.world.members.tests.test_api import Till
from mallard.world.members.timelines import (
    Happened,
    MemberTimeline,
    Place,
    Window,
    choices_for,
    happened,
    place_from,
    register_timeline,
    timeline_of,
)
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
SEES = an_actor(VIEW_MEMBER, VIEW_NAME)


@pytest.fixture(autouse=True)
def _own_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {key: timelines._timelines[key] for key in ("membership", "consents", "tags", "notes")}
    monkeypatch.setattr(timelines, "_timelines", own)


def view_of(member: Member, actor: object = SEES) -> MemberInView:
    return MemberInView(member, records_of([member.id])[member.id], actor)  # type: ignore[arg-type]


def titles(member: Member, kind: str = "") -> list[str]:
    return [str(one.title) for one in timeline_of(view_of(member), kind=kind).entries]


def every_title(member: Member, *, limit: int, kind: str = "") -> list[tuple[dt.datetime, str]]:
    """All entries, read page by page."""
    found, before = [], None
    for _page in range(200):
        page = timeline_of(view_of(member), kind=kind, before=before, limit=limit)
        assert len(page.entries) <= limit
        found += [(one.at, str(one.title)) for one in page.entries]
        if not page.older:
            return found
        before = place_from(page.older)
    raise AssertionError("the pages never end")


@pytest.fixture
def busy() -> Member:
    """A member with forty changes of tags, in groups of the same moment, and four consents."""
    member = a_member()
    for code in ("a", "b", "c", "d"):
        services.make_tag(code, name_en=code.upper(), actor=SYSTEM)
    for _turn in range(5):
        for code in ("a", "b", "c", "d"):
            services.tag_member(member.id, code, actor=SYSTEM)
            services.untag_member(member.id, code, actor=SYSTEM)
    start = now() - dt.timedelta(days=30)
    for place, change in enumerate(TagChange.objects.order_by("id")):
        TagChange.objects.filter(pk=change.pk).update(
            changed_at=start + dt.timedelta(hours=place // 8)
        )
    for purpose in ("marketing", "research", "profiling"):
        services.record_consents(
            member.id, [ConsentInput(purpose, occurred_at=start)], actor=SYSTEM
        )
    return member


@pytest.mark.parametrize("limit", [1, 3, 7, 30, 100])
def test_pages_tell_everything_once_in_order(busy: Member, limit: int) -> None:
    told = every_title(busy, limit=limit)
    assert len(told) == 40 + 1 + 1
    assert [at for at, _title in told] == sorted((at for at, _title in told), reverse=True)
    # Forty changes have eight titles: a page boundary inside a moment loses and doubles none.
    assert sorted(title for _at, title in told) == sorted(
        title for _at, title in every_title(busy, limit=1000)
    )


def test_answers_of_one_moment_are_one_entry(busy: Member) -> None:
    [entry] = timeline_of(view_of(busy), kind="consents").entries
    for said in ("Offers and news", "Surveys and research"):
        assert said in str(entry.title)


def test_what_comes_meanwhile_moves_nothing(busy: Member) -> None:
    first = timeline_of(view_of(busy), kind="tags", limit=10)
    rest = timeline_of(view_of(busy), kind="tags", before=place_from(first.older), limit=100)
    services.tag_member(busy.id, "a", actor=SYSTEM)
    again = timeline_of(view_of(busy), kind="tags", before=place_from(first.older), limit=100)
    assert [one.at for one in again.entries] == [one.at for one in rest.entries]
    assert len(first.entries) + len(rest.entries) == 40


def test_statements_do_not_grow_with_what_happened(busy: Member) -> None:
    quiet = a_member()
    services.tag_member(quiet.id, "a", actor=SYSTEM)

    def counted(member: Member) -> int:
        view = view_of(member)
        with CaptureQueriesContext(connection) as seen:
            timeline_of(view)
        return len(seen)

    assert counted(quiet) == counted(busy)


def test_merges_and_their_undoing_stand_on_both_records() -> None:
    survivor, merged = a_member(), a_member()
    services.merge_members(survivor.id, merged_id=merged.id, actor=SYSTEM)
    services.unmerge_member(merged.id, actor=SYSTEM)
    for member in (survivor, merged):
        told = titles(member, "membership")
        assert f"The merge of {merged.number} into {survivor.number} was undone" in told
        assert f"Record {merged.number} was merged into {survivor.number}" in told


def test_closing_and_opening_again_are_told() -> None:
    member = a_member()
    services.close_member(member.id, actor=SYSTEM)
    services.reopen_member(member.id, actor=SYSTEM)
    assert titles(member, "membership") == [
        f"Membership {member.number} was opened again",
        f"Membership {member.number} was closed",
        "Joined the programme",
    ]


def test_an_erasure_is_told_of_every_record() -> None:
    survivor, merged = a_member(), a_member()
    services.merge_members(survivor.id, merged_id=merged.id, actor=SYSTEM)
    services.erase_member(survivor.id, actor=SYSTEM)
    told = titles(survivor, "membership")
    for member in (survivor, merged):
        assert f"The personal data of {member.number} was erased" in told


def test_notes_are_for_who_sees_names() -> None:
    member = a_member()
    services.write_note(member.id, "Prefers mornings", actor=SYSTEM)
    [entry] = timeline_of(view_of(member), kind="notes").entries
    assert entry.detail == "Prefers mornings"
    blind = timeline_of(view_of(member, an_actor(VIEW_MEMBER)))
    assert "Prefers mornings" not in [one.detail for one in blind.entries]
    assert "notes" not in choices_for(an_actor(VIEW_MEMBER))


def test_a_source_without_permission_is_not_even_asked() -> None:
    def refuse(_view: MemberInView, _window: Window) -> list[Happened]:
        raise AssertionError("asked all the same")

    register_timeline(MemberTimeline("secret", "Secret", "loyalty.give_tier", refuse))
    assert "Secret" not in choices_for(SEES).values()
    assert timeline_of(view_of(a_member())).entries


def test_a_source_about_what_is_not_set_up_stays_away() -> None:
    def nothing(_view: MemberInView, _window: Window) -> list[Happened]:
        raise NotFound()

    register_timeline(MemberTimeline("none", "None", VIEW_MEMBER, nothing))
    assert titles(a_member()) == ["Joined the programme"]


def test_two_moments_of_one_row_at_one_time_are_both_told() -> None:
    at, id_ = now(), UUID(int=7)

    def both(_view: MemberInView, window: Window) -> list[Happened]:
        found = [happened(id_, TimelineEntry(at, part), part) for part in ("began", "ended")]
        return [one for one in found if window.holds(one.place)]

    register_timeline(MemberTimeline("both", "Both", VIEW_MEMBER, both))
    assert [title for _at, title in every_title(a_member(), limit=1, kind="both")] == [
        "ended",
        "began",
    ]


def test_a_place_survives_the_address() -> None:
    place = Place(dt.datetime(2026, 3, 4, 5, 6, 7, 891011, dt.UTC), UUID(int=99), "ended_at")
    assert place_from(str(place)) == place


@pytest.mark.parametrize("text", ["x", "1_2", "a_b_c", f"{10**30}_{'0' * 32}_", "1__"])
def test_what_names_no_place_is_not_found(client: Client, text: str) -> None:
    member = a_member()
    client.force_login(a_staff_user("crm_manager"))
    url = reverse("members:timeline", args=[member.pk])
    assert client.get(url, {"before": text}).status_code == 404


def test_the_page_goes_on_and_htmx_takes_only_the_lines(client: Client, busy: Member) -> None:
    client.force_login(a_staff_user("crm_manager"))
    client.cookies["django_language"] = "en"
    detail = client.get(reverse("members:detail", args=[busy.pk])).content.decode()
    url = reverse("members:timeline", args=[busy.pk])
    assert url in detail
    whole = client.get(url, {"kind": "tags"}).content.decode()
    assert "<html" in whole
    older = timeline_of(view_of(busy), kind="tags").older
    assert f"before={older}" in whole
    lines = client.get(
        url, {"kind": "tags", "before": older}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in lines
    assert lines.count("<li>") == 10
    assert "Older" not in lines


def test_a_change_names_a_survivor_just_when_it_is_of_a_merge() -> None:
    member = a_member()
    for kind, survivor in (("merged", None), ("closed", member)):
        with pytest.raises(IntegrityError), transaction.atomic():
            MembershipChange.objects.create(member=member, kind=kind, survivor=survivor)


def test_what_the_audit_log_knows_is_brought_over() -> None:
    survivor, merged, gone = a_member(), a_member(), a_member()
    services.merge_members(survivor.id, merged_id=merged.id, actor=SYSTEM)
    services.unmerge_member(merged.id, actor=SYSTEM)
    services.close_member(merged.id, actor=SYSTEM)
    services.reopen_member(merged.id, actor=SYSTEM)
    services.erase_member(gone.id, actor=SYSTEM)
    columns = ("member_id", "kind", "survivor_id", "changed_by_id", "changed_by_label")
    written = sorted(map(str, MembershipChange.objects.values_list(*columns)))
    MembershipChange.objects.all().delete()
    module = import_module("mallard.world.members.migrations.0007_membership_changes")
    with connection.cursor() as cursor:
        cursor.execute(module.FROM_AUDIT)
    assert sorted(map(str, MembershipChange.objects.values_list(*columns))) == written
    assert len(written) == 5


def test_the_members_page_takes_it_when_somebody_gets_there(busy: Member, client: Client) -> None:
    client.force_login(a_staff_user("crm_manager"))
    url = reverse("members:timeline", args=[busy.pk])
    detail = client.get(reverse("members:detail", args=[busy.pk])).content.decode()
    assert f'hx-get="{url}"' in detail
    assert f'href="{url}"' in detail  # without a script
    card = client.get(url, headers={"HX-Request": "true", "HX-Target": "member-timeline"})
    text = card.content.decode()
    assert ("<html" in text, "Everything, also what is older" in text) == (False, True)


class TestApi:
    def test_a_key_reads_what_its_permissions_show_page_by_page(self) -> None:
        member = a_member(consents=(ConsentInput("marketing", is_granted=True),))
        services.write_note(member.id, "prefers window seats", actor=SYSTEM)
        for name in ("vip", "tea"):
            services.make_tag(name, name_en=name.title(), actor=SYSTEM)
            services.tag_members([member.id], name, actor=SYSTEM)
        path = f"/members/{member.id}/timeline"
        till = Till(WHOLE_GROUP, "members.view_member", "members.view_name")
        found, cursor = [], ""
        for _page in range(20):
            status, page = till.call("GET", f"{path}?limit=1{cursor}")
            assert status == 200
            found += page["items"]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert [one["title"] for one in found] == titles(member)
        assert {one["kind"] for one in found} == {"membership", "consents", "tags", "notes"}
        _status, tags = till.call("GET", f"{path}?kind=tags")
        assert [one["title"] for one in tags["items"]] == ["Tagged: Tea", "Tagged: Vip"]
        blind = Till(WHOLE_GROUP, "members.view_member")
        _status, page = blind.call("GET", path)
        assert "notes" not in {one["kind"] for one in page["items"]}
        assert "window seats" not in str(page)
        assert blind.call("GET", f"{path}?kind=notes")[0] == 422

    def test_what_is_no_cursor_and_another_malls_member_are_refused(self) -> None:
        world = a_mall_group()
        here = Till(Scope(mall_ids=frozenset([world.lakeside.id])), "members.view_member")
        own, other = a_member(mall_id=world.lakeside.id), a_member(mall_id=world.hillside.id)
        assert here.call("GET", f"/members/{own.id}/timeline")[0] == 200
        assert here.call("GET", f"/members/{own.id}/timeline?cursor=nonsense")[0] == 400
        assert here.call("GET", f"/members/{other.id}/timeline")[0] == 404
