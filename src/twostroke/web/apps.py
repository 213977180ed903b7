from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "twostroke.web"
    label = "web"
