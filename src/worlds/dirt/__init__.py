"""Dirt: what happens to data between life and the file. Each kind has a rate in the profile, and its truth.

Messages (``messages``): late, out of order, repeated, altered, damaged, skewed clocks. Machines (``machines``): bots
and mail scanners. Identities (``identities``): typing errors, changed addresses, records entered twice, a shared
mailbox,
a shared tablet, forwarded mails. Rows of CSV files are broken where they are written (``outputs.csvfile``).
"""
