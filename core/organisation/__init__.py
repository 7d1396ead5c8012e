"""Units, posts, people and how they sign in, who is kept from what, and working days."""
