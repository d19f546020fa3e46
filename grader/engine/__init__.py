"""A clean process that forks judges and workers."""

from llmex.grader.engine.client import Engine, Event

__all__ = ["Engine", "Event"]
