"""Courses and their curriculum, and what a list of courses may ask for."""
