"""Views of repairs: text for people and other programs, made of what `repair` returned."""
