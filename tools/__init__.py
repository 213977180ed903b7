"""What make and CI call: environments, generated pages, proofs. Never part of the wheel."""
