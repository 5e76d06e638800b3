"""The pages of the member page: thin, one module per entry of the bar."""
