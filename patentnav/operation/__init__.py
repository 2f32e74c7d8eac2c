"""What can be done with patents: transfer, pledge, alliances, licences in both directions, pools."""

from patentnav._guard import guard
from patentnav.operation.alliances import FEWEST, JOINT, LEADERS, RIVAL, SHARED, alliances
from patentnav.operation.licences import cross_licences
from patentnav.operation.pledge import pledge
from patentnav.operation.pools import FEWEST_RIGHTS, LARGEST_SHARE, LEAST_OWNERS, pools
from patentnav.operation.transfer import (
    ACTIVE,
    IDLE,
    LEAST_LIFE,
    LEAST_OFFER,
    LEAST_OFFER_TITLES,
    transfer,
)

__all__ = [
    "ACTIVE",
    "FEWEST",
    "FEWEST_RIGHTS",
    "IDLE",
    "JOINT",
    "LARGEST_SHARE",
    "LEADERS",
    "LEAST_LIFE",
    "LEAST_OFFER",
    "LEAST_OFFER_TITLES",
    "LEAST_OWNERS",
    "RIVAL",
    "SHARED",
    "alliances",
    "cross_licences",
    "pledge",
    "pools",
    "transfer",
]

guard(__name__)
