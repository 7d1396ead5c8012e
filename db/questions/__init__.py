"""What the store is asked, by concept: every statement ends where its asker's view ends."""
