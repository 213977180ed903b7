"""The log: immutable lines in commit order, and what follows from their set alone.

Knows lines, messages, the engine of the catalogue, the chain that proves them, which lines are in force (imports said
again, undone, corrected), the tail, the lake and the machine that folds lines into tables. It refuses to know persons:
to the log an identifier is an opaque id, a subject a kind and an opaque id.
"""
