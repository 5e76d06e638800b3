from django.apps import AppConfig


class HttpConfig(AppConfig):
    name = "mallard.kernel.http"
    label = "http"

    def ready(self) -> None:
        from mallard.kernel.environment import environment
        from mallard.kernel.http.logs import configure

        configure(environment().log_level)
