"""What tells people: warnings, notices, messages to the outside, and what is done by time."""
