"""Preventive measures, and looking again at what was closed."""
