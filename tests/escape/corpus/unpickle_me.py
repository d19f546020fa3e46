"""Returns what a careless judge would unpickle.

group: attack the host
expect: failed
"""

import os
import pickle


class Bomb:
    def __reduce__(self):
        return (os.system, ("touch /tmp/llmex-escape-pickled",))


def answer(*_):
    return pickle.dumps(Bomb())
