"""Worlds: simulated companies with known hidden truth — the demo, and the referee of the tests.

A *world* is the life of one invented company over some months: who wanted what, who heard of us, who was called by
whom, what was sold, and why the rest was not. A world writes two folders:

    DIR/public/   files as real tools would have produced them, dirt and all     — what any software may read
    DIR/truth/    what no real tool knows: who is who, why they left, what caused what — what only the referee reads

This package imports nothing of the software it judges; it knows public file formats and nothing else.

How a world is made
-------------------
::

    profile (TOML) ──► people, companies, sellers                    mechanisms/people, push
                            │  born once, from luck keyed (seed, mechanism, birth)
                            ▼
    ┌─ one week ────────────────────────────────────────────────────────────────────────────────┐
    │ market    season, rival, promotion              → multipliers                             │
    │ pull      ads reach, ads chase visitors         → pull stock  (slow carry-over)           │
    │ mail      to segments, with a holdout           → pull stock                              │
    │ push      sellers' hours, the warm first        → push stock  (hours, holidays, leavers)  │
    │ visits    what people do on the site            → traces, no effect of their own          │
    │ journey   hazard.py: the ONE equation           → stages of persons and of deals          │
    │ handoffs  offered, accepted, sent back, late    → stages, our own lateness                │
    │ dropoff   who leaves, and the true cause        → stages, reasons true and recorded       │
    │ themes    what they say, in their words         → notes, support messages                 │
    │ orders    what customers buy again              → invoices, payments                      │
    └────────────────────────────────────────────────────────────────────────────────────────────┘
            │ the same week, with the same luck, is lived in every counterfactual world as well:
            │ without pull · without push · without either · without one channel
            ▼                                                            ▼
    outputs/ (only of the world as it was) ◄── dirt/ ──►           truth/ (of all of them)

Luck is keyed (seed, mechanism, week) and indexed by person or company: never a running stream. Switching pull off
therefore changes nobody's dice, only what the dice are compared with; the difference between two worlds is effect, not
noise.

One person walked through a year
--------------------------------
Ilse runs the office of a law firm with 120 desks (segment *mid office*: needs both pull and push).

* Week 4. She comes into the market. Her hazard of a first visit is base + pull·P, and P is 0.
* Week 9. A feed ad reaches her (reach 6 % a week, more if she had visited: ads chase). Her pull stock rises by the ad's
  weight; a seventh of it is gone next week. Her dice fall below the raised hazard: she visits on Tuesday at 10:14.
* Week 13. A paper on descaling makes her leave her address: now she is a *lead*, and her thirty earlier page views
  have a name. Mail begins, unless she is in the holdout.
* Week 17. She asks for a price on a Monday: *hand raised*. The northern team answers Mondays after 26 hours; the
  lateness factor halves for each so many hours, and her firm's hazard of opening a deal is that much smaller.
* Week 20. The seller, who calls warm people first, reaches her. Push stock up; P·H is now above zero, and only in her
  segment does the *both* part weigh most. The deal opens; a tasting; her two colleagues enter the record.
* Week 26. The proposal. She asks who comes when the machine stands still; nobody explains the service. The hazard of
  leaving for *not understood* is high. She leaves. The seller writes "price". The truth writes ``not_understood``.
* In the world without push the same Ilse, with the same dice, never opened the deal. In the world where the service
  was explained she bought in week 28. The difference is what the truth calls effect, in persons and in money.

The doors: ``worlds.api.make`` (and ``python -m worlds``), ``worlds.profiles.load``. Everything else is inside.
"""
