"""What can be done with patents: transfer, pledge, alliances, licences in both directions, pools."""

from patentnav._guard import guard
from patentnav.operation.alliances import alliances
from patentnav.operation.licences import cross_licences
from patentnav.operation.pledge import pledge
from patentnav.operation.pools import pools
from patentnav.operation.transfer import transfer

__all__ = ["alliances", "cross_licences", "pledge", "pools", "transfer"]

guard(__name__)
