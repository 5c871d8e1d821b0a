"""Salient: from a report to a sourced conflict map."""

__version__ = "0.1.0"
