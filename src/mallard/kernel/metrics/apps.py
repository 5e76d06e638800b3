from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "mallard.kernel.metrics"
    label = "metrics"
