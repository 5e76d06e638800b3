"""Identities as blind indexes: how one is found without being readable."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from mallard.kernel.secrets.datakey import DataKey
from mallard.kernel.secrets.services import blind_indexer
from mallard.world.members.models import Identity
from mallard.world.members.rules import last_four

_LAST_FOUR = "members.identity.last_four"


class BlindIndexes:
    """Blind indexes of identities. Reads the key ring once per kind: make one per call."""

    def __init__(self) -> None:
        self._indexers: dict[str, Callable[[str], bytes]] = {}

    def full(self, kind: str, normalised: str) -> bytes:
        return self._index(f"members.identity.{kind}", normalised)

    def last_four(self, kind: str, normalised: str) -> bytes | None:
        """None for identities of which nobody says the last four."""
        tail = last_four(kind, normalised)
        return None if tail is None else self.tail(tail)

    def tail(self, four: str) -> bytes:
        """The index of four characters, whichever kind they end."""
        return self._index(_LAST_FOUR, four)

    def _index(self, purpose: str, value: str) -> bytes:
        indexer = self._indexers.get(purpose)
        if indexer is None:
            indexer = self._indexers[purpose] = blind_indexer(purpose)
        return indexer(value)


def identity_context(identity_id: UUID) -> str:
    """What a sealed identity is bound to."""
    return f"members.identity.value:{identity_id}"


def open_identity(identity: Identity, key: DataKey | None) -> str:
    """The normalised value of ``identity``; empty when it or its key is gone."""
    if identity.value_sealed is None or key is None:
        return ""
    return key.open(bytes(identity.value_sealed), identity_context(identity.id)).decode()
