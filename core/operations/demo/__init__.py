"""The demo company: invented facts that show every page at work."""

from core.operations.demo.load import half_loaded, load_demo

__all__ = ["half_loaded", "load_demo"]
