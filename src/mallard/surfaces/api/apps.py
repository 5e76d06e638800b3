from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "mallard.surfaces.api"
    label = "api"
