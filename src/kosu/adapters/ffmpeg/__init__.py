"""Probing by PyAV and transcoding by an ffmpeg child process.

Both are imported where they are used only: the API has neither of them installed.
"""
