"""What a learner may see."""
