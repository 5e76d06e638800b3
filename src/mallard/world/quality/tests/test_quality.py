"""Data quality: what is wrong is found, counted where it belongs, and shown to who may see it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from mallard.kernel.access.actor import WHOLE_GROUP, Actor, Scope
from mallard.kernel.provenance import Origin
from mallard.world.corrections.permissions import PROPOSE_CORRECTION
from mallard.world.intake.models import ImportRow, MemberImport
from mallard.world.malls.tests.factories import MallFactory
from mallard.world.members.inputs import IdentityInput
from mallard.world.members.models import FieldValue, Identity, Member
from mallard.world.members.profile import Fact
from mallard.world.members.services import (
    close_member,
    erase_member,
    merge_members,
    save_field,
    set_field_values,
    unmerge_member,
)
from mallard.world.members.tests.factories import SYSTEM, a_member, an_actor
from mallard.world.quality import services
from mallard.world.quality.checks import Held, checked, is_good, is_good_identity
from mallard.world.quality.models import MemberQuality, QualityDay
from mallard.world.quality.permissions import VIEW_QUALITY
from mallard.world.quality.queries import Figures, figures, last_day, trend
from mallard.world.staff.queries import actor_for_user
from mallard.world.staff.tests.factories import a_staff_user

TODAY = dt.date(2026, 11, 26)
NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
FRESH = NOON - dt.timedelta(days=730)


class TestChecks:
    @pytest.mark.parametrize(
        ("code", "value", "is_fine"),
        [
            ("name", "王小明", True), ("name", "Ann O'Neil", True), ("name", "Li Li", True),
            ("name", "aaaaaa", False), ("name", "12345", False), ("name", "测试", False),
            ("name", "N/A", False), ("name", "x" * 81, False),
            ("birth_date", "1990-05-21", True), ("birth_date", "1900-01-01", False),
            ("birth_date", "1970-01-01", False), ("birth_date", "2025-12-01", False),
            ("birth_date", "21/05/1990", False), ("birth_date", "1890-01-05", False),
            ("gender", "female", True), ("gender", "F", False),
            ("occupation", "Teacher", True), ("occupation", "unknown", False),
        ],
    )  # fmt: skip
    def test_facts(self, code: str, value: str, is_fine: bool) -> None:
        assert is_good(code, Fact(value, Origin.STAFF, NOON), TODAY) is is_fine

    @pytest.mark.parametrize(
        ("kind", "value", "is_fine"),
        [
            ("phone", "+8613812345690", True), ("phone", "+8613888888888", False),
            ("phone", "+8613812345678", False), ("phone", "12", False),
            ("email", "ann@shop.cn", True), ("email", "ann@", False),
            ("email", "test@shop.cn", False), ("email", "ann@example.com", False),
        ],
    )  # fmt: skip
    def test_identities(self, kind: str, value: str, is_fine: bool) -> None:
        assert is_good_identity(kind, value) is is_fine

    def test_old_facts_are_stale_but_names_last(self) -> None:
        old = FRESH - dt.timedelta(days=1)
        profile = {
            "name": Fact("王小明", Origin.STAFF, old),
            "occupation": Fact("Teacher", Origin.STAFF, old),
        }
        phone = {"phone": [Held(old, True), Held(NOON, True)], "email": [Held(NOON, False)]}
        found = checked(profile, phone, {"hobby": None}, today=TODAY, fresh_from=FRESH)
        assert found.stale == ["profile.occupation"]
        assert found.invalid == ["identity.email"]
        assert "custom.hobby" in found.missing
        assert "identity.wechat" in found.missing
        assert "profile.name" not in found.missing


def looked_at(member: Member) -> MemberQuality:
    return MemberQuality.objects.get(pk=member.pk)


def figure(field: str, actor: Actor = SYSTEM, **more) -> Figures | None:
    day = last_day(actor, more.get("mall_id"))
    if day is None:
        return None
    return next(iter(figures(actor, day=day, fields=[field], **more)), None)


@pytest.mark.django_db
class TestMeasuring:
    def test_open_members_are_counted_field_by_field(self) -> None:
        a_member(name="王小明", profile={"gender": "female"})
        a_member(name="测试")
        closed, survivor, merged = a_member(), a_member(name="李雷"), a_member()
        close_member(closed.id, actor=SYSTEM)
        merge_members(survivor.id, merged_id=merged.id, actor=SYSTEM)
        assert services.measure(actor=SYSTEM) == 3
        name, gender = figure("profile.name"), figure("profile.gender")
        assert (name.members, name.filled, name.valid) == (3, 3, 2)
        assert (gender.members, gender.filled) == (3, 1)
        assert not MemberQuality.objects.filter(pk__in=[closed.pk, merged.pk]).exists()

    def test_a_person_is_measured_whole_while_merged(self) -> None:
        save_field("hobby", is_new=True, type="text", name_en="Hobby", actor=SYSTEM)
        survivor, mail = a_member(name="李雷"), IdentityInput("email", "ann@shop.cn")
        other = a_member(name="李蕾", profile={"gender": "male"}, identities=(mail,))
        set_field_values(other.id, {"hobby": "tea"}, actor=SYSTEM)
        named = {"profile.gender", "identity.email", "custom.hobby"}
        services.measure(actor=SYSTEM)
        assert named <= set(looked_at(survivor).missing)
        merge_members(survivor.id, merged_id=other.id, actor=SYSTEM)
        services.measure(actor=SYSTEM)
        assert not named & set(looked_at(survivor).missing)
        unmerge_member(other.id, actor=SYSTEM)
        services.measure(actor=SYSTEM)
        assert named <= set(looked_at(survivor).missing)

    def test_nothing_of_a_value_stays(self) -> None:
        member = a_member(name="测试", profile={"occupation": "unknown"})
        services.measure(actor=SYSTEM)
        row = looked_at(member)
        assert set(row.invalid) >= {"profile.name", "profile.occupation"}
        kept = str(MemberQuality.objects.values()) + str(QualityDay.objects.values())
        assert "测试" not in kept

    def test_twice_a_day_replaces_and_a_batch_of_one_is_the_same(self, monkeypatch) -> None:
        for _one in range(3):
            a_member()
        services.measure(actor=SYSTEM)
        before = list(QualityDay.objects.order_by("field", "source").values_list("field", "filled"))
        monkeypatch.setattr(services, "BATCH", 1)
        assert services.measure(actor=SYSTEM) == 3
        after = list(QualityDay.objects.order_by("field", "source").values_list("field", "filled"))
        assert after == before

    def test_a_field_whose_rules_changed_holds_what_is_not_valid(self) -> None:
        sizes = [{"code": c, "en": c, "zh": c} for c in ("s", "m", "l")]
        save_field("size", is_new=True, type="choice", options=sizes, name_en="Size", actor=SYSTEM)
        member = a_member()
        set_field_values(member.id, {"size": "l"}, actor=SYSTEM)
        services.measure(actor=SYSTEM)
        assert looked_at(member).invalid == []
        FieldValue.objects.update(values=["xxl"])
        services.measure(actor=SYSTEM)
        assert looked_at(member).invalid == ["custom.size"]
        assert figure("custom.size").valid == 0

    def test_channels_and_files_have_their_own_figures(self) -> None:
        good, bad = a_member(origin=Origin.STAFF), a_member(name="测试", origin=Origin.IMPORT)
        file = MemberImport.objects.create(
            status="done", digest=b"x", actor_label="t", rows_total=1
        )
        ImportRow.objects.create(
            member_import=file, number=2, action="create", is_done=True, member=bad
        )
        services.measure(actor=SYSTEM)
        day = last_day(SYSTEM, None)
        channels = {
            one.key: one.valid
            for one in figures(SYSTEM, day=day, source="channel", fields=["profile.name"])
        }
        assert channels == {"staff": 1, "import": 0}
        (of_file,) = figures(SYSTEM, day=day, source="file", fields=["profile.name"])
        assert (of_file.key, of_file.members, of_file.valid) == (str(file.pk), 1, 0)
        assert looked_at(good).invalid == []

    def test_an_erased_member_leaves_nothing(self) -> None:
        member = a_member()
        services.measure(actor=SYSTEM)
        erase_member(member.id, actor=SYSTEM)
        services.drop_erased([member.id])
        assert not MemberQuality.objects.exists()
        services.measure(actor=SYSTEM)
        assert not MemberQuality.objects.exists()

    def test_the_worst_comes_first_and_days_make_a_trend(self, frozen_clock) -> None:
        frozen_clock.set(NOON)
        a_member(profile={"gender": "male"})
        services.measure(actor=SYSTEM)
        frozen_clock.set(NOON + dt.timedelta(days=1))
        a_member()
        services.measure(actor=SYSTEM)
        names = ["profile.name", "profile.gender", "profile.occupation"]
        found = figures(SYSTEM, day=last_day(SYSTEM, None), fields=names)
        assert [one.field for one in found] == names[::-1]
        days = trend(SYSTEM, since=TODAY, fields=["profile.gender"])
        assert [one.complete for one in days] == [1000, 500]

    def test_the_database_refuses_parts_above_the_whole(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            QualityDay.objects.create(
                day=TODAY, source="mall", field="x", members=1, filled=2, valid=0, fresh=0
            )


@pytest.mark.django_db
class TestReading:
    def test_the_staff_of_a_mall_see_their_members(self) -> None:
        here, there = MallFactory(), MallFactory()
        a_member(mall_id=here.id)
        for _one in range(2):
            a_member(mall_id=there.id)
        a_member()
        services.measure(actor=SYSTEM)
        local = an_actor(VIEW_QUALITY, scope=Scope(mall_ids=frozenset({here.id})))
        assert figure("profile.name", local).members == 1
        assert figure("profile.name", local, mall_id=there.id) is None
        assert figure("profile.name", an_actor(VIEW_QUALITY, scope=WHOLE_GROUP)).members == 4

    def test_a_figure_opens_its_rows(self, client: Client) -> None:
        client.force_login(a_staff_user("crm_manager"))
        assert "Nothing was measured yet" in client.get(reverse("quality:page")).content.decode()
        good, bad = a_member(), a_member(name="测试")
        services.measure(actor=SYSTEM)
        page = client.get(reverse("quality:page")).content.decode()
        address = reverse("members:list") + "?quality=invalid.profile.name&amp;status=open"
        assert address in page
        rows = client.get(address.replace("&amp;", "&")).content.decode()
        assert bad.number in rows
        assert good.number not in rows
        for by in ("channel", "file"):
            assert client.get(reverse("quality:page"), {"by": by}).status_code == 200

    def test_a_field_that_one_may_not_see_is_not_there(self, client: Client) -> None:
        save_field(
            "income", is_new=True, type="text", name_en="Secret income", is_personal=True,
            audience="confidential", actor=SYSTEM,
        )  # fmt: skip
        a_member()
        services.measure(actor=SYSTEM)
        client.force_login(a_staff_user("analyst"))
        assert "Secret income" not in client.get(reverse("quality:page")).content.decode()
        rows = client.get(reverse("members:list"), {"quality": "missing.custom.income"})
        assert "Secret income" not in rows.content.decode()
        client.force_login(a_staff_user("crm_manager"))
        assert "Secret income" in client.get(reverse("quality:page")).content.decode()

    def test_who_may_not_change_a_member_proposes_from_the_row(self, client: Client) -> None:
        bad = a_member(name="测试")
        services.measure(actor=SYSTEM)
        user = a_staff_user("analyst")
        client.force_login(user)
        assert actor_for_user(user).may(PROPOSE_CORRECTION)
        page = client.get(reverse("members:detail", args=[bad.id])).content.decode()
        address = reverse("corrections:new", args=["member", bad.id]) + "?field=name"
        assert address in page
        form = client.get(address).context["form"]
        assert form["field"].value() == "name"

    def test_a_wrong_phone_and_a_missing_e_mail_can_be_proposed(self, client: Client) -> None:
        bad = a_member(phone="13888888888")
        services.measure(actor=SYSTEM)
        client.force_login(a_staff_user("analyst"))
        page = client.get(reverse("members:detail", args=[bad.id])).content.decode()
        held = Identity.objects.get(member=bad.id, kind="phone")
        address = (
            reverse("corrections:new", args=["member", bad.id]) + f"?field=phone.{held.pk.hex}"
        )
        assert address in page
        form = client.get(address).context["form"]
        assert form["field"].value() in dict(form.fields["field"].choices)

    def test_measuring_is_asked_for_by_a_button(self, client: Client, monkeypatch) -> None:
        client.force_login(a_staff_user("analyst"))
        begun = []
        monkeypatch.setattr(
            "mallard.world.quality.pages.measure_now.defer", lambda: begun.append(1)
        )
        assert client.post(reverse("quality:measure")).status_code == 302
        assert begun == [1]
