"""Text made searchable: Chinese by bigrams, Latin letters and digits by word and prefix.

Chinese is written without spaces, so a run of n characters is indexed as its n-1 overlapping pairs
(bigrams, the CJK bigram tokenisation of Lucene's ``CJKBigramFilter``) and as single characters for
one-character queries. Words of other scripts are indexed whole and found by prefix. Traditional and
simplified characters find each other: texts are indexed as written and as simplified, and asked for
as simplified (or as written, for rows that were indexed before).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MAX_TEXT = 400
MAX_QUERY_TERMS = 12

# CJK unified ideographs with extensions A to H, compatibility ideographs, and the iteration mark.
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_ACCENTS = re.compile("[\u0300-\u036f]+")
_RUNS = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<word>[^\W_{_HAN}]+)")


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """What a query asks for: every term of ``exact`` and words beginning with ``prefixes``.

    ``as_written`` stands instead of ``exact`` where the reader typed traditional characters."""

    exact: tuple[str, ...]
    prefixes: tuple[str, ...]
    as_written: tuple[str, ...] = ()

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


@cache
def _simplifications() -> dict[int, str]:
    """Traditional characters and the usual simplified one, from OpenCC's dictionary."""
    lines = files("opencc").joinpath("dictionary/TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in lines.splitlines() if "\t" in line)
    return {
        ord(traditional): simplified.split()[0]
        for traditional, simplified in pairs
        if len(traditional) == 1 and traditional != simplified.split()[0]
    }


def simplified(text: str) -> str:
    """``text`` with each traditional Chinese character replaced by its simplified form."""
    return text if text.isascii() else text.translate(_simplifications())


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
                continue
            for spelling in {run, simplified(run)}:
                terms.update(spelling)
                terms.update(spelling[i : i + 2] for i in range(len(spelling) - 1))
    return sorted(terms)


def query_terms(text: str) -> QueryTerms:
    """What ``text``, typed into a search box, asks for; at most `MAX_QUERY_TERMS` of each kind."""
    typed = tuple(bigrams(text)[:MAX_QUERY_TERMS])
    exact = tuple(bigrams(simplified(text))[:MAX_QUERY_TERMS])
    return QueryTerms(
        exact=exact,
        prefixes=tuple(latin_tokens(text)[:MAX_QUERY_TERMS]),
        as_written=typed if typed != exact else (),
    )


def tsvector_literal(terms: Iterable[str]) -> str:
    """``terms`` in PostgreSQL's text form of a tsvector without positions."""
    return " ".join(_quoted(term) for term in terms)


def tsquery_literal(terms: QueryTerms) -> str:
    """``terms`` in PostgreSQL's text form of a tsquery: all of them, the prefixes as prefixes."""
    parts = [_quoted(term) for term in terms.exact]
    if terms.as_written:
        written = " & ".join(_quoted(term) for term in terms.as_written)
        parts = [f"(({' & '.join(parts)}) | ({written}))"]
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
