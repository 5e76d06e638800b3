from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from mallard.kernel.access.actor import Actor, ActorKind, system
from mallard.kernel.audit import chain, queries, services
from mallard.kernel.audit.models import Entry
from mallard.kernel.database.testing import wait_for_older_transactions
from mallard.kernel.ids import uuid7
from mallard.kernel.secrets.services import create_data_keys, destroy_data_key

ACTOR = Actor(ActorKind.STAFF, uuid7(), "", request_id="r-1", address="10.0.0.7")


def record(action: str = "malls.store_changed", **kwargs):
    with transaction.atomic():
        return services.record(ACTOR, action, "store", kwargs.pop("subject", uuid7()), **kwargs)


def seal(expected: int, *, limit: int = 100) -> None:
    """Seal one block, once nothing holds it back."""
    wait_for_older_transactions()
    assert chain.seal_next(limit=limit) == expected


@pytest.mark.django_db
def test_entry_says_who_what_before_after_and_from_where():
    subject = uuid7()
    record(subject=subject, before={"name": "A"}, after={"name": "B"})
    (entry,) = queries.history_of("store", subject)
    assert (entry.before, entry.after) == ({"name": "A"}, {"name": "B"})
    assert (entry.actor_id, entry.request_id, entry.address) == (ACTOR.id, "r-1", "10.0.0.7")
    assert queries.actions_of(ACTOR.id)[0].id == entry.id


@pytest.mark.django_db
def test_personal_details_are_sealed_and_go_with_the_member():
    member = uuid7()
    create_data_keys([member], actor=ACTOR)
    record(subject=member, personal_of=member, after={"phone": "13812345678"})
    row = Entry.objects.get()
    assert row.after is None
    assert b"13812345678" not in bytes(row.sealed)
    assert queries.history_of("store", member)[0].after == {"phone": "13812345678"}
    destroy_data_key(member, actor=ACTOR)
    (erased,) = queries.history_of("store", member)
    assert erased.is_erased
    assert erased.after is None
    assert erased.action == "malls.store_changed"


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_log_refuses_edits(table, verb):
    record()
    statement = verb.format(table).replace(
        "SET id = id", "SET " + ("action = ''" if table == "audit_entry" else "entries = 0")
    )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_record_needs_the_transaction_of_the_change():
    with pytest.raises(RuntimeError):
        services.record(ACTOR, "a.b", "store", None)
    assert not Entry.objects.exists()


def tamper(statement: str, parameters: list[object]) -> None:
    """As somebody with the table owner's rights would."""
    with connection.cursor() as cursor:
        for table in ("audit_entry", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, parameters)
        assert cursor.rowcount == 1
        for table in ("audit_entry", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE audit_entry SET actor_label = 'x' WHERE id = %s", "was changed"),
        (
            "UPDATE audit_entry SET recorded_at = recorded_at - interval '1 s' WHERE id = %s",
            "chang",
        ),
        ("DELETE FROM audit_entry WHERE id = %s", "entries"),
        ("UPDATE audit_seal SET entries = entries - 1 WHERE up_to_id = %s", "were sealed"),
        ("UPDATE audit_seal SET digest = previous WHERE up_to_id = %s", "was changed"),
    ],
)
def test_chain_finds_what_was_changed_behind_its_back(statement, fault):
    ids = [record(after={"n": n}) for n in range(6)]
    seal(3, limit=3)
    seal(3, limit=3)
    assert chain.seal_next() == 0
    report = chain.verify_chain()
    assert (report.is_intact, report.entries, report.seals) == (True, 6, 2)
    tamper(statement, [ids[2]])
    report = chain.verify_chain()
    assert not report.is_intact
    assert "seal 1" in report.faults[0] or "seal 2" in report.faults[0]
    assert fault in report.faults[0]


@pytest.mark.django_db(transaction=True)
def test_chain_finds_an_entry_slipped_in():
    record()
    record()
    seal(2)
    tamper(
        "INSERT INTO audit_entry (id, transaction_id, recorded_at, action, subject_type, ids,"
        " actor_kind, actor_label, request_id, address)"
        " SELECT %s, transaction_id, recorded_at, action, subject_type, ids, actor_kind,"
        " actor_label, request_id, address FROM audit_entry ORDER BY id LIMIT 1",
        [uuid7()],
    )
    assert not chain.verify_chain().is_intact


@pytest.mark.django_db(transaction=True)
def test_seals_cut_off_the_end_are_found_by_a_noted_head():
    record()
    seal(1)
    record()
    seal(1)
    head = chain.verify_chain().head
    tamper("DELETE FROM audit_seal WHERE number = %s", [2])
    assert chain.verify_chain().is_intact
    assert not chain.verify_chain(expected_head=head).is_intact


@pytest.mark.django_db(transaction=True)
def test_entry_that_commits_late_is_sealed_later_not_skipped():
    started, release = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                services.record(system("slow"), "a.slow", "store", None)
                started.set()
                release.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert started.wait(20)
    record("a.quick")
    # The quick one is committed, but may not be sealed while an older transaction runs.
    assert chain.seal_next() == 0
    release.set()
    thread.join()
    seal(2)
    assert chain.verify_chain().entries == 2
