"""The definitions, one file a metric."""

from twostroke.metrics.definitions import lifecycle, pipeline, spend, touches

_ALL = (pipeline.DEFINITION, lifecycle.DEFINITION, touches.DEFINITION, spend.DEFINITION)
DEFINITIONS = {one.metric.name: one for one in _ALL}
