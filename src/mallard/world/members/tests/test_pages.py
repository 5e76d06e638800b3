"""Members on screen: who sees whom, what is masked, and what each button does."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from mallard.kernel.access.actor import Scope
from mallard.kernel.audit.models import Entry
from mallard.kernel.errors import NotFound
from mallard.kernel.provenance import Origin
from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import Badge
from mallard.world.malls.tests.factories import World, a_mall_group
from mallard.world.members import panels, services
from mallard.world.members.inputs import ConsentInput
from mallard.world.members.models import Consent, Member, MemberStatus
from mallard.world.members.portraits import portrait
from mallard.world.members.queries import visible_members
from mallard.world.members.tests.factories import SYSTEM, a_member, an_actor
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
SHARING = (ConsentInput("share_with_tenant"),)


def page(member: Member, name: str = "detail", **more: object) -> str:
    return reverse(f"members:{name}", kwargs={"member_id": member.id, **more})


@pytest.fixture(autouse=True)
def _no_higher_apps(monkeypatch: pytest.MonkeyPatch) -> None:
    """What apps above this one register is theirs to test."""
    for name in ("_panels", "_marks", "_actions", "_columns"):
        monkeypatch.setattr(panels, name, {})


@pytest.fixture
def world() -> World:
    return a_mall_group()


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(a_staff_user("crm_manager"))
    return client


class TestWhoSeesWhom:
    def test_a_mall_sees_who_enrolled_or_bought_there(self, world: World) -> None:
        enrolled = a_member(mall_id=world.lakeside.id)
        at_store = a_member(store_id=world.lakeside_pharmacy.id)
        bought = a_member()
        services.note_presence([(bought.id, world.lakeside_bakery.id, AT)])
        a_member(store_id=world.hillside_bakery.id)
        lakeside = an_actor(scope=Scope(mall_ids=frozenset([world.lakeside.id])))
        assert set(visible_members(lakeside)) == {enrolled, at_store, bought}

    @pytest.mark.parametrize("kind", ["tenant", "store"])
    def test_a_tenant_sees_who_bought_from_them_and_consents(self, world: World, kind: str) -> None:
        sharing, silent = a_member(consents=SHARING), a_member()
        elsewhere = a_member(consents=SHARING)
        only_enrolled = a_member(consents=SHARING, store_id=world.lakeside_bakery.id)
        services.note_presence(
            [
                (sharing.id, world.lakeside_bakery.id, AT),
                (silent.id, world.lakeside_bakery.id, AT),
                (elsewhere.id, world.lakeside_pharmacy.id, AT),
            ]
        )
        scope = (
            Scope(tenant_ids=frozenset([world.bakery.id]))
            if kind == "tenant"
            else Scope(store_ids=frozenset([world.lakeside_bakery.id]))
        )
        assert set(visible_members(an_actor(scope=scope))) == {sharing}
        assert only_enrolled.consents.exists()
        services.withdraw_consent(sharing.id, purpose="share_with_tenant", actor=SYSTEM)
        assert not visible_members(an_actor(scope=scope)).exists()

    def test_a_survivor_is_seen_where_the_merged_record_had_been(self, world: World) -> None:
        survivor, merged = a_member(), a_member()
        services.note_presence([(merged.id, world.lakeside_bakery.id, AT)])
        lakeside = an_actor(scope=Scope(mall_ids=frozenset([world.lakeside.id])))
        assert set(visible_members(lakeside)) == {merged}
        services.merge_members(survivor.id, merged_id=merged.id, actor=SYSTEM)
        assert set(visible_members(lakeside)) == {survivor, merged}

    def test_nobody_is_seen_from_nowhere(self) -> None:
        a_member(consents=SHARING)
        assert not visible_members(an_actor(scope=Scope())).exists()

    def test_another_malls_member_is_not_found_by_any_address(
        self, client: Client, world: World
    ) -> None:
        stranger = a_member(store_id=world.hillside_bakery.id, name="Stranger")
        identity = stranger.identities.get()
        lakeside = Scope(mall_ids=frozenset([world.lakeside.id]))
        client.force_login(a_staff_user("crm_manager", scope=lakeside))
        for name in ("detail", "edit", "erase"):
            assert client.get(page(stranger, name)).status_code == 404
        for name in ("close", "reopen", "erase", "record_consent", "add_tag", "add_note"):
            assert client.post(page(stranger, name)).status_code == 404
        reveal = page(stranger, "reveal_identity", identity_id=identity.id)
        assert client.post(reveal, {"reason": "curious"}).status_code == 404
        assert stranger.number not in client.get("/members/?q=Stranger").content.decode()
        stranger.refresh_from_db()
        assert stranger.status == MemberStatus.OPEN
        assert not Entry.objects.filter(action="members.identity_revealed").exists()


class TestList:
    def test_a_search_finds_and_identities_are_masked(self, manager: Client) -> None:
        a_member(name="王小明", phone="13912345678")
        a_member(name="李雷")
        for text in ("小明", "139 1234 5678", "5678"):
            html = manager.get("/members/", {"q": text}).content.decode()
            assert "王小明" in html
            assert "李雷" not in html
            assert "****5678" in html
            assert "12345678" not in html

    def test_the_number_of_queries_does_not_grow_with_the_list(
        self,
        manager: Client,
        django_assert_max_num_queries,  # type: ignore[no-untyped-def]
    ) -> None:
        for count in (2, 12):
            for _ in range(count):
                a_member()
            with django_assert_max_num_queries(24):
                assert manager.get("/members/").status_code == 200

    def test_names_are_masked_for_an_analyst(self, client: Client) -> None:
        member = a_member(name="王小明", profile={"birth_date": "1990-05-21"})
        client.force_login(a_staff_user("analyst"))
        for url in ("/members/", page(member)):
            html = client.get(url).content.decode()
            assert "王**" in html
            assert "王小明" not in html
            assert "1990-05-21" not in html

    def test_a_column_of_a_higher_app_appears(self, manager: Client) -> None:
        a_member()
        column = panels.MemberColumn(
            "points", "Points", "members.view_member", lambda ids, actor: dict.fromkeys(ids, "4711")
        )
        panels.register_column(column)
        assert "4711" in manager.get("/members/").content.decode()


class TestDetail:
    def test_it_says_what_is_generated_and_who_it_is(self, manager: Client) -> None:
        member = a_member(name="Ann Li", origin=Origin.GENERATED, profile={"occupation": "Baker"})
        html = manager.get(page(member)).content.decode()
        assert "Ann Li" in html
        assert "Baker" in html
        assert "Generated" in html

    def test_marks_panels_and_actions_of_higher_apps_are_shown_to_those_who_may(
        self, manager: Client, client: Client
    ) -> None:
        panels.register_mark(
            panels.MemberMark("tier", "members.reveal_identity", lambda view: Badge("Gold tier"))
        )
        panels.register_action(
            panels.MemberAction("x", "Adjust it", "members.view_member", lambda view: "/x")
        )
        member = a_member()
        html = manager.get(page(member)).content.decode()
        assert "Gold tier" in html
        assert "Adjust it" in html
        client.force_login(a_staff_user("director"))
        assert "Gold tier" not in client.get(page(member)).content.decode()

    def test_a_panel_about_something_not_set_up_yet_stays_away(self, manager: Client) -> None:
        def nothing(*_asked: object) -> None:
            raise NotFound()

        panels.register_panel(
            panels.MemberPanel("p", "Panel P", "x.html", "members.view_member", nothing)
        )
        panels.register_column(panels.MemberColumn("c", "Column C", "members.view_member", nothing))
        member = a_member()
        assert "Panel P" not in manager.get(page(member)).content.decode()
        assert "Column C" in manager.get("/members/").content.decode()

    def test_revealing_needs_a_reason_and_is_recorded(self, manager: Client) -> None:
        member = a_member(phone="13912345678")
        url = page(member, "reveal_identity", identity_id=member.identities.get().id)
        refused = manager.post(url, {"reason": ""}, headers={"HX-Request": "true"})
        assert refused.status_code == 422
        assert "13912345678" not in refused.content.decode()
        shown = manager.post(url, {"reason": "call back"}, headers={"HX-Request": "true"})
        assert "+8613912345678" in shown.content.decode()
        assert "no-store" in shown["Cache-Control"]
        assert Entry.objects.filter(action="members.identity_revealed").count() == 1

    def test_an_erased_member_shows_nothing_and_offers_nothing(self, manager: Client) -> None:
        member = a_member(name="Zebediah")
        assert manager.get(page(member, "erase")).status_code == 200
        assert manager.post(page(member, "erase")).status_code == 302
        html = manager.get(page(member)).content.decode()
        assert "Zebediah" not in html
        assert "was erased" in html
        assert page(member, "edit") not in html
        assert manager.get(page(member, "edit")).status_code == 409


class TestForms:
    def test_enrolling_makes_a_member_with_consents(self, manager: Client, world: World) -> None:
        form = {
            "phone": "139 1234 5678", "name": "Ann Li", "language": "en", "programme": "on",
            "place": f"store:{world.lakeside_bakery.id}",
        }  # fmt: skip
        answer = manager.post("/members/enrol", form)
        member = Member.objects.get()
        assert answer["Location"] == page(member)
        assert member.enrolled_store == world.lakeside_bakery
        said = dict(Consent.objects.values_list("purpose", "is_granted"))
        assert said == {"programme": True, "marketing": False, "share_with_tenant": False}

    def test_a_taken_phone_is_said_beside_the_field_and_nothing_typed_is_lost(
        self, manager: Client
    ) -> None:
        a_member(phone="13912345678")
        form = {"phone": "13912345678", "name": "Bob B", "language": "en", "programme": "on"}
        answer = manager.post("/members/enrol", form)
        assert answer.status_code == 422
        assert "belongs to another member" in answer.content.decode()
        assert "Bob B" in answer.content.decode()
        assert Member.objects.count() == 1

    def test_nobody_enrols_at_a_place_outside_their_scope(
        self, client: Client, world: World
    ) -> None:
        here = Scope(store_ids=frozenset([world.lakeside_bakery.id]))
        client.force_login(a_staff_user("cashier", scope=here))
        form = {
            "phone": "13912345678", "language": "en", "programme": "on",
            "place": f"store:{world.hillside_bakery.id}",
        }  # fmt: skip
        assert client.post("/members/enrol", form).status_code == 422
        assert not Member.objects.exists()
        form["place"] = f"store:{world.lakeside_bakery.id}"
        assert client.post("/members/enrol", form)["Location"] == "/members/"

    def test_editing_changes_and_forgets(self, manager: Client) -> None:
        member = a_member(name="Ann Li", profile={"occupation": "Baker"})
        manager.post(page(member, "edit"), {"name": "Ann Wang", "language": "en"})
        html = manager.get(page(member)).content.decode()
        assert "Ann Wang" in html
        assert "Baker" not in html

    def test_the_small_forms_do_what_they_say(self, manager: Client) -> None:
        services.save_tag("vip", name_en="Very important", actor=SYSTEM)
        member = a_member()
        manager.post(page(member, "add_identity"), {"kind": "plate", "value": "沪A·12345"})
        manager.post(page(member, "add_tag"), {"tag": "vip"})
        manager.post(page(member, "add_note"), {"body": "Likes rye bread"})
        said = {"purpose": "marketing", "channel": "sms", "decision": "granted", "proof": "F-12"}
        manager.post(page(member, "record_consent"), said)
        html = manager.get(page(member)).content.decode()
        for text in ("沪A****5", "Very important", "Likes rye bread", "Offers and news"):
            assert text in html
        bad = manager.post(page(member, "add_identity"), {"kind": "phone", "value": "12"})
        assert bad.status_code == 422
        assert "not complete" in bad.content.decode()
        plate = member.identities.get(kind="plate")
        manager.post(page(member, "remove_identity", identity_id=plate.id))
        manager.post(page(member, "remove_tag", tag_code="vip"))
        manager.post(page(member, "remove_note", note_id=member.notes.get().id))
        html = manager.get(page(member)).content.decode()
        assert "沪A****5" not in html
        assert "Likes rye bread" not in html
        assert not member.member_tags.exists()

    def test_closing_and_reopening(self, manager: Client) -> None:
        member = a_member()
        manager.post(page(member, "close"))
        member.refresh_from_db()
        assert member.status == MemberStatus.CLOSED
        manager.post(page(member, "reopen"))
        member.refresh_from_db()
        assert member.is_open

    @pytest.mark.parametrize("name", ["edit", "erase"])
    def test_a_director_reads_but_does_not_change(self, client: Client, name: str) -> None:
        member = a_member()
        client.force_login(a_staff_user("director"))
        assert client.get(page(member)).status_code == 200
        assert client.get(page(member, name)).status_code == 403
        assert client.post(page(member, "close")).status_code == 403


def test_a_fact_says_where_it_comes_from_and_since_when(client: Client) -> None:
    member = a_member(profile={"name": "Lin Mei", "occupation": "Teacher"})
    client.force_login(a_staff_user("crm_manager"))
    client.cookies["django_language"] = "en"
    page = client.get(reverse("members:detail", args=[member.pk])).content.decode()
    [known] = [one for one in portrait(member, SYSTEM).facts if one.value == "Teacher"]
    with override("en"):
        assert f"{known.origin.label} · {formats.day(known.at)}" in page
