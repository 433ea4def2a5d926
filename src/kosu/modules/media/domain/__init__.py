"""The rules of media, free of IO: upload sessions, sources and their ladders, runs, assets."""
