"""The background process: runs due jobs and keeps projections current."""
