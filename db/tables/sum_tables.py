"""The tables of sums: what is counted of each community, kept until something happens there, and of each area."""

from sqlalchemy import Boolean, Column, Integer, String

from db.tables.columns import day, foreign, json, table

summed = table(
    "summed", Column("unit_id", String(40), foreign("units.id"), primary_key=True),
    Column("lines", Integer, nullable=False), day("day"), Column("form", String(40), nullable=False),
)  # fmt: skip
"""Of which day and of how many lines of its log the sums of a community are, and which questions they answer."""
sums = table(
    "sums", Column("unit_id", String(40), foreign("units.id"), primary_key=True),
    Column("whole", Boolean, primary_key=True), Column("question", String(40), primary_key=True), json("rows"),
)  # fmt: skip
"""Answers: a unit's own, and those of it and all below it (`whole`)."""
