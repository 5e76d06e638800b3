"""Words of corrections about members: sealed under the member's data key."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import orjson

from mallard.kernel.secrets.services import DataKey
from mallard.world.corrections.models import Correction


@dataclass(frozen=True, slots=True)
class Words:
    """What was proposed, opened; None where the key is gone."""

    old: str
    new: str
    reason: str
    answer: str


def words_context(correction_id: UUID) -> str:
    return f"corrections.words:{correction_id}"


def answer_context(correction_id: UUID) -> str:
    return f"corrections.answer:{correction_id}"


def seal_words(correction_id: UUID, *, old: str, new: str, reason: str, key: DataKey) -> bytes:
    content = orjson.dumps({"old": old, "new": new, "reason": reason})
    return key.seal(content, words_context(correction_id))


def words_of(row: Correction, key: DataKey | None) -> Words | None:
    """What ``row`` says; None of a member who is erased."""
    if row.member_id is None:
        return Words(row.old_value, row.new_value, row.reason, row.answer)
    if key is None or row.words_sealed is None:
        return None
    content = orjson.loads(key.open(bytes(row.words_sealed), words_context(row.id)))
    answer = b""
    if row.answer_sealed is not None:
        answer = key.open(bytes(row.answer_sealed), answer_context(row.id))
    return Words(content["old"], content["new"], content["reason"], answer.decode())
