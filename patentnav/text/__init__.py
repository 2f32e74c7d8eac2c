"""Words of patent texts, Chinese and English: tokens, documents of a set, term weights.

A text is cut by script, so that one set may mix languages: Chinese by dictionary, other alphabets
by word boundary, Japanese and Korean (and Chinese where the segmenter is not installed) into pairs
of neighbouring characters. All work on forms of words is done once per distinct form.
"""

from patentnav._guard import guard
from patentnav.text.documents import documents, split_titles
from patentnav.text.nouns import NounPhrases, noun_phrases
from patentnav.text.scripts import detect
from patentnav.text.weights import bm25, unit_rows
from patentnav.text.words import (
    BREAK,
    Tokens,
    binding_words,
    generic_words,
    stem,
    stop_words,
    tokens,
)

__all__ = [
    "BREAK",
    "NounPhrases",
    "Tokens",
    "binding_words",
    "bm25",
    "detect",
    "documents",
    "generic_words",
    "noun_phrases",
    "split_titles",
    "stem",
    "stop_words",
    "tokens",
    "unit_rows",
]

guard(__name__)
