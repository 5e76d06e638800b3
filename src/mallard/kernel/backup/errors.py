"""What can go wrong with backups. Operators read these, in a terminal."""

from __future__ import annotations


class BackupError(Exception):
    """A backup or a restore cannot go on; the message says why and what to do."""


class WrongRing(BackupError):
    """Sealed with another key ring."""

    def __init__(self, name: str, needed: str, found: str) -> None:
        super().__init__(
            f"{name} was sealed with the key ring {needed}, and the one at hand is {found}. "
            "Put the ring that belongs to it in its place (`mallard keys import`), or name it "
            "with MALLARD_KEY_RING."
        )


class Damaged(BackupError):
    """A file of a backup was changed, cut short or mixed up."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} is damaged: {reason}. Use another backup.")


class NoSuchBackup(BackupError):
    """There is no backup to choose, or more than one."""


class MissingWal(BackupError):
    """The write-ahead log has a hole."""


class NotEmpty(BackupError):
    """A restore would overwrite something."""


class NoRoom(BackupError):
    """The disk has not enough free space."""


class NotOurServer(BackupError):
    """``MALLARD_DATABASE_URL`` names a server whose files are not ours to copy."""

    def __init__(self) -> None:
        super().__init__(
            "MALLARD_DATABASE_URL names a PostgreSQL of your own. Mallard does not copy its files "
            "or its write-ahead log: back it up with your server's own tools (pg_basebackup, "
            "pgBackRest, your provider's snapshots) and keep the key ring's folder, which holds "
            "the register of erasures, apart from it. After restoring it: `mallard migrate`, "
            "`mallard keys replay-erasures`, `mallard ledger verify`."
        )
