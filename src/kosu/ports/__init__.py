"""Ports that no single module owns: there is no business noun in their sentences."""
