"""Data to try everything on: an invented city with known truth, and exports in any vendor's form."""

from __future__ import annotations

from patentnav._guard import guard
from patentnav.datasets.dealings import Dealings, dealings
from patentnav.datasets.exports import write_export
from patentnav.datasets.statistics import CityTables, user_tables
from patentnav.datasets.synthesis import City, city

__all__ = ["City", "CityTables", "Dealings", "city", "dealings", "user_tables", "write_export"]

guard(__name__)
