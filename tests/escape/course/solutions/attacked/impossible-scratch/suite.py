import secrets
from pathlib import Path

from llmex.grader.compare import assert_close, assert_equal, assert_holds

CHANCE = secrets.SystemRandom()


def test_number(learner):
    """Guesses a number"""
    assert_close(learner.answer(learner.scratch), CHANCE.uniform(1, 2))


def test_file(learner):
    """Writes what nobody can know into a file, and gives back its name"""
    got = learner.answer(learner.scratch)
    assert_equal(got, "guess.txt")
    file = Path(learner.scratch, "guess.txt")
    assert_holds(file.is_file(), got=got, why="there is no such file")
    assert_equal(file.read_text("utf-8"), secrets.token_hex(16))
