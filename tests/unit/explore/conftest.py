"""A small city with its technologies, made once."""

from __future__ import annotations

import pytest

import patentnav as pnav


@pytest.fixture(scope="session")
def patents():
    made = pnav.datasets.city(300).patents
    return pnav.clean.resolve_inventors(pnav.clean.resolve_parties(made))


@pytest.fixture(scope="session")
def technologies(patents):
    return pnav.cluster.technologies(patents, n_clusters=6)
