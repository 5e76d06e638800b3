"""What the kernel itself can say about the installation. Apps above register their own checks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.health.checks import (
    backups,
    certificate,
    database,
    keys,
    machine,
    mail,
    trail,
    work,
)
from mallard.kernel.health.registry import register_check


def register() -> None:
    """Make the kernel's checks known."""
    register_check("database", _("Database"), database.answers, is_quick=True, order=10)
    register_check("migrations", _("Tables"), database.is_migrated, order=11)
    register_check("connections", _("Connections"), database.has_room, is_quick=True, order=12)
    register_check("worker", _("Worker"), work.worker_lives, is_quick=True, order=20)
    register_check("jobs_waiting", _("Jobs waiting"), work.jobs_move, is_quick=True, order=21)
    register_check("jobs_failed", _("Jobs failed"), work.jobs_succeed, order=22)
    register_check("outbox", _("Events"), work.events_arrive, order=23)
    register_check("disk", _("Disk"), machine.has_space, is_quick=True, order=30)
    register_check("clock", _("Clock"), machine.clock_agrees, is_quick=True, order=31)
    register_check("keys", _("Key ring"), keys.ring_is_safe, order=40)
    register_check("backup", _("Backup"), backups.is_backed_up, order=45)
    register_check("restore", _("Restore"), backups.is_restore_tested, order=46)
    register_check("audit", _("Audit log"), trail.is_sealed, order=50)
    register_check("mail", _("Mail"), mail.server_answers, order=60)
    register_check("certificate", _("Certificate"), certificate.is_valid, order=61)
