"""Who is who: identifiers become persons, companies and colleagues.

An interpretation of the log, decided by rules, changed only by lines (claimed, merged, unmerged, split, undone). Knows
the values behind opaque ids (in an erasable table), claims and their refusals, traits with their sources, consent.
Refuses to know what people are worth, who should call them, or what they said.
"""
