"""Sales declarations: what tenants say they sold, beside what receipts say."""
