"""Where messages come in: validation, quarantine, the register of imports, what all doors have in common.

Knows sources, batches, attestations and reports, and keeps ``received = stored + duplicate + quarantined`` exact. It
refuses to know file formats and vendors (connectors translate) and who anybody is (identity interprets).
"""
