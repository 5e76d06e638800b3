"""Text is found however it was typed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mallard.kernel.search_text import (
    bigrams,
    index_terms,
    latin_tokens,
    normalise,
    query_terms,
    tsquery_literal,
    tsvector_literal,
)

LETTERS = st.text(alphabet="abcXYZ019", min_size=1, max_size=8)
HAN = st.text(alphabet="牛奶绿茶面包王小明", min_size=1, max_size=8)


def test_full_width_case_accents_and_spaces_do_not_matter():
    assert normalise("  ＣＡＦÉ \u3000 Straße ") == "cafe strasse"


def test_chinese_is_cut_into_pairs_and_a_lone_character_stays():
    assert bigrams("鲜牛奶 500ml 茶") == ["鲜牛", "牛奶", "茶"]
    assert bigrams("牛牛牛") == ["牛牛"]
    assert bigrams("milk") == []


def test_words_of_other_scripts_are_whole():
    assert latin_tokens("Kinder-Schokolade 500ml 牛奶 кефир") == [
        "kinder",
        "schokolade",
        "500ml",
        "кефир",
    ]


def test_index_has_single_characters_for_short_queries():
    assert index_terms("牛奶", "Milk") == sorted(["牛", "奶", "牛奶", "milk"])


@given(words=st.lists(LETTERS | HAN, min_size=1, max_size=4))
def test_every_text_is_found_by_itself_and_by_the_beginning_of_its_words(words: list[str]):
    terms = set(index_terms(" ".join(words)))
    wanted = query_terms(" ".join(words))
    assert set(wanted.exact) <= terms
    for word in latin_tokens(" ".join(words)):
        (prefix,) = query_terms(word[:2]).prefixes
        assert any(term.startswith(prefix) for term in terms)


def test_query_is_bounded_and_empty_when_it_asks_nothing():
    assert not query_terms(" ?!… ")
    assert len(query_terms(" ".join(f"w{n}" for n in range(99))).prefixes) == 12


def test_literals_quote_what_postgresql_would_read():
    assert tsvector_literal(["a", "o'b"]) == "'a' 'o''b'"
    assert tsquery_literal(query_terms("牛奶 te")) == "'牛奶' & 'te':*"


def test_traditional_and_simplified_characters_find_each_other():
    assert set(query_terms("歐陽").exact) <= set(index_terms("欧阳雪莹"))
    assert set(query_terms("欧阳").exact) <= set(index_terms("歐陽雪瑩"))
    assert tsquery_literal(query_terms("歐陽 a")) == "(('欧阳') | ('歐陽')) & 'a':*"
