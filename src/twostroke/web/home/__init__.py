"""Home: the first page of the morning, one shape per role."""
