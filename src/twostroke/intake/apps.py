from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "twostroke.intake"
    label = "intake"
