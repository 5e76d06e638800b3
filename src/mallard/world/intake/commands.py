"""`mallard import members FILE`: the console's import, for files on the machine itself."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from uuid import UUID

import click

from mallard.kernel.access.actor import system
from mallard.world.intake import services
from mallard.world.intake.errors import MatchingInvalid
from mallard.world.intake.files import header_of
from mallard.world.intake.models import ColumnMatching, ImportMode, ImportStatus, MemberImport
from mallard.world.intake.services.matching import applied
from mallard.world.intake.services.running import begin_check, begin_run
from mallard.world.intake.services.steps import COMMAND
from mallard.world.intake.showing import result_lines
from mallard.world.malls.models import Mall, Store

_ACTOR = system(COMMAND)


@click.group("import")
def import_() -> None:
    """Bring files in."""


@import_.command("members")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--matching", help="A matching of columns that was kept in the console.")
@click.option(
    "--mode", type=click.Choice(ImportMode.values), default=ImportMode.BOTH.value, show_default=True
)
@click.option("--place", help="Code of the store or mall where new members are enrolled.")
@click.option("--merge", is_flag=True, help="Merge members whom one row names together.")
@click.option("--dry-run", is_flag=True, help="Only say what each row would do.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where the answer per row goes. Default: FILE with .result.csv appended.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as one JSON object.")
def members(
    file: Path,
    matching: str | None,
    mode: str,
    place: str | None,
    merge: bool,
    dry_run: bool,
    report_file: Path | None,
    as_json: bool,
) -> None:
    """Enrol and update the members of a CSV or Excel file. Exits 1 when rows were refused.

    Columns are recognised by their headings, in English or Chinese. Undo it in the console.
    """
    store_id, mall_id = _place(place)
    found = services.receive_file(
        file.read_bytes(),
        name=file.name,
        mode=mode,
        is_merging=merge,
        store_id=store_id,
        mall_id=mall_id,
        actor=_ACTOR,
    )
    services.match_columns(found.pk, _mapping(found, matching), actor=_ACTOR)
    begin_check(found.pk, actor=_ACTOR)
    services.check_rows(found.pk)
    if not dry_run and _status(found.pk) == ImportStatus.CHECKED:
        begin_run(found.pk, actor=_ACTOR)
        services.take_rows_in(found.pk)
    found.refresh_from_db()
    target = report_file or file.with_name(file.name + ".result.csv")
    with target.open("wb") as out:
        out.writelines(result_lines(found))
    counts = {action: found.counts.get(action, 0) for action in _ACTIONS}
    if as_json:
        click.echo(json.dumps({**counts, "status": found.status, "report": str(target)}))
    else:
        told = ", ".join(f"{count} {_ACTIONS[action]}" for action, count in counts.items())
        click.echo(f"{found.get_status_display()}: {told}. Row by row: {target}")
    sys.exit(1 if counts["refused"] or found.status == ImportStatus.STOPPED else 0)


_ACTIONS = {
    "create": "new",
    "change": "changed",
    "merge": "merged",
    "unchanged": "unchanged",
    "refused": "refused",
}


def _place(code: str | None) -> tuple[UUID | None, UUID | None]:
    """The store or mall with this code."""
    if code is None:
        return None, None
    store = Store.objects.filter(code=code).first()
    mall = Mall.objects.filter(code=code).first()
    if store is None and mall is None:
        raise click.BadParameter(f"There is no store or mall {code}.", param_hint="--place")
    return (store.pk, None) if store else (None, mall.pk if mall else None)


def _mapping(found: MemberImport, name: str | None) -> list[str]:
    if name is None:
        mapping: list[str] = found.mapping
        return mapping
    saved = ColumnMatching.objects.filter(name=name).first()
    if saved is None:
        known = ", ".join(ColumnMatching.objects.values_list("name", flat=True)) or "none"
        raise MatchingInvalid(fields={"matching": f"Kept matchings: {known}"})
    return applied(saved, header_of(found))


def _status(import_id: UUID) -> str:
    return str(MemberImport.objects.values_list("status", flat=True).get(pk=import_id))
