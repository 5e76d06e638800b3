"""What can go wrong with the database server itself. Operators read these, in a terminal."""

from __future__ import annotations


class DatabaseServerError(Exception):
    """The embedded database cannot serve; the message says why and what to do."""


class ForeignMajor(DatabaseServerError):
    """The data folder was made by another major version of PostgreSQL."""

    def __init__(self, folder: str, found: str, wanted: int) -> None:
        super().__init__(
            f"The database in {folder} was made by PostgreSQL {found}; this Mallard brings "
            f"PostgreSQL {wanted} and leaves it untouched. Dump it with the Mallard that made it "
            "(`mallard pg-dump > mallard.sql`), move the folder away, and restore it with this "
            "one (`mallard psql < mallard.sql`); or run your own PostgreSQL and set "
            "MALLARD_DATABASE_URL."
        )


class ForeignServer(DatabaseServerError):
    """The PostgreSQL that MALLARD_DATABASE_URL names is of another major version."""

    def __init__(self, found: int, wanted: int) -> None:
        super().__init__(
            f"MALLARD_DATABASE_URL names a PostgreSQL {found}; this Mallard is made and tested for "
            f"PostgreSQL {wanted}. Nothing was changed. Dump the database with pg_dump, restore it "
            f"into a PostgreSQL {wanted} (or let pg_upgrade move the cluster), name that in "
            "MALLARD_DATABASE_URL, and run this again."
        )


class ServerFailed(DatabaseServerError):
    """The server stopped while it was starting; carries the end of its log."""

    def __init__(self, log: str, tail: str) -> None:
        super().__init__(f"PostgreSQL did not start. The end of {log}:\n{tail}")


class ServerNotReady(DatabaseServerError):
    """The server is alive but did not answer in the time we were ready to wait."""


class UnfinishedRestore(DatabaseServerError):
    """A restore was interrupted before it had replayed the register of erasures."""

    def __init__(self, home: str) -> None:
        super().__init__(
            f"The restore to {home} did not finish: people who were erased may be readable there. "
            "Remove the folder and run `mallard restore` again."
        )


class NewerTables(DatabaseServerError):
    """A newer Mallard has changed the tables; this one would misread them."""

    def __init__(self, unknown: list[str]) -> None:
        super().__init__(
            f"A newer Mallard has changed these tables ({len(unknown)} changes that this version "
            f"does not know; the last is {unknown[-1]}). There is no way back in place: install "
            "the newer version again, or restore the backup that was taken before the upgrade "
            "into an empty folder (`mallard backup list`, `mallard restore`)."
        )
