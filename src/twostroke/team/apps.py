from django.apps import AppConfig


class TeamConfig(AppConfig):
    name = "twostroke.team"
    label = "team"
