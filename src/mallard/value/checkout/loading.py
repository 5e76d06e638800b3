"""Loading a file of receipts: in batches through the till's service, with an answer per row."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TextIO

from mallard.kernel.access.actor import Actor
from mallard.value.checkout.files import ReadReceipt, read_receipts
from mallard.value.checkout.outcomes import ReceiptOutcome, Status
from mallard.value.checkout.services import record_receipts
from mallard.value.sales.models import Source
from mallard.world.malls.facts import StoreFacts
from mallard.world.malls.queries import store_facts, store_ids_in

BATCH = 500
REPORT_COLUMNS = ("row", "store", "number", "status", "points", "reason", "problem")


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of a receipt, or what is wrong with one row of the file."""

    row: int
    store: str
    number: str
    status: str
    points: int = 0
    reason: str = ""
    problem: str = ""


@dataclass(slots=True)
class LoadReport:
    """How many receipts of a file ended how; ``refused`` counts receipts, not rows."""

    recorded: int = 0
    duplicate: int = 0
    refused: int = 0
    points: int = 0
    rows: list[RowReport] = field(default_factory=list)


def load_receipts(
    content: bytes, *, actor: Actor, on_progress: Callable[[LoadReport], None] | None = None
) -> LoadReport:
    """Record every good receipt of a CSV file and say of each bad one what is wrong.

    Safe to repeat: receipts that are known already answer as duplicates. Raises
    :class:`UnreadableFile` when the file as a whole makes no sense; nothing is recorded then.
    """
    known: dict[str, StoreFacts | None] = {}
    allowed = store_ids_in(actor.scope)

    def store_of(code: str) -> StoreFacts | None:
        if code not in known:
            facts = store_facts([code]).get(code)
            is_ours = facts is not None and (allowed is None or facts.id in allowed)
            known[code] = facts if is_ours else None
        return known[code]

    report = LoadReport()
    for batch in _batches(read_receipts(content, stores=store_of)):
        report.rows += _record(batch, report, actor)
        if on_progress:
            on_progress(report)
    return report


def _batches(receipts: Iterable[ReadReceipt]) -> Iterator[list[ReadReceipt]]:
    iterator = iter(receipts)
    while batch := list(itertools.islice(iterator, BATCH)):
        yield batch


def _record(batch: list[ReadReceipt], report: LoadReport, actor: Actor) -> list[RowReport]:
    good = [read for read in batch if read.receipt is not None]
    outcomes = record_receipts(
        [read.receipt for read in good if read.receipt], actor=actor, source=Source.FILE
    )
    answers = dict(zip((id(read) for read in good), outcomes, strict=True))
    rows: list[RowReport] = []
    for read in batch:
        outcome = answers.get(id(read))
        if outcome is None:
            report.refused += 1
            rows += [
                RowReport(row, read.store, read.number, Status.REFUSED.value, problem=problem)
                for row, problem in read.problems
            ]
        else:
            _count(outcome, report)
            rows.append(_answer(read, outcome))
    return rows


def _count(outcome: ReceiptOutcome, report: LoadReport) -> None:
    if outcome.status is Status.RECORDED:
        report.recorded += 1
        report.points += outcome.points
    elif outcome.status is Status.DUPLICATE:
        report.duplicate += 1
    else:
        report.refused += 1


def _answer(read: ReadReceipt, outcome: ReceiptOutcome) -> RowReport:
    return RowReport(
        read.rows[0],
        read.store,
        read.number,
        outcome.status.value,
        outcome.points,
        outcome.reason or "",
        str(outcome.error) if outcome.error else "",
    )


def write_report(report: LoadReport, file: TextIO) -> None:
    """The answers as CSV, one line per receipt or bad row.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front (CWE-1236).
    """
    writer = csv.writer(file)
    writer.writerow(REPORT_COLUMNS)
    for row in report.rows:
        cells = (row.row, row.store, row.number, row.status, row.points, row.reason, row.problem)
        writer.writerow([harmless(cell) for cell in cells])


def harmless(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
