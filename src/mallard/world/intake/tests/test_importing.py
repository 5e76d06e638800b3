"""Files of members: tried, taken in, killed in the middle, undone."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
import xlsxwriter

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor, ActorKind, Scope
from mallard.kernel.errors import Forbidden
from mallard.kernel.ids import uuid7
from mallard.kernel.secrets.models import WrappedKey
from mallard.kernel.secrets.services import open_keys
from mallard.kernel.spreadsheets import TableUnreadable
from mallard.kernel.workspace.files import sealed
from mallard.world.intake import errors, services
from mallard.world.intake.files import PLACE, read_rows
from mallard.world.intake.models import ImportRow, ImportStatus, MemberImport, RowAction
from mallard.world.intake.services import running
from mallard.world.intake.services.keeping import close_files
from mallard.world.intake.services.running import begin_run
from mallard.world.intake.showing import result_lines
from mallard.world.intake.tests.factories import (
    OPERATOR,
    a_file,
    checked,
    codes_of,
    imported,
    member_at,
    of_phone,
    phone_of,
    received,
    rows_of,
)
from mallard.world.malls.tests.factories import MallFactory
from mallard.world.members.inputs import IdentityInput
from mallard.world.members.models import Consent, GuardianConsent, Member, MemberStatus
from mallard.world.members.profile import open_profile
from mallard.world.members.queries import has_consent, search_members
from mallard.world.members.services import (
    change_member,
    erase_member,
    merge_members,
    save_tag,
    write_note,
)
from mallard.world.members.tests.factories import a_member, a_phone

pytestmark = pytest.mark.django_db

CARD = "4111 1111 1111 1111"


class TestReceiving:
    def test_columns_are_guessed_in_both_languages(self) -> None:
        chinese = received(a_file(("王", a_phone(), "", "", "", "", "")))
        assert chinese.mapping == [
            "profile.name", "identity.phone", "profile.gender", "profile.birth_date",
            "identity.email", "tags", "consent.marketing",
        ]  # fmt: skip
        english = received(
            a_file(("Ann", a_phone(), "x"), header=("Full Name", "Mobile_Phone", "Shoe size"))
        )
        assert english.mapping == ["profile.name", "identity.phone", ""]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
    def test_encodings_are_told_apart(self, encoding: str) -> None:
        found = received(a_file(("欧阳雪莹", a_phone(), "", "", "", "", ""), encoding=encoding))
        assert next(read_rows(found)).cells[0] == "欧阳雪莹"

    def test_excel_is_read(self) -> None:
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out)
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "手机", "生日"])
        sheet.write_row(1, 0, ["王小明", 13655550199, 33014])
        sheet.write_row(2, 0, ["李", 1234567890123456789])
        book.close()
        found = imported(out.getvalue())
        assert profile_of(of_phone("13655550199")) == {
            "name": "王小明",
            "birth_date": "1990-05-21",
        }
        assert codes_of(rows_of(found)[3]) == ["spoilt"]

    def test_the_kept_file_is_encrypted_and_knows_no_bank_card(self) -> None:
        phone = a_phone()
        found = received(
            a_file(("王", phone, CARD), header=("姓名", "手机", "备注")),
        )
        content = sealed.path_of(found.pk, PLACE).read_bytes()
        assert phone.encode() not in content
        (row,) = read_rows(found)
        assert row.cells[1] == phone
        assert "4111" not in "".join(row.cells)

    @pytest.mark.parametrize(
        ("content", "error"),
        [
            (b"", TableUnreadable),
            (b"PK\x03\x04nonsense", TableUnreadable),
            ("姓名,手机\n".encode(), errors.NoRows),
            ("王,13800138000\n李,13800138001\n".encode(), errors.HeaderMissing),
        ],
    )
    def test_files_that_make_no_sense_leave_nothing(
        self, content: bytes, error: type[Exception]
    ) -> None:
        before = set(sealed.folder(PLACE).iterdir())
        with pytest.raises(error):
            received(content)
        assert set(sealed.folder(PLACE).iterdir()) == before
        assert not MemberImport.objects.exists()

    def test_who_may_not_import_is_refused(self) -> None:
        nobody = Actor(ActorKind.STAFF, uuid7(), "somebody", scope=Scope(is_group=True))
        with pytest.raises(Forbidden):
            received(a_file(("王", a_phone(), "", "", "", "", "")), actor=nobody)

    def test_a_matching_is_kept_and_used_again(self) -> None:
        header = ("Kundin", "Rufnummer")
        found = received(a_file(("Ann", a_phone()), header=header))
        assert found.mapping == ["", ""]
        services.match_columns(found.pk, ["profile.name", "identity.phone"], actor=OPERATOR)
        services.save_matching(found.pk, "Branch system", actor=OPERATOR)
        again = received(a_file(("Ben", a_phone()), header=("rufnummer", "KUNDIN")))
        assert again.mapping == ["identity.phone", "profile.name"]

    def test_a_matching_that_finds_nobody_is_refused(self) -> None:
        found = received(a_file(("王", a_phone(), "", "", "", "", "")))
        with pytest.raises(errors.MatchingInvalid):
            services.match_columns(found.pk, ["profile.name", *[""] * 6], actor=OPERATOR)
        with pytest.raises(errors.MatchingInvalid):
            services.match_columns(
                found.pk, ["identity.phone", "profile.name", "profile.name", *[""] * 4],
                actor=OPERATOR,
            )  # fmt: skip


class TestTrying:
    def test_a_dry_run_says_what_each_row_would_do_and_changes_nothing(self) -> None:
        known, same = a_member(name="王小明"), a_member(name="李雷")
        phones = {m.pk: phone_of(m) for m in (known, same)}
        before = Member.objects.count()
        found = checked(
            a_file(
                ("张三", "+86 " + a_phone(), "女", "1990/5/21", "A@B.CN", "", "是"),
                ("王大明", phones[known.pk], "", "", "", "", ""),
                ("李雷", phones[same.pk], "", "", "", "", ""),
                ("赵六", "12", "?", "05/06/1990", "no", "nope", "maybe"),
            )
        )
        rows = rows_of(found)
        assert found.status == ImportStatus.CHECKED
        assert [rows[n].action for n in (2, 3, 4, 5)] == [
            "create", "change", "unchanged", "refused",
        ]  # fmt: skip
        assert set(codes_of(rows[5])) == {
            "bad_identity", "bad_gender", "ambiguous_date", "unknown_tag", "neither_yes_nor_no",
        }  # fmt: skip
        assert Member.objects.count() == before
        assert profile_of(known)["name"] == "王小明"
        assert b"".join(result_lines(found)).decode("utf-8-sig").count("\n") == 5

    def test_one_person_twice_in_a_file_is_taken_once(self) -> None:
        phone = a_phone()
        found = imported(
            a_file(
                ("坏行", phone, "?", "", "", "", ""),
                ("王", phone, "", "", "", "", ""),
                ("王", "86" + phone, "", "", "x@y.cn", "", ""),
            )
        )
        rows = rows_of(found)
        assert [rows[n].action for n in (2, 3, 4)] == ["refused", "create", "refused"]
        assert rows[4].problems == [{"code": "repeated", "target": "", "params": {"row": 3}}]

    def test_identities_of_two_members_are_a_contradiction(self) -> None:
        one, other = a_member(), a_member(identities=(IdentityInput("email", "o@example.cn"),))
        found = checked(a_file(("王", phone_of(one), "", "", "o@example.cn", "", "")))
        assert codes_of(rows_of(found)[2]) == ["two_members"]
        assert other.is_open

    def test_a_bank_card_number_refuses_its_row(self) -> None:
        found = imported(
            a_file((CARD, a_phone(), "", "", "", "", ""), ("好", a_phone(), *[""] * 5))
        )
        assert codes_of(rows_of(found)[2]) == ["payment_card"]
        assert rows_of(found)[3].action == RowAction.CREATE

    def test_formulas_nul_and_empty_rows(self) -> None:
        good = a_phone()
        content = (
            "姓名,手机\n=cmd|' /C calc'!A0,13500000000\n,\n\n"
            f"王\x00明,13500000001\n李,1.35E+10\n欧阳,{good}\n"
        ).encode()
        found = imported(content)
        assert [row.action for row in rows_of(found).values()] == ["refused"] * 3 + ["create"]
        assert of_phone(good)

    def test_whoever_works_for_a_mall_cannot_change_members_of_another(self) -> None:
        mall, other = MallFactory(), MallFactory()
        stranger = a_member(mall_id=other.pk)
        found = checked(a_file(("新名", phone_of(stranger), *[""] * 5)))
        manager = Actor(
            ActorKind.STAFF, uuid7(), "m", frozenset({"intake.import_members"}),
            Scope(mall_ids=frozenset({mall.pk})),
        )  # fmt: skip
        places = running.Places(found, manager)
        rows = list(running._said(found, stranger.joined_at.date()))
        (plan,) = running.plan_rows(rows, places=places, seen=running.Seen())
        assert [problem.code for problem in plan.problems] == ["elsewhere"]
        assert plan.member_id is None


def profile_of(member: Member) -> dict[str, str]:
    key = open_keys([member.pk]).get(member.pk)
    facts = open_profile(Member.objects.get(pk=member.pk).profile_sealed, key)
    return {code: fact.value for code, fact in facts.items()}


class TestTakingIn:
    def test_members_are_enrolled_and_changed(self) -> None:
        save_tag("vip", name_en="VIP", name_zh="贵宾", actor=OPERATOR)
        mall = MallFactory()
        known = a_member(name="王小明", profile={"occupation": "教师"})
        phone = a_phone()
        imported(
            a_file(
                ("歐陽雪瑩", phone, "女士", "1990年5月21日", "Q@Example.CN", "贵宾", "是"),
                ("王大明", phone_of(known), "", "", "w@example.cn", "vip", "否"),
            ),
            mall_id=mall.pk,
        )
        new = of_phone(phone)
        assert profile_of(new) == {
            "name": "歐陽雪瑩", "gender": "female", "birth_date": "1990-05-21",
        }  # fmt: skip
        assert new.enrolled_mall_id == mall.pk
        assert new.origin == "import"
        assert has_consent(new.pk, "marketing", "sms")
        assert [tag.tag.code for tag in new.member_tags.all()] == ["vip"]
        assert search_members(Member.objects.all(), "欧阳").get() == new
        assert search_members(Member.objects.all(), "歐陽").get() == new
        assert profile_of(known) == {"name": "王大明", "occupation": "教师"}
        assert not has_consent(known.pk, "marketing", "any")
        assert known.identities.filter(kind="email", closed_at=None).exists()

    def test_a_child_is_refused_and_the_others_come_in(self) -> None:
        child, parent = a_phone(), a_phone()
        imported(
            a_file(
                ("王小宝", child, "", "2024-05-21", "", "", ""),
                ("王大明", parent, "", "1990-05-21", "", "", ""),
            ),
            mall_id=MallFactory().pk,
        )
        assert [member.number for member in Member.objects.all()] == [of_phone(parent).number]
        assert [
            problem["code"] for row in ImportRow.objects.all() for problem in row.problems or ()
        ] == ["too_young"]

    def test_silence_is_no_consent(self) -> None:
        phone = a_phone()
        imported(a_file(("王", phone, *[""] * 5)))
        assert not Consent.objects.filter(member=of_phone(phone)).exists()

    def test_the_same_file_again_changes_nothing(self) -> None:
        content = a_file(
            ("王", a_phone(), "男", "19900521", "w1@example.cn", "", "是"),
            ("李", a_phone(), "?", "", "", "", ""),
        )
        first = imported(content)
        members, consents = Member.objects.count(), Consent.objects.count()
        again = imported(content)
        assert (Member.objects.count(), Consent.objects.count()) == (members, consents)
        assert again.counts == {"unchanged": 1, "refused": 1}
        assert member_at(again, 2) == member_at(first, 2)

    @pytest.mark.parametrize(
        ("mode", "actions"), [("create", ["create", "refused"]), ("update", ["refused", "change"])]
    )
    def test_an_import_may_only_enrol_or_only_update(self, mode: str, actions: list[str]) -> None:
        known = a_member(name="王")
        found = imported(
            a_file(("新", a_phone(), *[""] * 5), ("改", phone_of(known), *[""] * 5)), mode=mode
        )
        assert [row.action for row in rows_of(found).values()] == actions

    def test_killed_in_the_middle_and_resumed_it_ends_the_same(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(running, "BATCH_ROWS", 10)
        phones = [a_phone() for _ in range(35)]
        rows = [(f"会员{n}", phone, *[""] * 5) for n, phone in enumerate(phones)]
        rows[25] = ("重复", phones[3], *[""] * 5)  # somebody of an earlier batch
        rows[7] = ("坏", "12", *[""] * 5)
        found = checked(a_file(*rows))
        begin_run(found.pk, actor=OPERATOR)
        batches = iter([True, True])

        class Killed(BaseException):
            pass

        def dying(*arguments: Any) -> bool:
            if next(batches, None) is None:
                raise Killed
            return running._take_in(*arguments)

        monkeypatch.setattr(running, "_run_batch", dying)
        with pytest.raises(Killed):
            services.take_rows_in(found.pk)
        found.refresh_from_db()
        assert (found.status, found.rows_done) == (ImportStatus.RUNNING, 20)
        monkeypatch.undo()
        services.take_rows_in(found.pk)
        found.refresh_from_db()
        assert found.status == ImportStatus.DONE
        assert found.counts == {"create": 33, "refused": 2}
        assert found.rows.count() == 35
        assert codes_of(rows_of(found)[27]) == ["repeated"]
        services.take_rows_in(found.pk)  # a job that comes twice
        assert found.rows.count() == 35

    def test_ten_thousand_dirty_rows(self) -> None:
        save_tag("vip", name_en="VIP", name_zh="贵宾", actor=OPERATOR)
        dirty = [
            ("=1+1", "1" * 400, "x" * 3000, "99999999999999999999", "@", "\x01", "?"),
            ("", "", "", "", "", "", ""),
            (CARD, "+" + "9" * 30, "", "0000-00-00", "a@b", "none", ""),
            ("名", "+86 138-0013-8000x", "", "", "", "", ""),
        ]
        good = ("好", a_phone(), *[""] * 5)
        found = imported(a_file(*(dirty * 2_500), good))
        assert found.rows_total == 7_501  # empty rows are no rows
        assert found.counts == {"refused": 7_500, "create": 1}


class TestUndoing:
    def undone(self, found: MemberImport) -> MemberImport:
        services.start_undo(found.pk, actor=OPERATOR)
        services.undo_import(found.pk)
        found.refresh_from_db()
        return found

    def test_a_whole_import_is_undone(self) -> None:
        save_tag("vip", name_en="VIP", name_zh="贵宾", actor=OPERATOR)
        known = a_member(name="王小明")
        phone, old_phone = a_phone(), phone_of(known)
        found = imported(
            a_file(
                ("张三", phone, "", "", "", "", "是"),
                ("王大明", old_phone, "女", "", "u@example.cn", "vip", "是"),
            )
        )
        made = member_at(found, 2)
        self.undone(found)
        assert found.status == ImportStatus.UNDONE
        made.refresh_from_db()
        assert made.status == MemberStatus.ERASED
        assert not WrappedKey.objects.filter(pk=made.pk).exists()
        assert profile_of(known) == {"name": "王小明"}
        assert not known.member_tags.exists()
        assert not has_consent(known.pk, "marketing", "any")
        assert not known.identities.filter(kind="email", closed_at=None).exists()
        assert of_phone(old_phone) == known
        again = imported(a_file(("张三", phone, *[""] * 5)))  # the phone is free again
        assert again.counts == {"create": 1}

    def test_what_came_later_is_listed_and_nothing_happens(self) -> None:
        known = a_member(name="王小明")
        found = imported(
            a_file(
                ("张三", a_phone(), *[""] * 5),
                ("李四", a_phone(), *[""] * 5),
                ("王大明", phone_of(known), *[""] * 5),
            )
        )
        noted, merged = member_at(found, 2), member_at(found, 3)
        write_note(noted.pk, "likes tea", actor=OPERATOR)
        merge_members(known.pk, merged_id=merged.pk, actor=OPERATOR)
        change_member(known.pk, profile={"name": "王二明"}, actor=OPERATOR)
        self.undone(found)
        assert found.status == ImportStatus.DONE
        assert {b["kind"]: b["members"] for b in found.blockers} == {
            "notes": [noted.number],
            "merges": [merged.number],
            "changes": [known.number],
        }
        noted.refresh_from_db()
        assert noted.is_open
        assert profile_of(known)["name"] == "王二明"

    def test_a_guardians_consent_stands_against_undoing(self) -> None:
        found = imported(a_file(("张三", a_phone(), *[""] * 5)))
        child = member_at(found, 2)
        GuardianConsent.objects.create(member=child, given_on=clock.now().date())
        self.undone(found)
        assert found.status == ImportStatus.DONE
        assert {b["kind"]: b["members"] for b in found.blockers} == {"consents": [child.number]}

    def test_an_import_that_changed_nothing_has_nothing_to_undo(self) -> None:
        found = imported(a_file(("坏", "12", *[""] * 5)))
        with pytest.raises(errors.NothingToUndo):
            services.start_undo(found.pk, actor=OPERATOR)
        found.refresh_from_db()
        assert found.status == ImportStatus.DONE


class TestForgetting:
    def test_an_erasure_takes_every_kept_file_along(self) -> None:
        phone = a_phone()
        found = imported(a_file(("欧阳雪莹", phone, *[""] * 5)))
        waiting = received(a_file(("欧阳雪莹", phone, *[""] * 5)))
        erase_member(member_at(found, 2).pk, actor=OPERATOR)
        close_files([uuid7()])
        for each, status in ((found, ImportStatus.DONE), (waiting, ImportStatus.STOPPED)):
            each.refresh_from_db()
            assert each.status == status
            assert (each.name_sealed, each.header_sealed) == (None, None)
            assert not WrappedKey.objects.filter(pk=each.pk).exists()
        assert "欧阳".encode() not in b"".join(result_lines(found))

    def test_files_go_after_some_days_and_the_import_can_still_be_undone(self) -> None:
        found = imported(a_file(("王", a_phone(), *[""] * 5)))
        with clock.frozen(clock.now() + dt.timedelta(days=15)):
            assert services.expire_files() == 1
            services.start_undo(found.pk, actor=OPERATOR)
            services.undo_import(found.pk)
        found.refresh_from_db()
        assert found.status == ImportStatus.UNDONE
