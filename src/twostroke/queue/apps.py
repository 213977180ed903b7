from django.apps import AppConfig


class QueueConfig(AppConfig):
    name = "twostroke.queue"
    label = "queue"
