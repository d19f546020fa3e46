"""For those who write exercises: a skeleton to start from, and proof that it grades rightly."""
