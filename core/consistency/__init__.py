"""What does not fit together: the checks over the records of a register, and what they find."""
