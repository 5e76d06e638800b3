"""How the server plans prepared statements.

A backend's connection begins with `PLAN_ONCE`. Django's own statements carry their values in their
text, so nothing changes for them.
"""

PLAN_ONCE = b"SET plan_cache_mode = force_generic_plan"
"""One plan for any parameters, made at the first execution and kept."""
PLAN_ANEW = b"SET plan_cache_mode = force_custom_plan"
"""A plan for the parameters at hand."""
