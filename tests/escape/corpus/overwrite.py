"""Empties a file of another.

group: escape and persist
expect: failed
layers: files
"""

def reach():
    open(WORLD["victim"], "w").close()
    return WORLD["token"]
