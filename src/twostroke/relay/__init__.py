"""Lifecycle stages, handoffs and what both teams owe each other. Knows where a person stands, not what was sold."""
