"""What a person sees: the PyQt6 application, and the only Qt.

Imports everything below it; nothing imports it. `launch` is the console script's entry and loads
Qt only when a window is asked for.
"""
