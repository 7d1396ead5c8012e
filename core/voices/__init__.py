"""Whoever speaks: flags, receipts, answers, supports, contacts, files, and what is kept of them."""
