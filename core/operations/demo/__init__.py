"""The demo company: invented facts that show every page at work."""

from core.operations.demo.load import load_demo

__all__ = ["load_demo"]
