"""Files that people upload stay in memory: they hold personal data, and a temporary file would
leave it on the disk in clear."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler, SkipFile

MAX_UPLOAD_BYTES = 30 * 1024 * 1024
_FORM_BYTES = 64 * 1024


class UploadInMemory(MemoryFileUploadHandler):
    """Takes files up to `MAX_UPLOAD_BYTES` and skips larger ones: the form then misses its file,
    and `is_too_large` says why."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        self.activated = content_length <= MAX_UPLOAD_BYTES + _FORM_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        if not self.activated:
            raise SkipFile()
        super().new_file(*args, **kwargs)


def is_too_large(meta: Any) -> bool:
    """Whether a request (its ``META``) brought more than we take."""
    try:
        return int(meta.get("CONTENT_LENGTH") or 0) > MAX_UPLOAD_BYTES + _FORM_BYTES
    except ValueError:
        return False
