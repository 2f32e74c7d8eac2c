"""``python -m patentnav.cli``."""

import sys

from patentnav.cli import main

sys.exit(main())
