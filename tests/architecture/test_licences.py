"""Every dependency may be used and shipped with an Apache-2.0 product."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distributions

PERMISSIVE = {
    "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0",
    "PSF-2.0", "Unlicense", "Zlib",
}  # fmt: skip
SPELLINGS = [
    (re.compile(r"apache", re.I), "Apache-2.0"),
    (re.compile(r"\bmit\b", re.I), "MIT"),
    (re.compile(r"\bbsd\b", re.I), "BSD"),
    (re.compile(r"\bisc\b", re.I), "ISC"),
    (re.compile(r"python software foundation|psf", re.I), "PSF-2.0"),
]
# Weak copyleft: used unchanged as a library of its own, which these licences allow.
AS_A_LIBRARY = {
    "certifi": "MPL-2.0: the list of certificate authorities, read as data",
    "hypothesis": "MPL-2.0: tests only",
    "orjson": "MPL-2.0 for a part of its own source, which we do not change",
    "pathspec": "MPL-2.0: development tools only",
    "psycopg": "LGPL-3.0: the PostgreSQL driver, imported, replaceable",
    "psycopg-binary": "LGPL-3.0: the driver's compiled part",
    "psycopg-pool": "LGPL-3.0: the driver's pool",
}
# Nothing in the metadata; read in the package itself.
READ_BY_US = {"axe-playwright-python": "MIT, as its LICENSE file says"}


def licences_of(distribution: Distribution) -> set[str]:
    """The licences that a package states, as SPDX names where we know them."""
    metadata = distribution.metadata
    expression = metadata.get("License-Expression")
    if expression:
        return set(re.split(r"\s+(?:AND|OR|WITH)\s+|[()\s]+", expression)) - {""}
    texts = [
        c.split("::")[-1].strip()
        for c in metadata.get_all("Classifier") or []
        if c.startswith("License ::")
    ]
    if not texts or texts == ["OSI Approved"]:
        texts = [(metadata.get("License") or "").splitlines()[0]] if metadata.get("License") else []
    return {spdx_name(text) for text in texts if text not in ("OSI Approved", "DFSG approved")}


def spdx_name(text: str) -> str:
    if text in PERMISSIVE:
        return text
    return next((name for pattern, name in SPELLINGS if pattern.search(text)), text)


def is_acceptable(licences: set[str]) -> bool:
    return bool(licences) and licences <= PERMISSIVE


def test_every_dependency_has_a_licence_that_we_may_use() -> None:
    doubtful = {
        distribution.name: sorted(licences_of(distribution))
        for distribution in distributions()
        if distribution.name not in AS_A_LIBRARY
        and distribution.name not in READ_BY_US
        and not is_acceptable(licences_of(distribution))
    }
    assert doubtful == {}


def test_a_strong_copyleft_licence_would_be_noticed() -> None:
    assert not is_acceptable({"GPL-3.0-only"})
    assert not is_acceptable({"MIT", "AGPL-3.0-only"})
    assert not is_acceptable(set())
