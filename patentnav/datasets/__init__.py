"""Data to try everything on: an invented city with known truth."""

from __future__ import annotations

from patentnav.datasets.synthesis import City, city

__all__ = ["City", "city"]
