"""When it travels: clock, pacer, sources, engine, identity, files, and the command line.

Composes `generator` and `livelink`; never imports Qt, and nothing that loads torch. Nothing
happens on import. Who runs on which thread is in README.md in this folder.
"""
