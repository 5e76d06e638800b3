"""Text made searchable: Chinese by bigrams, Latin letters and digits by word and prefix.

Chinese is written without spaces, so a run of n characters is indexed as its n-1 overlapping pairs
(bigrams, the CJK bigram tokenisation of Lucene's ``CJKBigramFilter``) and as single characters for
one-character queries. Words of other scripts are indexed whole and found by prefix.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

MAX_TEXT = 400
MAX_QUERY_TERMS = 12

# CJK unified ideographs with extensions A to H, compatibility ideographs, and the iteration mark.
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_ACCENTS = re.compile("[\u0300-\u036f]+")
_RUNS = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<word>[^\W_{_HAN}]+)")


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """What a query asks for: every term of ``exact`` and words beginning with ``prefixes``."""

    exact: tuple[str, ...]
    prefixes: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.exact or self.prefixes)


def normalise(text: str) -> str:
    """One spelling for what looks alike: NFKC (full-width to half-width), case folded, one space.

    Accents are dropped from Latin letters, so that ``cafe`` finds ``Café``.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    if not folded.isascii():
        bare = _ACCENTS.sub("", unicodedata.normalize("NFD", folded))
        folded = unicodedata.normalize("NFC", bare)
    return " ".join(folded.split())


def bigrams(text: str) -> list[str]:
    """The overlapping pairs of each Chinese run, in order, once each; one alone as itself."""
    terms: dict[str, None] = {}
    for run in _runs(text, "han"):
        pairs = [run[i : i + 2] for i in range(len(run) - 1)] or [run]
        terms.update(dict.fromkeys(pairs))
    return list(terms)


def latin_tokens(text: str) -> list[str]:
    """The words that are not Chinese (letters and digits), normalised, in order, once each."""
    return list(dict.fromkeys(_runs(text, "word")))


def index_terms(*texts: str) -> list[str]:
    """Every term under which a row with these texts is found; sorted, once each."""
    terms: set[str] = set()
    for text in texts:
        for match in _RUNS.finditer(normalise(text[:MAX_TEXT])):
            run = match.group()
            if match.lastgroup == "word":
                terms.add(run)
            else:
                terms.update(run)
                terms.update(run[i : i + 2] for i in range(len(run) - 1))
    return sorted(terms)


def query_terms(text: str) -> QueryTerms:
    """What ``text``, typed into a search box, asks for; at most `MAX_QUERY_TERMS` of each kind."""
    return QueryTerms(
        exact=tuple(bigrams(text)[:MAX_QUERY_TERMS]),
        prefixes=tuple(latin_tokens(text)[:MAX_QUERY_TERMS]),
    )


def tsvector_literal(terms: Iterable[str]) -> str:
    """``terms`` in PostgreSQL's text form of a tsvector without positions."""
    return " ".join(_quoted(term) for term in terms)


def tsquery_literal(terms: QueryTerms) -> str:
    """``terms`` in PostgreSQL's text form of a tsquery: all of them, the prefixes as prefixes."""
    parts = [_quoted(term) for term in terms.exact]
    parts += [f"{_quoted(term)}:*" for term in terms.prefixes]
    return " & ".join(parts)


def _runs(text: str, kind: str) -> list[str]:
    return [
        match.group()
        for match in _RUNS.finditer(normalise(text[:MAX_TEXT]))
        if match.lastgroup == kind
    ]


def _quoted(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
