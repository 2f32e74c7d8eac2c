"""The search language: words, phrases, NEAR, fields and classes, in Chinese and English.

One parser serves :meth:`PatentSet.search <patentnav.PatentSet.search>`, breakdown tables and
taxonomies (:mod:`patentnav.taxonomy`) and effects (:func:`patentnav.indicators.effects`).
"""

from patentnav._guard import guard
from patentnav.query.corpus import Corpus
from patentnav.query.expression import Expression, field_names
from patentnav.query.keywords import matching
from patentnav.query.numbers import places_of
from patentnav.query.parse import parse
from patentnav.query.run import context, found

__all__ = [
    "Corpus",
    "Expression",
    "context",
    "field_names",
    "found",
    "matching",
    "parse",
    "places_of",
]

guard(__name__)
