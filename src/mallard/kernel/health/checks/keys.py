"""The key ring: there, private, apart from the data, copied elsewhere, not old."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.environment import environment
from mallard.kernel.errors import DomainError
from mallard.kernel.health.queries import age_of, latest_evidence
from mallard.kernel.health.registry import Finding, failure, unset, warning, well
from mallard.kernel.secrets import services
from mallard.kernel.secrets.ring import KeyRing

EXPORTED = "secrets.ring_exported"
"""Evidence that `mallard keys export` notes: which version was copied."""
OLD_DAYS = 400


def ring_is_safe() -> Finding:
    """The ring can be read, and losing the disk would not lose it."""
    try:
        ring = services.key_ring()
    except DomainError as error:
        return failure(
            _("The key ring cannot be used: personal data is unreadable."),
            cause="%(sentence)s",
            cure=_("Put the ring back: `mallard keys import` reads an exported copy."),
            sentence=error.sentence,
        )
    settings = environment()
    if settings.key_ring_path.is_relative_to(settings.home):
        return warning(
            _("The key ring lies inside the data folder."),
            cause=_("Whoever takes a copy of the data has the keys to it as well."),
            cure=_("Move the file elsewhere and set MALLARD_KEY_RING."),
        )
    return _copied(ring)


def _copied(ring: KeyRing) -> Finding:
    evidence = latest_evidence(EXPORTED)
    if evidence is None or evidence.figures.get("version") != ring.active:
        return (unset if evidence is None else warning)(
            _("No copy of the present key ring is known."),
            cause=_("It was never exported, or was rotated since. Lost keys are lost data."),
            cure=_("Run `mallard keys export` and keep the file apart from the data."),
        )
    created_at = next(key.created_at for key in ring.keys if key.version == ring.active)
    days = age_of(created_at).days
    if days > OLD_DAYS:
        return warning(
            _("The active key is %(days)s days old."),
            cause=_("A key that is used for years protects more the longer it is used."),
            cure=_("Run `mallard keys rotate`, export the ring, then `mallard keys rewrap`."),
            days=days,
        )
    return well(
        _("Key %(version)s is active; the ring was exported %(days)s days ago."),
        version=ring.active,
        days=age_of(evidence.found_at).days,
    )
