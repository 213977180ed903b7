"""Benchmarks: ratios to the machine's own ceiling in the same run, equality checked first. ``make bench`` runs them."""
