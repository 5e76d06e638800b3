"""Known holes in the packages that run here, as the package index knows them.

The index answers for one version of one package at a time with the advisories of the Python
Packaging Advisory Database (https://github.com/pypa/advisory-database, which OSV serves too), as
``vulnerabilities`` of `GET /pypi/<name>/<version>/json`
(https://docs.pypi.org/api/json/#known-vulnerabilities). Only names and versions leave the machine.
An installation without a way out says that it could not ask, instead of that all is well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import distributions
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from django.utils.translation import gettext_lazy as _

from mallard.kernel.environment import environment
from mallard.kernel.health.registry import Finding, failure, warning, well

SECONDS = 5.0
AT_ONCE = 4
MAX_BYTES = 8_000_000
MAX_SHOWN = 30
OURS = "mallard-crm"


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    version: str


class Unreachable(Exception):
    """The index did not answer."""


def installed() -> list[Package]:
    """What is installed beside us, once each, without ourselves."""
    found = {dist.metadata["Name"].lower(): dist.version for dist in distributions()}
    return [Package(name, version) for name, version in sorted(found.items()) if name != OURS]


def known_holes() -> list[Finding]:
    """Each known hole with the version that closes it; or that nobody could be asked."""
    index = environment().package_index.rstrip("/")
    if not index:
        return [_not_asked(_("MALLARD_PACKAGE_INDEX is empty: nobody shall be asked."))]
    packages = installed()
    try:
        _answer(index, packages[0])  # one question first: without a way out it ends here
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(lambda one: _asked(index, one), packages))
    except Unreachable as error:
        return [_not_asked(_("%(index)s did not answer: %(why)s."), index=index, why=str(error))]
    holes = [
        finding
        for package, answer in zip(packages, answers, strict=True)
        for finding in _holes(package, answer or {})
    ]
    unknown = sum(answer is None for answer in answers)
    found = holes[:MAX_SHOWN]
    if unknown:
        found.append(_partly(unknown, len(packages)))
    return found or [well(_("%(count)s packages, no known hole."), count=len(packages))]


def _asked(index: str, package: Package) -> Mapping[str, Any] | None:
    """The answer for one package; None when the index failed for this one."""
    try:
        return _answer(index, package)
    except Unreachable:
        return None


def _answer(index: str, package: Package) -> Mapping[str, Any]:
    address = f"{index}/pypi/{package.name}/{package.version}/json"
    if not address.startswith(("https://", "http://")):
        raise Unreachable("not a web address")
    try:
        request = Request(address, headers={"Accept": "application/json"})  # noqa: S310 checked
        with urlopen(request, timeout=SECONDS) as response:  # noqa: S310 checked above
            answer: Mapping[str, Any] = json.loads(response.read(MAX_BYTES))
            return answer
    except HTTPError as error:
        if error.code == 404:  # a version of our own making, which nobody publishes
            return {}
        raise Unreachable(f"HTTP {error.code}") from error
    except (URLError, OSError, ValueError) as error:
        raise Unreachable(type(error).__name__) from error


def _holes(package: Package, answer: Mapping[str, Any]) -> Iterator[Finding]:
    for hole in answer.get("vulnerabilities") or []:
        if hole.get("withdrawn"):
            continue
        fixed = [str(version) for version in hole.get("fixed_in") or []]
        names = [str(hole.get("id", "")), *map(str, hole.get("aliases") or [])]
        yield failure(
            _("%(package)s %(version)s has a known hole: %(id)s."),
            cause="%(summary)s",
            cure=_("Upgrade Mallard; the hole is closed in %(fixed)s.")
            if fixed
            else _("There is no version without it yet. See %(link)s."),
            package=package.name,
            version=package.version,
            id=", ".join(name for name in names[:3] if name),
            summary=str(hole.get("summary") or hole.get("details") or "")[:300],
            fixed=", ".join(fixed[:3]),
            link=str(hole.get("link") or ""),
        )


def _not_asked(cause: Any, **params: str) -> Finding:
    return warning(
        _("It is not known whether the packages have holes: nobody could be asked."),
        cause=cause,
        cure=_(
            "Let this machine reach the index, name a mirror in MALLARD_PACKAGE_INDEX, or check "
            "the list of parts (`make sbom`) elsewhere."
        ),
        **params,
    )


def _partly(unknown: int, of: int) -> Finding:
    return warning(
        _("%(unknown)s of %(of)s packages could not be asked for."),
        cause=_("The index failed for some of them."),
        cure=_("Run `mallard security check` again later."),
        unknown=unknown,
        of=of,
    )
