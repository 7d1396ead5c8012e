"""What protects people: names and personal data, small numbers, terms of keeping, seals and keys."""
