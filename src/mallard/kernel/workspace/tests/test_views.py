"""Columns that people keep and views that they save, seen through the list of staff."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mallard.kernel.audit.models import Entry
from mallard.kernel.errors import DomainError
from mallard.kernel.ui.lists.opening import list_token
from mallard.kernel.workspace.errors import (
    ListChoiceInvalid,
    TooManyViews,
    ViewNameNeeded,
    ViewNotFound,
    ViewNotYours,
)
from mallard.kernel.workspace.models import ListMemory, SavedView
from mallard.kernel.workspace.services import lists as services
from mallard.world.members.tests.factories import an_actor
from mallard.world.staff.models import StaffUser
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db
LIST = "/staff/"
KEEP = "/workspace/lists/staff/columns"
NEW = "/workspace/views/new"
TOKEN = list_token("staff", LIST)


@pytest.fixture
def reader() -> StaffUser:
    return a_staff_user("director", name="Director Du")


@pytest.fixture
def signed_in(client: Client, reader: StaffUser) -> Client:
    client.force_login(reader)
    return client


def headings(client: Client, address: str = LIST) -> list[str]:
    listing = client.get(address).context["listing"]
    return [header.column.key for header in listing.headers]


def a_view(name: str = "Gone", *, query: str = "left=1&sort=-name&col=name", **more: bool):
    def save(actor):
        return services.save_view(
            "staff",
            path=LIST,
            name=name,
            query=query,
            is_shared=more.get("is_shared", False),
            is_default=more.get("is_default", False),
            actor=actor,
        )

    return save


class TestColumns:
    def test_chosen_columns_stay_for_the_person_and_for_nobody_else(
        self, signed_in: Client
    ) -> None:
        assert headings(signed_in) == ["name", "email", "roles", "state"]
        answer = signed_in.post(KEEP, {"col": ["name", "state"], "size": "100"})
        assert answer.status_code == 204
        assert headings(signed_in) == ["name", "state"]
        assert signed_in.get(LIST).context["listing"].size == 100
        other = Client()
        other.force_login(a_staff_user("director"))
        assert headings(other) == ["name", "email", "roles", "state"]

    def test_an_address_that_names_columns_is_obeyed_and_changes_nothing(
        self, signed_in: Client
    ) -> None:
        signed_in.post(KEEP, {"col": ["name", "state"]})
        assert headings(signed_in, f"{LIST}?col=name&col=email") == ["name", "email"]
        assert headings(signed_in) == ["name", "state"]

    def test_the_list_can_be_as_it_comes_again(self, signed_in: Client) -> None:
        signed_in.post(KEEP, {"col": ["name"]})
        answer = signed_in.post(KEEP, {"act": "reset", "address": f"{LIST}?col=name"})
        assert answer["Location"] == LIST
        assert headings(signed_in) == ["name", "email", "roles", "state"]

    def test_without_a_script_the_columns_on_screen_are_kept(self, signed_in: Client) -> None:
        signed_in.post(KEEP, {"act": "keep", "address": f"{LIST}?col=name&col=roles"})
        assert headings(signed_in) == ["name", "roles"]

    def test_a_column_that_is_gone_does_not_spoil_the_list(self, signed_in: Client) -> None:
        signed_in.post(KEEP, {"col": ["fax", "name"]})
        assert headings(signed_in) == ["name"]
        signed_in.post(KEEP, {"col": ["fax"]})
        assert headings(signed_in) == ["name", "email", "roles", "state"]

    @pytest.mark.parametrize("away", ["https://elsewhere.example/", "//elsewhere.example/", ""])
    def test_nobody_is_led_to_another_host(self, signed_in: Client, away: str) -> None:
        answer = signed_in.post(KEEP, {"act": "reset", "address": away})
        assert answer["Location"] == "/"

    @pytest.mark.parametrize(
        ("columns", "size"), [(["x" * 61], None), (["c"] * 61, None), (["name"], 7)]
    )
    def test_a_choice_that_no_list_offers_is_refused(
        self, columns: list[str], size: int | None
    ) -> None:
        with pytest.raises(ListChoiceInvalid):
            services.keep_columns("staff", columns=columns, size=size, actor=an_actor())
        assert not ListMemory.objects.exists()


class TestViews:
    def test_a_saved_view_keeps_filters_sort_and_columns_but_no_searched_words(
        self, signed_in: Client
    ) -> None:
        address = f"{LIST}?q=13800138000&left=1&sort=-email&col=name&col=email&evil=1"
        form = signed_in.get(NEW, {"list": TOKEN, "address": address})
        assert form.status_code == 200
        data = {"list": TOKEN, "address": address, "name": " People  who left "}
        answer = signed_in.post(NEW, data)
        view = SavedView.objects.get()
        assert view.name == "People who left"
        assert view.query == "left=1&sort=-email&col=name&col=email"
        assert answer["Location"] == f"{LIST}?{view.query}&view={view.id}"
        listing = signed_in.get(answer["Location"]).context["listing"]
        assert listing.current_view.name == "People who left"
        assert [header.column.key for header in listing.headers] == ["name", "email"]
        entry = Entry.objects.get(action="workspace.view_saved")
        assert "13800138000" not in str(entry.after)

    def test_a_list_that_one_may_not_see_gives_no_view(self, client: Client) -> None:
        client.force_login(a_staff_user("cashier"))
        data = {"list": TOKEN, "address": LIST, "name": "Mine"}
        assert client.post(NEW, data).status_code == 403
        assert not SavedView.objects.exists()

    @pytest.mark.parametrize("address", ["/nowhere", "/sign-in", "/malls/", "x", "//a", "/\x00"])
    def test_an_address_without_that_list_gives_no_view(
        self, signed_in: Client, address: str
    ) -> None:
        answer = signed_in.post(NEW, {"list": TOKEN, "address": address, "name": "Mine"})
        assert answer.status_code == 404
        forged = {"list": list_token("staff", address), "address": address, "name": "Mine"}
        forged["list"] = f"staff:{address}:{forged['list'].rpartition(':')[2]}x"
        assert signed_in.post(NEW, forged).status_code == 404

    def test_a_name_is_needed_and_nothing_is_lost(self, signed_in: Client) -> None:
        data = {"list": TOKEN, "address": LIST, "name": " ", "is_shared": "on"}
        answer = signed_in.post(NEW, data)
        assert answer.status_code == 422
        assert answer.context["form"]["is_shared"].value() is True

    def test_the_name_of_ones_own_view_replaces_it(self) -> None:
        actor = an_actor()
        first = a_view("Gone")(actor)
        second = a_view("Gone", query="sort=name")(actor)
        assert first.id == second.id
        assert SavedView.objects.get().query == "sort=name"
        assert Entry.objects.filter(action="workspace.view_saved").count() == 2

    def test_a_shared_view_is_offered_to_others_and_a_private_one_is_not(
        self, signed_in: Client
    ) -> None:
        a_view("Shared", is_shared=True)(an_actor())
        a_view("Private")(an_actor())
        names = [view.name for view in signed_in.get(LIST).context["listing"].views]
        assert names == ["Shared"]

    def test_the_list_opens_with_the_usual_view_and_everything_stays_in_reach(
        self, signed_in: Client, reader: StaffUser
    ) -> None:
        shared = a_view("Shared", is_shared=True)(an_actor())
        page = reverse("workspace:view", args=[shared.id])
        signed_in.post(page, {"name": "stolen", "is_default": "on"})
        answer = signed_in.get(LIST)
        assert answer.status_code == 302
        assert answer["Location"] == f"{LIST}?{shared.query}&view={shared.id}"
        shared.refresh_from_db()
        assert shared.name == "Shared"
        listing = signed_in.get(answer["Location"]).context["listing"]
        everything = signed_in.get(listing.urls["clear"])
        assert everything.status_code == 200
        assert everything.context["listing"].count > listing.count
        signed_in.post(page, {"name": "Shared"})
        assert signed_in.get(LIST).status_code == 200

    def test_a_view_is_renamed_shared_and_deleted_by_its_owner(
        self, signed_in: Client, reader: StaffUser
    ) -> None:
        signed_in.post(NEW, {"list": TOKEN, "address": LIST, "name": "Mine"})
        view = SavedView.objects.get(actor_id=reader.id)
        page = reverse("workspace:view", args=[view.id])
        signed_in.post(page, {"name": "Ours", "is_shared": "on", "is_default": "on"})
        view.refresh_from_db()
        assert (view.name, view.is_shared) == ("Ours", True)
        delete = reverse("workspace:delete_view", args=[view.id])
        assert "Ours" in signed_in.get(delete).content.decode()
        assert signed_in.post(delete)["Location"] == LIST
        assert not SavedView.objects.exists()
        assert signed_in.get(LIST).status_code == 200
        assert Entry.objects.filter(action="workspace.view_deleted").count() == 1

    def test_somebody_elses_private_view_is_not_there_and_a_shared_one_is_theirs(self) -> None:
        private, shared = a_view("Private")(an_actor()), a_view("S", is_shared=True)(an_actor())
        with pytest.raises(ViewNotFound):
            services.delete_view(private.id, actor=an_actor())
        with pytest.raises(ViewNotYours):
            services.delete_view(shared.id, actor=an_actor())
        with pytest.raises(ViewNotFound):
            services.delete_view(private.id, actor=an_actor("workspace.manage_view"))
        services.delete_view(shared.id, actor=an_actor("workspace.manage_view"))
        assert SavedView.objects.get() == private

    def test_two_views_of_one_person_never_share_a_name(self) -> None:
        actor = an_actor()
        a_view("One")(actor)
        two = a_view("Two")(actor)
        with pytest.raises(ViewNameNeeded) as refused:
            services.change_view(two.id, name="One", is_shared=False, is_default=False, actor=actor)
        assert "name" in refused.value.fields

    def test_there_is_a_limit_and_it_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(services, "MAX_VIEWS", 2)
        actor = an_actor()
        for name in "ab":
            a_view(name)(actor)
        with pytest.raises(TooManyViews, match="2"):
            a_view("c")(actor)
        a_view("b", query="sort=email")(actor)

    def test_every_refusal_has_a_sentence(self) -> None:
        for refusal in (ViewNotFound(), ViewNotYours(), ViewNameNeeded(), ListChoiceInvalid()):
            assert isinstance(refusal, DomainError)
            assert refusal.sentence.endswith(".")


def test_a_list_asks_as_often_with_many_views_as_with_none(
    signed_in: Client, reader: StaffUser
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert signed_in.get(LIST).status_code == 200
        return len(captured)

    none = queries()
    actor = an_actor()
    for number in range(30):
        a_view(f"View {number}", is_shared=True)(actor)
    assert queries() == none
