"""Every write of imports: one function per use case."""

from mallard.world.intake.services.keeping import discard_files, expire_files
from mallard.world.intake.services.matching import match_columns, save_matching
from mallard.world.intake.services.receiving import receive_file
from mallard.world.intake.services.running import check_rows, start_check, start_run, take_rows_in
from mallard.world.intake.services.steps import cancel_import
from mallard.world.intake.services.undoing import start_undo, undo_import

__all__ = [
    "cancel_import",
    "check_rows",
    "discard_files",
    "expire_files",
    "match_columns",
    "receive_file",
    "save_matching",
    "start_check",
    "start_run",
    "start_undo",
    "take_rows_in",
    "undo_import",
]
