"""The server's settings, written into its data directory at every start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import psutil

INCLUDE = "include_dir = 'conf.d'"
HEADER = (
    "# Written by Mallard at every start. Settings of your own: a file such as 90-own.conf in\n"
    "# this folder; later names win.\n"
)

MEBIBYTE = 1024 * 1024


# The server waits in its data directory, so that no path has to be quoted. A piece of the log that
# is there already (the server died before it took note) must be the same one. When nobody fetches
# the pieces, the tills matter more than the backup: from `SPOOL_LIMIT` pieces (4 GB) on they are
# dropped, and the mark makes the next backup a whole one.
SPOOL_LIMIT = 256
ARCHIVE_SECONDS = 60
ARCHIVE_COMMAND = (
    "if [ -f ../wal/%f ]; then cmp -s %p ../wal/%f; "
    f'elif [ "$(ls ../wal | wc -l)" -ge {SPOOL_LIMIT} ]; then : > ../wal/overflow; '
    "else cp %p ../wal/.%f && sync ../wal/.%f && mv ../wal/.%f ../wal/%f; fi"
)


def archiving() -> dict[str, str]:
    """Settings that keep the write-ahead log: finished pieces go to the spool beside the data.

    A piece is finished after 16 MB, or `ARCHIVE_SECONDS` after its first change.
    """
    return {
        "archive_mode": "on",
        "archive_command": f"'{ARCHIVE_COMMAND}'",
        "archive_timeout": f"'{ARCHIVE_SECONDS}s'",
    }


def settings(*, durable: bool) -> dict[str, str]:
    """PostgreSQL's settings for this machine.

    Sized for a small machine that also runs the product: an eighth of the memory (128 MB to
    1 GB) as shared buffers, few parallel workers. The write-ahead log may grow to 4 GB between
    checkpoints, which halves the time of a bulk load. ``durable`` False gives up safety against
    power loss for speed: for tests only.
    """
    cores = os.cpu_count() or 1
    memory_mb = psutil.virtual_memory().total // MEBIBYTE
    shared_mb = max(128, min(1024, memory_mb // 8)) if durable else 128
    chosen = {
        "listen_addresses": "''",
        "max_connections": "100",
        "password_encryption": "'scram-sha-256'",
        "shared_buffers": f"'{shared_mb}MB'",
        "effective_cache_size": f"'{max(256, memory_mb // 2)}MB'",
        "work_mem": "'16MB'",
        "maintenance_work_mem": f"'{max(64, min(256, memory_mb // 16))}MB'",
        "max_worker_processes": str(max(8, cores)),
        "max_parallel_workers": str(cores),
        "max_parallel_workers_per_gather": str(max(1, min(2, cores // 2))),
        "jit": "off",
        "random_page_cost": "1.1",
        "wal_compression": "on",
        "wal_buffers": "'16MB'",
        "min_wal_size": "'256MB'",
        "max_wal_size": "'4GB'",
        "checkpoint_timeout": "'15min'",
        "checkpoint_completion_target": "0.9",
        "autovacuum_naptime": "'20s'",
        "autovacuum_vacuum_cost_delay": "'1ms'",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_line_prefix": "'%m [%p] %q%u@%d/%a '",
        "log_checkpoints": "off",
        # Rows and parameters are people's data: neither statements nor details are logged.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }
    if not durable:
        chosen |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "autovacuum": "off",
            "max_wal_size": "'1GB'",
        }
    return chosen


def write_settings(data: Path, chosen: Mapping[str, str]) -> list[Path]:
    """Write ``chosen`` into the data directory; returns the paths that were made or changed."""
    folder = data / "conf.d"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / "00-mallard.conf"
    lines = [f"{name} = {value}\n" for name, value in sorted(chosen.items())]
    file.write_text(HEADER + "".join(lines), encoding="utf-8")
    main = data / "postgresql.conf"
    content = main.read_text(encoding="utf-8")
    if INCLUDE not in content:
        main.write_text(f"{content}\n{INCLUDE}\n", encoding="utf-8")
    return [folder, file, main]
