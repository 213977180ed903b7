"""The definitions, one file a metric."""
