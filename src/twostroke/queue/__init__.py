"""The job table: run_at, lease, fence, attempts, dedupe key.

Knows when work is due and who holds it; refuses to know what the work means.
"""
