"""Why can't I?"""
