"""Which column is what: suggested by headings, corrected by hand, kept under a name."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from mallard.kernel.access.actor import Actor
from mallard.kernel.audit.services import record
from mallard.kernel.clock import now
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.secrets.services import blind_indexer
from mallard.world.intake.errors import MatchingInvalid
from mallard.world.intake.files import header_of
from mallard.world.intake.models import ColumnMatching, ImportStatus, MemberImport
from mallard.world.intake.services.steps import locked
from mallard.world.intake.targets import guess, heading_key, targets

MAX_NAME = 60


def _digests(header: Sequence[str]) -> list[str]:
    index = blind_indexer("intake.heading")
    return [index(heading_key(heading)).hex()[:32] for heading in header]


def suggested_mapping(header: Sequence[str]) -> list[str]:
    """A target or '' for each column: from the saved matching that knows all of these headings,
    else by what the headings mean."""
    digests = _digests(header)
    for saved in ColumnMatching.objects.order_by("-changed_at"):
        if digests and all(digest in saved.columns for digest in digests):
            return applied(saved, header)
    return guess(list(header))


def applied(saved: ColumnMatching, header: Sequence[str]) -> list[str]:
    """What a saved matching says of these columns; unknown ones are left out."""
    known = targets()
    found = [saved.columns.get(digest, "") for digest in _digests(header)]
    return [code if code in known else "" for code in found]


@atomic_retrying
def match_columns(import_id: UUID, mapping: Sequence[str], *, actor: Actor) -> MemberImport:
    """Say what each column is. A dry run that was made before counts no more.

    Raises `MatchingInvalid`, `WrongMoment`.
    """
    found = locked(import_id, ImportStatus.MATCHING, ImportStatus.CHECKED)
    _check(mapping, len(found.mapping))
    found.mapping, found.status = list(mapping), ImportStatus.MATCHING.value
    found.counts = {}
    found.save(update_fields=["mapping", "status", "counts"])
    found.rows.all().delete()
    record(actor, "intake.columns_matched", "import", found.pk, after={"columns": found.mapping})
    return found


def _check(mapping: Sequence[str], width: int) -> None:
    known = targets()
    used = [code for code in mapping if code]
    if len(mapping) != width or any(code not in known for code in used):
        raise MatchingInvalid()
    for code in used:
        # Two telephone columns are two telephones; two names are a mistake.
        if used.count(code) > 1 and known[code].family != "identity":
            sentence = str(MatchingInvalid.twice) % {"target": known[code].label}
            raise MatchingInvalid(fields={"columns": sentence})
    if not any(known[code].is_finder for code in used):
        raise MatchingInvalid(fields={"columns": MatchingInvalid.nothing_finds})


@atomic_retrying
def save_matching(import_id: UUID, name: str, *, actor: Actor) -> UUID:
    """Keep the matching of an import under ``name``; the same name is overwritten."""
    found = locked(import_id, ImportStatus.MATCHING, ImportStatus.CHECKED)
    words = " ".join(name.split())[:MAX_NAME]
    columns = dict(zip(_digests(header_of(found)), found.mapping, strict=True))
    saved, _is_new = ColumnMatching.objects.update_or_create(
        name=words, defaults={"columns": columns, "actor_id": actor.id, "changed_at": now()}
    )
    record(actor, "intake.matching_saved", "column_matching", saved.pk, after={"name": words})
    return saved.pk
