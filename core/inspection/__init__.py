"""Rounds of self-inspection, from their calendar to the frozen register."""
