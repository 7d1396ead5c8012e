"""Carrying everything kept from one place to another: to another database, or into a file and back."""
