"""What-if: a past period replayed under a draft of rules and tiers. Reads, and moves nothing."""
