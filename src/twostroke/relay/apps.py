from django.apps import AppConfig


class RelayConfig(AppConfig):
    name = "twostroke.relay"
    label = "relay"
