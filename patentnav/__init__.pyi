"""What `patentnav` holds, for type checkers: its modules are imported at first use."""

from patentnav import claims as claims
from patentnav import classify as classify
from patentnav import clean as clean
from patentnav import cluster as cluster
from patentnav import config as config
from patentnav import counting as counting
from patentnav import datasets as datasets
from patentnav import disclosure as disclosure
from patentnav import explore as explore
from patentnav import facts as facts
from patentnav import findings as findings
from patentnav import i18n as i18n
from patentnav import indicators as indicators
from patentnav import io as io
from patentnav import kpi as kpi
from patentnav import matching as matching
from patentnav import network as network
from patentnav import normalize as normalize
from patentnav import operation as operation
from patentnav import planning as planning
from patentnav import plot as plot
from patentnav import plugins as plugins
from patentnav import population as population
from patentnav import portfolio as portfolio
from patentnav import project as project
from patentnav import query as query
from patentnav import report as report
from patentnav import schema as schema
from patentnav import study as study
from patentnav import tables as tables
from patentnav import talent as talent
from patentnav import taxonomy as taxonomy
from patentnav import text as text
from patentnav import valuation as valuation
from patentnav._version import __version__ as __version__
from patentnav.config import config_context as config_context
from patentnav.config import get_config as get_config
from patentnav.config import set_config as set_config
from patentnav.errors import ArgumentError as ArgumentError
from patentnav.errors import ClaimError as ClaimError
from patentnav.errors import CoverageWarning as CoverageWarning
from patentnav.errors import DataQualityWarning as DataQualityWarning
from patentnav.errors import DisclosureError as DisclosureError
from patentnav.errors import ExpressionError as ExpressionError
from patentnav.errors import FileError as FileError
from patentnav.errors import FormatError as FormatError
from patentnav.errors import IntakeWarning as IntakeWarning
from patentnav.errors import MissingColumnError as MissingColumnError
from patentnav.errors import MissingDependencyError as MissingDependencyError
from patentnav.errors import MissingTableError as MissingTableError
from patentnav.errors import PatentnavError as PatentnavError
from patentnav.errors import SchemaError as SchemaError
from patentnav.errors import UnavailableError as UnavailableError
from patentnav.errors import UnknownNameError as UnknownNameError
from patentnav.errors import WrongKindError as WrongKindError
from patentnav.io import read as read
from patentnav.patentset import PatentSet as PatentSet
from patentnav.patentset import concat as concat
from patentnav.patentset import load as load
from patentnav.study import Study as Study

_MODULES: tuple[str, ...]
_NAMES: dict[str, str]
__all__: list[str]
