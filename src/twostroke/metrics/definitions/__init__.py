"""The definitions, one file a metric."""

from twostroke.metrics.definitions import lifecycle, pipeline, touches

DEFINITIONS = {one.metric.name: one for one in (pipeline.DEFINITION, lifecycle.DEFINITION, touches.DEFINITION)}
