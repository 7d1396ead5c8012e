"""Libraries that are read when something of them is first needed: together they would keep a starting server from its
first page for longer than the rest of the program."""

from importlib import import_module
from typing import Any


class Late:
    """A module that is imported when something of it is first asked for; of two threads that ask at once one waits."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        found = getattr(import_module(self._name), name)
        setattr(self, name, found)  # from now on it stands here
        return found


rjieba = Late("rjieba")
"""The segmentation of Chinese: its dictionary."""
sparse, csgraph, linalg = Late("scipy.sparse"), Late("scipy.sparse.csgraph"), Late("scipy.sparse.linalg")
special = Late("scipy.special")
openpyxl, openpyxl_letters = Late("openpyxl"), Late("openpyxl.utils")
openpyxl_cell, openpyxl_styles = Late("openpyxl.cell"), Late("openpyxl.styles")
openpyxl_formula, openpyxl_choice = Late("openpyxl.worksheet.formula"), Late("openpyxl.worksheet.datavalidation")
docx, docx_shared, docx_oxml, docx_names = Late("docx"), Late("docx.shared"), Late("docx.oxml"), Late("docx.oxml.ns")
docx_section, docx_text, lxml = Late("docx.enum.section"), Late("docx.enum.text"), Late("lxml.etree")
