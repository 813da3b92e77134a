"""What a keyframe model is worth to those who use it, on scripts that it has not seen.

`alignment` puts predicted beats beside authored ones, `ranking` asks whether a script can be told
from others by its poses, `prompts` goes all the way from a typed prompt, `texts` beat by beat, and
`tables` runs them. Models come in as a function; nothing here loads one or imports an engine.
"""
