"""What the voices, the levels and the days add up to: figures as rows."""
