"""Each check is broken on purpose and says so; whole, it is well."""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import connection, transaction

from mallard.kernel import clock
from mallard.kernel.access.actor import system
from mallard.kernel.audit import chain
from mallard.kernel.audit.models import Entry
from mallard.kernel.audit.services import record
from mallard.kernel.environment import environment
from mallard.kernel.health.checks import certificate, database, keys, machine, mail, trail, work
from mallard.kernel.health.registry import Finding, Status, registered_checks
from mallard.kernel.health.services import in_every_language, note_evidence
from mallard.kernel.ids import uuid7
from mallard.kernel.mail.models import Mail, MailStatus
from mallard.kernel.outbox.models import ConsumerCursor
from mallard.kernel.retention.checks import old_rows_go
from mallard.kernel.secrets import services as secrets

pytestmark = pytest.mark.django_db


def execute(sql: str, parameters: list[object] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def assert_fault(finding: Finding, status: Status, *words: str) -> None:
    """It is a fault with cause and cure, in both languages, and names ``words``."""
    assert finding.status == status
    texts = in_every_language(finding)
    for sentences in texts.values():
        assert all(sentences.values())
        assert "%(" not in str(sentences)
    assert texts["en"]["what"] != texts["zh-hans"]["what"]
    said = " ".join(texts["en"].values())
    for word in words:
        assert word in said


def test_every_check_says_something_in_both_languages() -> None:
    codes = {check.code for check in registered_checks()}
    assert {"database", "worker", "outbox", "disk", "keys", "audit", "mail", "ledger"} <= codes


def test_the_database_answers_and_is_migrated() -> None:
    assert database.answers().status == Status.OK
    assert database.has_room().status == Status.OK
    assert database.is_migrated().status == Status.OK


def test_missing_migrations_are_named() -> None:
    execute("DELETE FROM django_migrations WHERE app = 'health'")
    assert_fault(database.is_migrated(), Status.FAIL, "mallard migrate")


def test_no_worker_is_a_fault_and_a_fresh_heartbeat_is_none() -> None:
    execute("DELETE FROM procrastinate_workers")
    assert_fault(work.worker_lives(), Status.FAIL, "No worker")
    execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (clock_timestamp())")
    assert work.worker_lives().status == Status.OK
    execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes'")
    assert work.worker_lives().status == Status.FAIL


def queue(minutes_ago: int, status: str = "todo") -> None:
    execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at)"
        " VALUES ('default', 'a.jobs.slow', %s, %s)",
        [status, clock.now() - dt.timedelta(minutes=minutes_ago)],
    )


@pytest.mark.parametrize(
    ("minutes", "status"), [(1, Status.OK), (20, Status.WARN), (90, Status.FAIL)]
)
def test_jobs_that_wait_long_are_a_fault(minutes: int, status: Status) -> None:
    execute("DELETE FROM procrastinate_jobs")
    queue(minutes)
    assert work.jobs_move().status == status


def test_a_job_set_for_later_does_not_wait() -> None:
    execute("DELETE FROM procrastinate_jobs")
    queue(-600)
    assert work.jobs_move().status == Status.OK


def test_jobs_given_up_today_are_named_and_older_ones_not() -> None:
    execute("DELETE FROM procrastinate_jobs")
    queue(0, "failed")
    execute(
        "INSERT INTO procrastinate_events (job_id, type, at)"
        " SELECT id, 'failed', now() FROM procrastinate_jobs"
    )
    assert_fault(work.jobs_succeed(), Status.WARN, "a.slow")
    execute("UPDATE procrastinate_events SET at = now() - interval '3 days'")
    assert work.jobs_succeed().status == Status.OK


def test_a_failing_listener_is_named() -> None:
    assert work.events_arrive().status == Status.OK
    ConsumerCursor.objects.update(failures=0)
    from mallard.kernel.health.events import CheckChanged
    from mallard.kernel.outbox.events import consumer, forget

    consumer(name="health.trial", events=[CheckChanged])(lambda _envelopes: None)
    try:
        ConsumerCursor.objects.create(
            name="health.trial", after_id=uuid7(), failures=2, moved_at=clock.now()
        )
        assert_fault(work.events_arrive(), Status.WARN, "health.trial")
    finally:
        forget("health.trial")


@pytest.mark.parametrize(
    ("free", "total", "status"),
    [(90, 100, Status.OK), (4, 100, Status.WARN), (1, 30, Status.WARN), (0, 100, Status.FAIL)],
)
def test_a_full_disk_is_a_fault(free: int, total: int, status: Status) -> None:
    gigabyte = machine.GIGABYTE
    assert machine.space_finding(free=free * gigabyte, total=total * gigabyte).status == status


@pytest.mark.parametrize(
    ("seconds", "status"), [(0.4, Status.OK), (-5, Status.WARN), (120, Status.FAIL)]
)
def test_clocks_that_differ_are_a_fault(seconds: float, status: Status) -> None:
    assert machine.clock_finding(seconds).status == status
    assert machine.clock_agrees().status == Status.OK


def test_a_ring_without_a_copy_is_a_fault_until_it_is_exported() -> None:
    ring = secrets.key_ring()
    assert_fault(keys.ring_is_safe(), Status.WARN, "mallard keys export")
    assert keys.ring_is_safe().is_unset
    note_evidence(keys.EXPORTED, is_good=True, figures={"version": ring.active})
    assert keys.ring_is_safe().status == Status.OK
    note_evidence(keys.EXPORTED, is_good=True, figures={"version": ring.active - 1})
    assert_fault(keys.ring_is_safe(), Status.WARN, "rotated since")
    assert not keys.ring_is_safe().is_unset


def test_an_old_key_is_a_fault(frozen_clock) -> None:
    ring = secrets.key_ring()
    note_evidence(keys.EXPORTED, is_good=True, figures={"version": ring.active})
    frozen_clock.set(ring.keys[-1].created_at + dt.timedelta(days=500))
    assert_fault(keys.ring_is_safe(), Status.WARN, "500 days")


def test_a_ring_that_others_may_read_is_a_fault() -> None:
    secrets.key_ring()
    path = environment().key_ring_path
    path.chmod(0o644)
    try:
        assert_fault(keys.ring_is_safe(), Status.FAIL, "keys import")
    finally:
        path.chmod(0o600)


def test_an_edited_audit_log_is_a_fault() -> None:
    note_evidence(trail.VERIFIED, is_good=False)
    assert_fault(trail.is_sealed(), Status.FAIL, "mallard audit verify")


def test_entries_that_wait_for_their_seal_are_a_fault(frozen_clock) -> None:
    trail.note_verification(chain.verify_chain())
    assert trail.is_sealed().status == Status.OK
    with transaction.atomic():
        record(system("tests"), "tests.thing_done", "thing", None)
    assert Entry.objects.exists()
    frozen_clock.advance(minutes=40)
    assert_fault(trail.is_sealed(), Status.WARN, "40 minutes")


def test_a_verification_that_is_too_old_is_a_fault(frozen_clock) -> None:
    trail.note_verification(chain.verify_chain())
    frozen_clock.advance(days=3)
    assert_fault(trail.is_sealed(), Status.WARN, "nightly job")


@pytest.fixture
def silent_mail_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("MALLARD_SMTP_URL", f"smtp://127.0.0.1:{port}")
    environment.cache_clear()
    yield
    monkeypatch.undo()
    environment.cache_clear()


@pytest.mark.usefixtures("silent_mail_server")
def test_a_mail_server_that_is_away_is_a_fault() -> None:
    assert_fault(mail.server_answers(), Status.FAIL, "MALLARD_SMTP_URL")


def test_mail_that_was_never_set_up_is_said_and_told_from_a_server_that_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MALLARD_SMTP_URL", raising=False)
    environment.cache_clear()
    monkeypatch.setattr(mail, "connected", refused)
    found = mail.server_answers()
    assert_fault(found, Status.WARN, "invitations", "password", "notices", "MALLARD_SMTP_URL")
    assert found.is_unset
    monkeypatch.setenv("MALLARD_SMTP_URL", "smtp://127.0.0.1:25")
    environment.cache_clear()
    assert mail.server_answers().status == Status.FAIL
    monkeypatch.undo()
    environment.cache_clear()


@contextlib.contextmanager
def refused(*, timeout_seconds: int) -> Iterator[None]:
    raise ConnectionRefusedError(timeout_seconds)
    yield


def test_what_runs_at_night_is_no_fault_on_the_first_day(frozen_clock) -> None:
    execute("UPDATE django_migrations SET applied = %s", [clock.now()])
    never = [trail.is_sealed, old_rows_go]
    assert [check().status for check in never] == [Status.OK] * 2
    frozen_clock.advance(days=3)
    for check in never:
        assert_fault(check(), Status.WARN, "job has not run")


class Greeter(threading.Thread):
    """A mail server that greets and hears out one caller."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self) -> None:
        caller, _address = self.listener.accept()
        with caller, caller.makefile("rwb") as lines:
            lines.write(b"220 hello\r\n")
            lines.flush()
            for line in lines:
                lines.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 ok\r\n")
                lines.flush()


def test_a_mail_server_that_answers_is_well_unless_mails_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for expected in (Status.OK, Status.WARN):
        greeter = Greeter()
        greeter.start()
        monkeypatch.setenv("MALLARD_SMTP_URL", f"smtp://127.0.0.1:{greeter.port}")
        environment.cache_clear()
        assert mail.server_answers().status == expected
        greeter.listener.close()
        Mail.objects.create(
            id=uuid7(),
            kind="x",
            status=MailStatus.FAILED,
            next_try_at=clock.now(),
            queued_at=clock.now(),
        )
    monkeypatch.undo()
    environment.cache_clear()


def a_certificate(folder: Path, days: int) -> tuple[Path, ssl.SSLContext]:
    """A certificate for localhost that its own key signed, and a context that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=days, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path, ssl.create_default_context(cafile=str(path))


def serve_tls(certificate_file: Path) -> int:
    """Answer one TLS handshake; the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_file)
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        caller, _address = listener.accept()
        with listener, caller, contextlib.suppress(OSError):
            context.wrap_socket(caller, server_side=True).close()

    threading.Thread(target=answer, daemon=True).start()
    return int(listener.getsockname()[1])


@pytest.mark.parametrize(("days", "status"), [(90, Status.OK), (10, Status.WARN), (2, Status.FAIL)])
def test_a_certificate_that_runs_out_is_a_fault(tmp_path: Path, days: int, status: Status) -> None:
    file, trusting = a_certificate(tmp_path, days)
    url = f"https://localhost:{serve_tls(file)}"
    finding = certificate.certificate_of(url, context=trusting)
    assert finding.status == status
    assert finding.params["days"] == days


def test_a_certificate_that_nobody_trusts_is_a_fault(tmp_path: Path) -> None:
    file, _trusting = a_certificate(tmp_path, 90)
    url = f"https://localhost:{serve_tls(file)}"
    finding = certificate.certificate_of(url, context=ssl.create_default_context())
    assert finding.status == Status.FAIL
    assert "not trusted" in finding.sentences()["what"]


def test_without_tls_there_is_no_certificate() -> None:
    context = ssl.create_default_context()
    assert certificate.certificate_of("http://127.0.0.1:8000", context=context).status == Status.OK
