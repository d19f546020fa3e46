"""What a learner may not see while being graded."""
