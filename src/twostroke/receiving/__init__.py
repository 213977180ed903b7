"""The intake server: HTTP requests of programs and web pages in, an honest answer for each event out.

Knows requests, keys, budgets and the queue before the one writer. It refuses to know what an event means (connectors
translate) and who anybody is.
"""
