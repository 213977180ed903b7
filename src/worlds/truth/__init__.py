"""The truth: what no real tool knows. JSON where a person reads it, Parquet where there is much of it."""
