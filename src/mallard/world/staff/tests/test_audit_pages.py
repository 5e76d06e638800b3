"""The audit log on screens: found, read before and after, personal values only by who may."""

from __future__ import annotations

import pytest
from django.test import Client

from mallard.kernel.access.actor import WHOLE_GROUP, Scope, system
from mallard.kernel.audit.jobs import verify_log
from mallard.kernel.audit.models import Entry, Verification
from mallard.kernel.audit.services import record
from mallard.kernel.ids import uuid7
from mallard.kernel.secrets.services import create_data_keys, destroy_data_key
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.staff import services
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.tests.factories import SYSTEM, a_staff_user

pytestmark = pytest.mark.django_db


def shown(client: Client, **query: str) -> str:
    return client.get("/staff/audit/", query).content.decode()


def test_an_entry_is_found_by_who_what_and_whom(client: Client) -> None:
    auditor = a_staff_user("auditor", name="Thomas Avery")
    bo = a_staff_user("cashier", name="Bo Cashier")
    client.force_login(auditor)
    actor = actor_for_user(auditor)
    services.change_profile(bo.id, name="Bo Chen", actor=actor)
    entry = Entry.objects.get(action="staff.profile_changed")
    link = f"/staff/audit/{entry.id}/"
    for text in ("thomas", "staff.profile", "own profile", str(bo.id), str(entry.id), "staff"):
        assert link in shown(client, q=text), text
    assert link not in shown(client, q="nobody of that name")
    page = client.get(link).content.decode()
    assert "<del>Bo Cashier</del>" in page
    assert "<ins>Bo Chen</ins>" in page


def test_the_log_is_read_in_words_and_in_the_readers_language(client: Client) -> None:
    client.force_login(a_staff_user("auditor"))
    record(system("expire points"), "privacy.request_received", "privacy_request", uuid7())
    record(system("expire points"), "malls.store_created", "store", uuid7())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    page = shown(client, q="收到隐私申请")
    for said in ("收到隐私申请", "隐私申请", "积分到期"):
        assert said in page
    assert ">新建门店</" not in page
    assert ">新建门店</" in shown(client, q="malls.store")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = shown(client)
    for said in ("Privacy request received", "Store created", "Expiry of points"):
        assert said in page
    assert "privacy_request" not in page


def test_fields_and_choices_are_told_in_words_with_the_code_beside_them(client: Client) -> None:
    client.force_login(a_staff_user("auditor"))
    entry_id = record(
        system("tests"), "privacy.request_closed", "privacy_request", uuid7(),
        before={"status": "open", "is_active": False, "due_at": "2026-11-17T20:00:00Z"},
        after={"status": "done", "is_active": True, "role": "marketer", "oddity": "odd"},
    )  # fmt: skip
    shared = ("<code>status</code>", "<code>open</code>", "<code>marketer</code>", ">oddity<")
    languages = {
        "en": ("State", "<del>Open</del>", "<ins>Answered</ins>", "<ins>Marketer</ins>", "Yes"),
        "zh-hans": ("状态", "<del>待处理</del>", "<ins>已答复</ins>", "<ins>营销", "2026年11月1"),
    }
    for language, said in languages.items():
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        page = client.get(f"/staff/audit/{entry_id}/").content.decode()
        for words in (*shared, *said):
            assert words in page, (language, words)
    entry_id = record(
        system("tests"), "settings.setting_changed", "setting", None,
        before={"code": "members.least_age", "value": 14},
        after={"code": "members.least_age", "value": 16},
    )  # fmt: skip
    page = client.get(f"/staff/audit/{entry_id}/").content.decode()
    assert "<code>members.least_age</code>" in page
    assert "会员最低年龄" in page


def test_records_are_called_by_name_with_the_id_that_the_log_keeps(client: Client) -> None:
    client.force_login(a_staff_user("auditor"))
    world = a_mall_group()
    gone = uuid7()
    record(
        system("tests"),
        "malls.store_changed",
        "store",
        world.lakeside_bakery.pk,
        before={"tenant_id": None, "store_ids": []},
        after={
            "tenant_id": str(world.bakery.pk),
            "store_ids": [str(world.lakeside_bakery.pk), str(gone)],
            "mall_id": "not an id",
        },
    )
    entry = Entry.objects.get(action="malls.store_changed")
    page = client.get(f"/staff/audit/{entry.id}/").content.decode()
    assert f"Store {world.lakeside_bakery.name} · {world.lakeside_bakery.pk}" in page
    assert f"<ins>{world.bakery.name}</ins>" in page
    assert f"<code>{world.bakery.pk}</code>" in page
    assert f"<ins>{world.lakeside_bakery.name}, {gone}</ins>" in page
    assert "<ins>not an id</ins>" in page


def test_personal_values_need_a_permission_and_leave_a_trace(client: Client) -> None:
    member_id = uuid7()
    create_data_keys([member_id], actor=SYSTEM)
    entry_id = record(
        SYSTEM, "members.member_changed", "member", member_id,
        before={"name": "Secret Zhou"}, after={"name": "Secret Zhang"}, personal_of=member_id,
    )  # fmt: skip
    page, reveal = f"/staff/audit/{entry_id}/", f"/staff/audit/{entry_id}/reveal"
    client.force_login(a_staff_user("auditor"))
    assert "Secret" not in client.get(page).content.decode()
    assert client.post(reveal).status_code == 403
    client.force_login(a_staff_user())
    assert "Secret" not in client.get(page).content.decode()
    assert "Secret Zhang" in client.post(reveal).content.decode()
    assert Entry.objects.filter(action="audit.detail_revealed", subject_id=member_id).count() == 1
    destroy_data_key(member_id, actor=SYSTEM)
    assert "went with their key" in client.post(reveal).content.decode()


def test_only_the_groups_staff_read_it(client: Client) -> None:
    world = a_mall_group()
    client.force_login(
        a_staff_user("auditor", scope=Scope(mall_ids=frozenset([world.lakeside.id])))
    )
    assert client.get("/staff/audit/").status_code == 403
    client.force_login(a_staff_user("cashier", scope=WHOLE_GROUP))
    assert client.get("/staff/audit/").status_code == 403


def test_the_seal_is_verified_by_a_job_and_its_result_shown(client: Client) -> None:
    client.force_login(a_staff_user("auditor"))
    assert client.post("/staff/audit/verify").status_code == 302
    client.post("/staff/audit/verify")
    asked = Verification.objects.get()
    assert "is being verified" in client.get("/staff/audit/verification").content.decode()
    verify_log(str(asked.id))
    assert "Intact" in client.get("/staff/audit/verification").content.decode()
    Verification.objects.update(faults=["seal 1: an entry or the seal was changed"])
    assert "Broken" in shown(client)


def test_action_kind_and_person_are_picked_in_words_of_either_language(client: Client) -> None:
    auditor, bo = a_staff_user("auditor"), a_staff_user("cashier", name="Bo Cashier")
    client.force_login(auditor)
    services.change_profile(bo.id, name="Bo Chen", actor=actor_for_user(auditor))
    record(actor_for_user(bo), "malls.store_created", "store", uuid7())
    ids = {one.action: one.id for one in Entry.objects.all()}
    profile, store = ids["staff.profile_changed"], ids["malls.store_created"]

    def found(language: str, **query: str) -> set[object]:
        page = client.get("/staff/audit/", query, headers={"Accept-Language": language})
        return {id_ for id_ in (profile, store) if f"/staff/audit/{id_}/" in page.content.decode()}

    for language in ("en", "zh-hans"):
        for said in ("malls.store_created", "Store created", "新建门店", "store CREATED"):
            assert found(language, action=said) == {store}, (language, said)
        for said in ("store", "Store", "门店"):
            assert found(language, subject=said) == {store}, (language, said)
        assert found(language, person="Bo Chen") == {store}
        assert found(language, person=str(auditor.id)) == {profile}
    assert found("en", action="created") == {store}  # a part of the words: all that have it
    assert found("en", action="Store created", person=str(auditor.id)) == set()
    assert found("en", action="gone.with_its_app") == set()


def test_what_can_be_picked_stands_in_the_readers_words(client: Client) -> None:
    client.force_login(a_staff_user("auditor", name="Thomas Avery"))
    a_staff_user("cashier", name="Li Na", email="li.na@example.com")
    a_staff_user("cashier", name="Li Na", email="na.li@example.com")
    page = shown(client, action="malls.store_created", subject="nothing like it")
    assert 'name="action" list="list-audit-action" value="Store created"' in page
    for said in ("Store created", "Thomas Avery", "Li Na · li.na@example.com"):
        assert f'<option value="{said}"></option>' in page
    assert "“Subject” has no such choice." in page
    chinese = client.get(
        "/staff/audit/", {"action": "Store created"}, headers={"Accept-Language": "zh-hans"}
    ).content.decode()
    assert 'value="新建门店"' in chinese
    assert "Store created" not in chinese


def test_an_entry_leads_to_all_that_the_person_did(client: Client) -> None:
    auditor = a_staff_user("auditor")
    client.force_login(auditor)
    entry_id = record(actor_for_user(auditor), "malls.store_created", "store", uuid7())
    page = client.get(f"/staff/audit/{entry_id}/").content.decode()
    assert f"/staff/audit/?person={auditor.id}" in page
    assert "/staff/audit/?action=malls.store_created" in page
