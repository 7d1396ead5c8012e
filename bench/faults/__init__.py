"""Faults to survive: each is made to happen, and what was acknowledged before is looked for afterwards."""
