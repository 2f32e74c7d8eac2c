"""Readers of files that are no tables; see :mod:`patentnav.io` for what one must offer."""
