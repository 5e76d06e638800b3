"""The copy of one's own data: all of it, of oneself alone, from the page and from the desk."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client

from mallard.kernel.audit.models import Entry
from mallard.kernel.errors import Forbidden
from mallard.kernel.http import limits
from mallard.surfaces.portal.tests.factories import OTHER_PHONE, PHONE, Shopper, a_shopper, spent
from mallard.value.ledger.models import Lot
from mallard.value.wallets.models import RequestKind
from mallard.value.wallets.services import (
    ChangeInput,
    freeze_wallet,
    release_wallet,
    request_change,
)
from mallard.world.members import services as members
from mallard.world.members.copies import parts
from mallard.world.members.tests.factories import SYSTEM, a_member, an_actor
from mallard.world.memberweb.actors import member_actor
from mallard.world.memberweb.tests.factories import signed_in
from mallard.world.privacy.copying import make_copy
from mallard.world.privacy.services import ask, refuse
from mallard.world.staff.tests.factories import a_staff_user

pytestmark = pytest.mark.django_db

STRANGERS = ("李四", OTHER_PHONE, f"6{OTHER_PHONE}")


@pytest.fixture
def shopper() -> Shopper:
    limits.forget_leases()
    return a_shopper()


def unpacked(content: bytes) -> tuple[dict[str, Any], str]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert sorted(archive.namelist()) == ["data.html", "data.json"]
    return json.loads(archive.read("data.json")), archive.read("data.html").decode()


def test_a_member_gets_everything_and_nobody_elses(shopper: Shopper) -> None:
    spent(shopper, 100)
    members.write_note(shopper.member.id, "Likes rye <b>bread</b>", actor=SYSTEM)
    members.merge_members(shopper.member.id, merged_id=shopper.other.id, actor=SYSTEM)
    members.unmerge_member(shopper.other.id, actor=SYSTEM)
    response = signed_in(shopper.member).post("/m/me/copy")
    assert response["Content-Type"] == "application/zip"
    assert "no-store" in response["Cache-Control"]
    told, page = unpacked(response.content)
    assert (told["format"], told["version"], told["number"]) == (
        "mallard.member_copy", 1, shopper.member.number,
    )  # fmt: skip
    assert told["parts"].keys() == {part.code for part in parts()}
    facts = {fact["what"]["words"]: fact["value"] for fact in told["parts"]["facts"]}
    assert {"王小明", "1990-05-21", "Teacher"} <= set(facts.values())
    known_by = {one["value"] for one in told["parts"]["identities"]}
    assert known_by == {f"+86{PHONE}", f"6{PHONE}", f"{PHONE}@example.com"}
    assert {one["number"] for one in told["parts"]["receipts"]} == {"R-1", "R-2"}
    assert told["parts"]["receipts"][1]["amount_minor"] == 102_000
    assert [one["text"] for one in told["parts"]["notes"]] == ["Likes rye <b>bread</b>"]
    assert len(told["parts"]["consents"]) == 2
    assert (
        sum(lot["remaining"] for lot in told["parts"]["lots"])
        == (told["parts"]["wallets"][0]["balance"])
    )
    assert len(told["parts"]["sessions"]) == 1
    assert "王小明" in page
    assert "Likes rye &lt;b&gt;bread" in page
    for stranger in STRANGERS:
        assert stranger not in page
        assert stranger not in json.dumps(told, ensure_ascii=False)


def test_why_points_were_frozen_and_changed_is_told_in_words(shopper: Shopper) -> None:
    desk = an_actor("wallets.freeze_wallet", "wallets.change_points")
    freeze_wallet(shopper.member.id, reason="Two phones asked at once", actor=desk)
    release_wallet(shopper.member.id, reason="It was the member", actor=desk)
    lot = Lot.objects.filter(member=shopper.member.id, remaining__gt=0).first()
    assert lot is not None
    assert lot.expires_at is not None
    change = ChangeInput(
        key="K-1",
        kind=RequestKind.EXTEND,
        member_id=shopper.member.id,
        reason="The desk was closed that week",
        lot_id=lot.pk,
        expires_at=lot.expires_at + dt.timedelta(days=30),
    )
    request_change(change, actor=desk)
    made = make_copy(shopper.member.id, actor=member_actor(shopper.member.id))
    told, page = unpacked(made.content)
    [frozen] = told["parts"]["freezes"]
    assert frozen["reason"] == "Two phones asked at once"
    assert frozen["release_reason"] == "It was the member"
    [changed] = told["parts"]["changes"]
    assert changed["reason"] == "The desk was closed that week"
    assert changed["kind"] == {"code": "extend", "words": "延期"}
    for words in (frozen["reason"], frozen["release_reason"], changed["reason"], "延期"):
        assert words in page
    assert "extend" not in page


def test_machines_read_codes_and_people_words(shopper: Shopper) -> None:
    members.change_member(shopper.member.id, profile={"gender": "female"}, actor=SYSTEM)
    made = make_copy(shopper.member.id, actor=member_actor(shopper.member.id))
    told, page = unpacked(made.content)
    parts_told = told["parts"]
    assert parts_told["records"][0]["status"]["code"] == "open"
    facts = {fact["what"]["code"]: fact for fact in parts_told["facts"]}
    assert facts["gender"]["value"] == {"code": "female", "words": "女"}
    assert facts["name"]["value"] == "王小明"
    assert {one["kind"]["code"] for one in parts_told["identities"]} >= {"phone", "email"}
    assert {one["purpose"]["code"] for one in parts_told["consents"]} <= {"marketing", "programme"}
    for code in ("female", "marketing", "programme", "earn"):
        assert f"<td>{code}</td>" not in page
    for rows in parts_told.values():
        for row in rows:
            for value in row.values():
                if isinstance(value, dict):
                    assert value["code"]
                    assert value["words"]


def test_what_was_merged_into_a_member_is_in_their_copy(shopper: Shopper) -> None:
    members.merge_members(shopper.member.id, merged_id=shopper.other.id, actor=SYSTEM)
    made = make_copy(shopper.member.id, actor=member_actor(shopper.member.id))
    told, _page = unpacked(made.content)
    assert {one["number"] for one in told["parts"]["receipts"]} == {"R-1", "R-2", "R-9"}
    assert {one["value"] for one in told["parts"]["identities"]} >= {f"+86{OTHER_PHONE}"}


def test_it_is_in_the_members_language(shopper: Shopper) -> None:
    actor = member_actor(shopper.member.id)
    page = unpacked(make_copy(shopper.member.id, actor=actor).content)[1]
    assert 'lang="zh-Hans"' in page
    assert "个人资料" in page
    members.change_member(shopper.member.id, profile={}, language="en", actor=SYSTEM)
    assert "<h2>Profile</h2>" in unpacked(make_copy(shopper.member.id, actor=actor).content)[1]


def test_nobody_downloads_it_over_and_over(shopper: Shopper) -> None:
    client = signed_in(shopper.member)
    answers = [client.post("/m/me/copy").status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    assert Entry.objects.filter(action="privacy.copy_made").count() == 3
    assert client.get("/m/me/copy").status_code == 405


def test_the_desk_makes_it_for_an_open_request_only(shopper: Shopper) -> None:
    row, _new = ask(shopper.member.id, "export", actor=member_actor(shopper.member.id))
    client = Client()
    client.force_login(a_staff_user("service_agent"))
    made = client.post(f"/privacy/{row.pk}/copy")
    if made.status_code == 200 and made["Content-Type"] != "application/zip":
        pytest.fail("the desk was asked who it is, though it has just come in")
    assert unpacked(made.content)[0]["number"] == shopper.member.number
    entry = Entry.objects.get(action="privacy.copy_made")
    assert (entry.subject_id, entry.actor_kind) == (shopper.member.id, "staff")
    refuse(row.pk, reason="It was not them", actor=SYSTEM)
    assert client.post(f"/privacy/{row.pk}/copy").status_code == 409
    other, _new = ask(shopper.member.id, "objection", actor=member_actor(shopper.member.id))
    assert client.post(f"/privacy/{other.pk}/copy").status_code == 409


def test_who_answers_no_requests_makes_no_copy(shopper: Shopper) -> None:
    with pytest.raises(Forbidden):
        make_copy(shopper.member.id, actor=an_actor("members.view_member"))
    assert not Entry.objects.filter(action="privacy.copy_made").exists()


def test_it_tells_when_colleagues_looked_what_is_chosen_and_where_it_comes_from(
    shopper: Shopper,
) -> None:
    sizes = [{"code": "s", "en": "Small", "zh": "小"}, {"code": "l", "en": "Large", "zh": "大"}]
    members.save_field(
        "size", is_new=True, type="choice", name_en="Size", options=sizes, actor=SYSTEM
    )
    members.set_field_values(shopper.member.id, {"size": "s"}, actor=SYSTEM)
    members.make_tag("vip", name_en="Very important", actor=SYSTEM)
    members.tag_member(shopper.member.id, "vip", actor=SYSTEM)
    members.refer_member(a_member().id, referrer=shopper.member.number, source="desk", actor=SYSTEM)
    phone = shopper.member.identities.get(kind="phone")
    members.reveal_identity(
        phone.id, member_id=shopper.member.id, reason="asked at the desk", actor=SYSTEM
    )
    told, _page = unpacked(signed_in(shopper.member).post("/m/me/copy").content)
    told = told["parts"]
    assert len(told["reveals"]) == 1
    [size] = [one for one in told["facts"] if one["what"]["code"] == "size"]
    assert size["value"]["code"] == "s"
    assert size["value"]["words"] in ("Small", "小")
    assert told["tags"][0]["origin"]["code"] == "import"
    assert told["relations"][0]["source"]["code"]
    members.close_member(shopper.member.id, actor=SYSTEM)
    members.reopen_member(shopper.member.id, actor=SYSTEM)
    again, _page = unpacked(signed_in(shopper.member).post("/m/me/copy").content)
    kinds = [one["kind"]["code"] for one in again["parts"]["membership_changes"]]
    assert kinds == ["closed", "reopened"]
