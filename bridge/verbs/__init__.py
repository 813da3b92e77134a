"""The verbs of the command line, one file each.

Only here and in `bridge.cli` is anything printed.
"""
