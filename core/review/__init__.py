"""From flags to entries: taking in, first review, suggestions, merging, and groups of what is alike."""
