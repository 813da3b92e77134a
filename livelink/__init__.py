"""What travels: channels, frames, packets, timecode, clips and their files, and the UDP ends.

Imports nothing of ours but `assets`. The pure core (channels, timecode, frame, packet, stream,
clip) uses no socket, thread or clock; see README.md in this folder.
"""
