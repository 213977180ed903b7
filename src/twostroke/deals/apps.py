from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "twostroke.deals"
    label = "deals"
