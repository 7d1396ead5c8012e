"""The register: risk points, their levels, signatures, clocks, history, and work on many."""
