"""Who acts, what they may do, and where; declared on every route and page."""
