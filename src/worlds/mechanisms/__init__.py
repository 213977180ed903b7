"""One module a mechanism: what happens in a company's life, week by week, vectorised over people.

Each has a function that is given the world, one variant's state and the week, changes the state, and records what
happened if the variant is the one that is written down.
"""
