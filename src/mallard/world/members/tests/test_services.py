"""What happens to members: joining, changing, closing, being forgotten, being merged."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from mallard.kernel.audit.models import Entry
from mallard.kernel.ids import is_checksummed_number
from mallard.kernel.outbox.models import OutboxEvent
from mallard.kernel.provenance import Origin
from mallard.kernel.secrets.services import open_keys
from mallard.world.malls.tests.factories import a_mall_group
from mallard.world.members import queries, services
from mallard.world.members.blind import open_identity
from mallard.world.members.errors import (
    EnrolmentInvalid,
    IdentityTaken,
    MemberErased,
    MemberMerged,
    MemberNotOpen,
    MergeImpossible,
    PaymentCardRefused,
    ProfileInvalid,
    ReasonNeeded,
    TagUnknown,
)
from mallard.world.members.inputs import ConsentInput, Enrolment, IdentityInput, MemberRef
from mallard.world.members.models import (
    Consent,
    Identity,
    Member,
    MemberPresence,
    MemberSearch,
    MemberStatus,
    MemberTag,
    Note,
)
from mallard.world.members.profile import open_profile
from mallard.world.members.tests.factories import SYSTEM, a_member, a_phone

pytestmark = pytest.mark.django_db
VISA = "4111 1111 1111 1111"


def profile_of(member: Member) -> dict[str, str]:
    member.refresh_from_db()
    facts = open_profile(member.profile_sealed, open_keys([member.id]).get(member.id))
    return {code: fact.value for code, fact in facts.items()}


def found(kind: str, value: str) -> UUID | None:
    ref = MemberRef(kind, value)
    hit = queries.find_by_identities([ref]).get(ref)
    return hit.survivor_id if hit else None


class TestEnrolment:
    def test_a_member_gets_a_checksummed_number_and_sealed_facts_with_their_origin(self) -> None:
        member = a_member(
            name="Ann Li",
            profile={"age_band": "35-44"},
            origin=Origin.GENERATED,
            origins={"age_band": Origin.SOURCE},
        )
        assert is_checksummed_number("M", member.number)
        assert b"Ann" not in bytes(member.profile_sealed or b"")
        facts = open_profile(member.profile_sealed, open_keys([member.id])[member.id])
        assert facts["name"].value == "Ann Li"
        assert facts["name"].origin == Origin.GENERATED
        assert facts["age_band"].origin == Origin.SOURCE

    def test_it_is_audited_and_announced_without_anything_personal(self) -> None:
        member = a_member(name="Secretname", phone="13912345678")
        entry = Entry.objects.get(subject_id=member.id)
        event = OutboxEvent.objects.get(subject_id=member.id, name="members.member_enrolled")
        assert entry.action == "members.member_enrolled"
        assert "Secretname" not in str(entry.after) + str(event.payload)
        assert "12345678" not in str(entry.after) + str(event.payload)

    def test_a_thousand_at_once_answer_in_order(self) -> None:
        people = [
            Enrolment(
                profile={"name": f"Member {n}", "birth_date": "1990-05-21"},
                identities=(
                    IdentityInput("phone", a_phone()),
                    IdentityInput("card", f"C{n:07d}"),
                ),
                consents=(ConsentInput("marketing"), ConsentInput("share_with_tenant")),
            )
            for n in range(1000)
        ]
        enrolled = services.enrol_members(people, actor=SYSTEM)
        assert len({each.number for each in enrolled}) == 1000
        assert found("card", "c0000999") == enrolled[999].id

    def test_a_batch_is_a_constant_number_of_statements(
        self, django_assert_max_num_queries: object
    ) -> None:
        def batch(size: int) -> list[Enrolment]:
            return [Enrolment(identities=(IdentityInput("phone", a_phone()),)) for _ in range(size)]

        for size in (1, 50):
            people = batch(size)
            with django_assert_max_num_queries(20):  # type: ignore[operator]
                services.enrol_members(people, actor=SYSTEM)

    def test_somebody_elses_phone_refuses_the_whole_batch(self) -> None:
        a_member(phone="13912345678")
        people = [
            Enrolment(identities=(IdentityInput("phone", a_phone()),)),
            Enrolment(identities=(IdentityInput("phone", "+86 139-1234-5678"),)),
        ]
        with pytest.raises(IdentityTaken):
            services.enrol_members(people, actor=SYSTEM)
        assert Member.objects.count() == 1
        assert Identity.objects.count() == 1

    def test_the_same_identity_twice_in_a_batch_is_refused(self) -> None:
        twice = [Enrolment(identities=(IdentityInput("plate", "沪A12345"),))] * 2
        with pytest.raises(IdentityTaken):
            services.enrol_members(twice, actor=SYSTEM)
        assert not Member.objects.exists()

    @pytest.mark.parametrize(
        ("enrolment", "error"),
        [
            (Enrolment(profile={"name": "Nobody"}), EnrolmentInvalid),
            (Enrolment(identities=(IdentityInput("card", VISA),)), PaymentCardRefused),
            (
                Enrolment(
                    profile={"occupation": VISA}, identities=(IdentityInput("card", "C12345"),)
                ),
                PaymentCardRefused,
            ),
            (
                Enrolment(
                    profile={"birth_date": "2999-01-01"},
                    identities=(IdentityInput("card", "C12345"),),
                ),
                ProfileInvalid,
            ),
            (
                Enrolment(identities=(IdentityInput("card", "C12345"),), tags=("nope",)),
                TagUnknown,
            ),
        ],
    )
    def test_what_is_not_well_formed_leaves_nothing_behind(
        self, enrolment: Enrolment, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            services.enrol_member(enrolment, actor=SYSTEM)
        assert not Member.objects.exists()
        assert not Entry.objects.exists()


class TestFinding:
    def test_any_spelling_of_a_phone_finds_the_member(self) -> None:
        member = a_member(phone="13912345678")
        for spelling in ("+86 139 1234 5678", "１３９１２３４５６７８", "0086-139-1234-5678"):
            assert found("phone", spelling) == member.id
        assert found("phone", "13912345679") is None

    def test_a_number_finds_and_a_mistyped_one_does_not(self) -> None:
        member = a_member()
        wrong = member.number[:-1] + str((int(member.number[-1]) + 1) % 10)
        assert found("number", member.number.lower()) == member.id
        assert found("number", wrong) is None

    @pytest.mark.parametrize("text", ["小明", "王小", "明", "王小明", "5678", "139 1234 5678"])
    def test_staff_find_by_part_of_a_chinese_name_and_last_four(self, text: str) -> None:
        member = a_member(name="王小明", phone="13912345678")
        a_member(name="李雷", phone="13900000000")
        hits = queries.search_members(Member.objects.all(), text)
        assert [hit.id for hit in hits] == [member.id]

    @pytest.mark.parametrize("text", ["gar", "José", "jose garcia", "GARCÍA"])
    def test_staff_find_by_part_of_a_latin_name(self, text: str) -> None:
        member = a_member(name="José García")
        a_member(name="Ann Li")
        hits = queries.search_members(Member.objects.all(), text)
        assert [hit.id for hit in hits] == [member.id]


class TestChanges:
    def test_only_what_changed_gets_a_new_origin_and_the_audit_is_sealed(self) -> None:
        member = a_member(name="Ann Li", profile={"occupation": "Baker"}, origin=Origin.GENERATED)
        changed = services.change_member(
            member.id, profile={"name": "Ann Wang", "occupation": "Baker"}, actor=SYSTEM
        )
        member.refresh_from_db()
        facts = open_profile(member.profile_sealed, open_keys([member.id])[member.id])
        assert changed == ("name",)
        assert facts["name"].origin == Origin.IMPORT
        assert facts["occupation"].origin == Origin.GENERATED
        entry = Entry.objects.get(action="members.member_changed")
        assert entry.before is None
        assert b"Wang" not in bytes(entry.sealed or b"")
        assert queries.search_members(Member.objects.all(), "wang").get() == member
        assert not queries.search_members(Member.objects.all(), "ann li").exists()

    def test_a_refused_change_changes_nothing(self) -> None:
        member = a_member(name="Ann Li")
        with pytest.raises(ProfileInvalid):
            services.change_member(
                member.id, profile={"name": "Other", "gender": "x"}, actor=SYSTEM
            )
        assert profile_of(member) == {"name": "Ann Li"}

    def test_closing_frees_the_phone_and_reopening_takes_it_back(self) -> None:
        member = a_member(phone="13912345678")
        services.close_member(member.id, actor=SYSTEM)
        assert found("phone", "13912345678") is None
        services.reopen_member(member.id, actor=SYSTEM)
        assert found("phone", "13912345678") == member.id

    def test_reopening_is_refused_when_somebody_else_has_the_phone_now(self) -> None:
        member = a_member(phone="13912345678")
        services.close_member(member.id, actor=SYSTEM)
        newcomer = a_member(phone="13912345678")
        with pytest.raises(IdentityTaken), transaction.atomic():
            services.reopen_member(member.id, actor=SYSTEM)
        member.refresh_from_db()
        assert member.status == MemberStatus.CLOSED
        assert found("phone", "13912345678") == newcomer.id

    def test_a_closed_member_cannot_be_changed(self) -> None:
        member = a_member()
        services.close_member(member.id, actor=SYSTEM)
        with pytest.raises(MemberNotOpen):
            services.change_member(member.id, profile={"name": "X"}, actor=SYSTEM)


class TestIdentities:
    def test_revealing_leaves_an_audit_entry_and_needs_a_reason(self) -> None:
        member = a_member(phone="13912345678")
        identity = member.identities.get()
        with pytest.raises(ReasonNeeded):
            services.reveal_identity(identity.id, member_id=member.id, reason=" ", actor=SYSTEM)
        assert not Entry.objects.filter(action="members.identity_revealed").exists()
        value = services.reveal_identity(
            identity.id, member_id=member.id, reason="call back", actor=SYSTEM
        )
        assert value == "+8613912345678"
        entry = Entry.objects.get(action="members.identity_revealed")
        assert (entry.subject_id, entry.personal_of) == (identity.id, member.id)

    def test_a_removed_identity_may_be_somebody_elses(self) -> None:
        member, other = a_member(phone="13912345678"), a_member()
        services.remove_identity(member.identities.get().id, member_id=member.id, actor=SYSTEM)
        services.add_identity(other.id, IdentityInput("phone", "13912345678"), actor=SYSTEM)
        assert found("phone", "13912345678") == other.id

    def test_an_identity_of_somebody_else_is_refused(self) -> None:
        member, other = a_member(phone="13912345678"), a_member()
        with pytest.raises(IdentityTaken):
            services.add_identity(other.id, IdentityInput("phone", "13912345678"), actor=SYSTEM)
        assert found("phone", "13912345678") == member.id
        assert other.identities.count() == 1

    def test_the_database_itself_refuses_a_second_owner(self) -> None:
        member, other = a_member(), a_member()
        with pytest.raises(DatabaseError), transaction.atomic():
            other.identities.update(blind_full=member.identities.get().blind_full)


class TestConsents:
    def test_the_latest_word_counts_and_the_history_stays(self) -> None:
        member = a_member()
        services.give_consent(member.id, purpose="marketing", channel="sms", actor=SYSTEM)
        assert queries.has_consent(member.id, "marketing", "sms")
        services.withdraw_consent(member.id, purpose="marketing", channel="sms", actor=SYSTEM)
        assert not queries.has_consent(member.id, "marketing", "sms")
        assert Consent.objects.filter(member=member).count() == 2

    def test_silence_is_no_and_any_channel_covers_each(self) -> None:
        member = a_member()
        assert not queries.has_consent(member.id, "marketing", "email")
        services.give_consent(member.id, purpose="marketing", actor=SYSTEM)
        assert queries.has_consent(member.id, "marketing", "email")
        services.withdraw_consent(member.id, purpose="marketing", channel="email", actor=SYSTEM)
        assert not queries.has_consent(member.id, "marketing", "email")
        assert queries.has_consent(member.id, "marketing", "sms")

    def test_nobody_rewrites_a_consent(self) -> None:
        member = a_member()
        services.give_consent(member.id, purpose="marketing", actor=SYSTEM)
        with pytest.raises(DatabaseError), transaction.atomic():
            Consent.objects.update(is_granted=False)
        with pytest.raises(DatabaseError), transaction.atomic():
            Consent.objects.all().delete()
        assert Consent.objects.get().is_granted


class TestErasure:
    def test_nothing_personal_is_left_anywhere_in_the_database(self) -> None:
        services.save_tag("knitting", name_en="Knits", actor=SYSTEM)
        member = a_member(
            name="Zebediah 欧阳修文",
            phone="13912345678",
            identities=(IdentityInput("email", "zebediah@example.com"),),
            tags=("knitting",),
            consents=(ConsentInput("marketing", proof="form of Zebediah"),),
        )
        services.write_note(member.id, "Zebediah likes rye bread", actor=SYSTEM)
        services.change_member(member.id, profile={"occupation": "Zebediah baker"}, actor=SYSTEM)
        indexes = [bytes(each.blind_full or b"") for each in member.identities.all()]
        assert residue("zebediah")
        assert residue(indexes[0].hex())

        services.erase_member(member.id, actor=SYSTEM)

        for trace in ("zebediah", "欧阳", "修文", "12345678", *(each.hex() for each in indexes)):
            assert residue(trace) == []
        member.refresh_from_db()
        assert member.status == MemberStatus.ERASED
        assert member.profile_sealed is None
        assert open_keys([member.id]) == {}
        assert not MemberSearch.objects.exists()
        assert not MemberTag.objects.exists()
        assert not Note.objects.exists()
        assert found("phone", "13912345678") is None

    def test_it_takes_merged_records_along_and_may_be_repeated(self) -> None:
        survivor, merged = a_member(), a_member()
        services.merge_members(survivor.id, merged_id=merged.id, actor=SYSTEM)
        with pytest.raises(MemberMerged):
            services.erase_member(merged.id, actor=SYSTEM)
        assert set(services.erase_member(survivor.id, actor=SYSTEM)) == {survivor.id, merged.id}
        services.erase_member(survivor.id, actor=SYSTEM)
        assert Entry.objects.filter(action="members.member_erased").count() == 1
        with pytest.raises(MemberErased):
            services.change_member(merged.id, profile={"name": "X"}, actor=SYSTEM)

    def test_somebody_new_may_have_the_erased_members_phone(self) -> None:
        services.erase_member(a_member(phone="13912345678").id, actor=SYSTEM)
        newcomer = a_member(phone="13912345678")
        assert found("phone", "13912345678") == newcomer.id


def residue(text: str) -> list[str]:
    """The tables in which any row, written out as text, contains ``text`` (case-insensitive)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        hits = []
        for table in tables:
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS t WHERE t::text ILIKE %s',  # noqa: S608
                [f"%{text}%"],
            )
            if cursor.fetchone()[0]:
                hits.append(table)
    return hits


class TestMerging:
    def test_the_survivor_answers_for_the_merged_one_until_it_is_undone(self) -> None:
        survivor, merged = a_member(), a_member(phone="13912345678")
        services.merge_members(survivor.id, merged_id=merged.id, actor=SYSTEM)
        assert found("phone", "13912345678") == survivor.id
        services.unmerge_member(merged.id, actor=SYSTEM)
        assert found("phone", "13912345678") == merged.id

    def test_a_circle_is_refused(self) -> None:
        one, two = a_member(), a_member()
        services.merge_members(one.id, merged_id=two.id, actor=SYSTEM)
        with pytest.raises(MemberMerged):
            services.merge_members(two.id, merged_id=one.id, actor=SYSTEM)
        with pytest.raises(MergeImpossible):
            services.merge_members(one.id, merged_id=one.id, actor=SYSTEM)
        one.refresh_from_db()
        assert one.merged_into_id is None

    def test_chains_resolve_to_the_last_survivor(self) -> None:
        one, two, three = a_member(), a_member(), a_member(phone="13912345678")
        services.merge_members(two.id, merged_id=three.id, actor=SYSTEM)
        services.merge_members(one.id, merged_id=two.id, actor=SYSTEM)
        assert found("phone", "13912345678") == one.id
        assert set(queries.records_under([one.id])[one.id]) == {one.id, two.id, three.id}


class TestPresence:
    def test_receipts_add_up_and_times_widen(self) -> None:
        world, member = a_mall_group(), a_member()
        early, late = (dt.datetime(2026, 1, day, tzinfo=dt.UTC) for day in (1, 9))
        store = world.lakeside_bakery.id
        services.note_presence([(member.id, store, late), (member.id, store, late)])
        services.note_presence([(member.id, store, early)])
        presence = MemberPresence.objects.get()
        assert (presence.first_at, presence.last_at, presence.receipts) == (early, late, 3)


def test_notes_are_sealed_and_refuse_card_numbers() -> None:
    member = a_member()
    services.write_note(member.id, "Likes rye", actor=SYSTEM)
    with pytest.raises(PaymentCardRefused):
        services.write_note(member.id, f"paid with {VISA} today", actor=SYSTEM)
    assert b"rye" not in bytes(Note.objects.get().body_sealed)


def test_a_value_moved_to_another_row_does_not_open() -> None:
    one, two = a_member(), a_member()
    theirs, ours = one.identities.get(), two.identities.get()
    theirs.value_sealed = ours.value_sealed
    with pytest.raises(Exception, match="protected value"):
        open_identity(theirs, open_keys([one.id])[one.id])
