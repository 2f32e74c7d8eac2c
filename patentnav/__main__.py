"""``python -m patentnav``."""

import sys

from patentnav.cli import main

if __name__ == "__main__":
    sys.exit(main())
