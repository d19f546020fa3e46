"""Writes until the disk is full.

group: attack the host
expect: failed
layers: files, limits
"""

def reach():
    with open(WORLD["folder"] + "/large", "wb") as file:
        file.write(bytes(1 << 20))
    return WORLD["token"]
