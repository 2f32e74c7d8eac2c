"""One spelling for numbers, dates, names and symbols: Series in, Series out, pure, idempotent."""
