"""Finding the same matter in other words: signs, weights and groups, on texts alone."""
