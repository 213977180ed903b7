"""The definitions, one file a metric."""

from twostroke.metrics.definitions import (
    conversion,
    events,
    holdouts,
    last_touch,
    lifecycle,
    machines,
    orders,
    pipeline,
    spend,
    touches,
    waiting,
)

_ALL = (
    pipeline.DEFINITION,
    conversion.DEFINITION,
    lifecycle.DEFINITION,
    touches.DEFINITION,
    waiting.DEFINITION,
    spend.DEFINITION,
    last_touch.DEFINITION,
    events.DEFINITION,
    orders.DEFINITION,
    machines.DEFINITION,
    holdouts.DEFINITION,
)
DEFINITIONS = {one.metric.name: one for one in _ALL}
