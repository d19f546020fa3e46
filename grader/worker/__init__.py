"""The wall: all of ours that runs beside the learner's code."""
