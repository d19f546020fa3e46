"""The command that judges on save: watch."""

from __future__ import annotations

import selectors
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from llmex.cli.background import Background
from llmex.cli.judging import around, judged, kept, plain
from llmex.cli.saves import Saves
from llmex.cli.screens import report as verdicts
from llmex.cli.screens import watching as screens
from llmex.cli.session import Session
from llmex.cli.terminal import Keys
from llmex.cli.trouble import after, explain
from llmex.grader.errors import LlmexError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from llmex.grader.catalog import Exercise
    from llmex.grader.engine import Engine
    from llmex.grader.report import Report

One = Annotated[str | None, typer.Argument(metavar="EXERCISE")]
UNREAD = "?"  # stands for what could not be read: whatever comes next is judged


def watch_(
    ctx: typer.Context,
    exercise: One = None,
    poll: Annotated[bool, typer.Option("--poll")] = False,
    long: Annotated[bool, typer.Option("--long")] = False,
) -> int:
    """Judge an exercise each time that its file is saved, until the learner leaves."""
    from llmex.grader import grade

    session: Session = ctx.obj
    this = session.exercise(exercise)
    session.workspace.answer(this)  # an error, where there is no file to watch
    with Keys() as keys, grade.ready(this) as engine:
        watching = Watching(ctx, this, engine, keys, poll=poll, long=long)
        try:
            watching.run()
        finally:
            watching.close()
    return 0


class Watching:
    """One sitting: what is watched, what was judged last, and what the learner presses."""

    def __init__(
        self,
        ctx: typer.Context,
        this: Exercise,
        engine: Engine,
        keys: Keys,
        *,
        poll: bool,
        long: bool = False,
    ) -> None:
        self._ctx, self._this, self._engine, self._keys = ctx, this, engine, keys
        self._session: Session = ctx.obj
        self._session.steps = False  # the keys say what comes next
        self._poll, self._quick = poll, not long
        self._judged = ""  # the digest of what was judged last
        self._pressed = ""  # keys that wait for the end of a check
        self._over = False
        self._saves = self._saves_of(this)

    def run(self) -> None:
        """Look for saves and keys until one of the keys is `q`."""
        self._begin()
        while not self._over:
            self._wait(self._saves.patience)
            if self._saves.changed():
                self._judge()
            self._act()

    def close(self) -> None:
        """Watch no more."""
        self._saves.close()

    def _saves_of(self, this: Exercise) -> Saves:
        """Every folder of the workspace in which this answer, or one that it imports, may lie."""
        workspace = self._session.workspace
        own = workspace.path(this).parent
        modules = (workspace.root / module.id for module in self._session.course.modules)
        others = [folder for folder in modules if folder.is_dir() and folder != own]
        return Saves((own, *others), poll=self._poll)

    def _begin(self) -> None:
        """Say what is watched; judge what is already there."""
        started = self._session.workspace.is_started(self._this)
        self._show(screens.begins(self._session.words, self._path(), judged=started))
        if self._saves.polls:
            self._note("looks")
        if started:
            self._judge()
        else:
            self._judged = self._digest()
            self._offer()

    def _judge(self) -> None:
        """Judge what stands in the file, and again where it was saved meanwhile."""
        polled = self._saves.polls
        while not self._over:
            digest = self._digest()
            if digest in ("", self._judged):
                break
            if self._judged:
                self._show(
                    screens.saved(self._session.words, self._path(), time.strftime("%H:%M:%S"))
                )
            self._judged = digest
            report = self._checked()
            if report is not None:
                self._show_report(report)
                after(self._session, 0)
                self._offer()
                if not self._saves.changed():
                    break
        if self._saves.polls and not polled:
            self._note("looks")

    def _digest(self) -> str:
        """What stands in the file now; empty, and said why, where it cannot be read."""
        try:
            return self._session.workspace.answer(self._this).digest
        except LlmexError as error:
            explain(self._session, error)
            self._judged = UNREAD
            return ""

    def _checked(self) -> Report | None:
        """Judge in the background, so that keys and saves are heard.

        None where the check was given up, for a newer save or because the learner leaves, or where
        llmex could not judge, which is said.
        """
        check = Background(
            lambda: judged(self._session, self._this, quick=self._quick, engine=self._engine)
        )
        try:
            while not check.over():
                self._wait(self._saves.patience, check.descriptor)
                self._over = "q" in self._pressed
                if self._over or (self._saves.changed() and self._is_newer()):
                    check.give_up(self._engine.abandon)
                    return None
            return check.result()
        except LlmexError as error:
            explain(self._session, error)
            return None
        finally:
            check.give_up(self._engine.abandon)

    def _is_newer(self) -> bool:
        return self._digest() not in ("", self._judged)

    def _wait(self, seconds: float, also: int | None = None) -> None:
        """Wait for a save, a key, or (`also`) the end of a check; note the keys."""
        with selectors.DefaultSelector() as selector:
            for number in (self._saves.descriptor, self._keys.descriptor, also):
                if number is not None:
                    selector.register(number, selectors.EVENT_READ)
            for key, _ in selector.select(seconds):
                if key.fd == self._keys.descriptor:
                    self._pressed += self._keys.pressed()

    def _act(self) -> None:
        """Do what the keys say that were pressed."""
        pressed, self._pressed = self._pressed, ""
        acts: dict[str, Callable[[], None]] = {
            "n": self._next,
            "h": self._hint,
            "s": self._solution,
        }
        for key in pressed:
            if key == "q" or self._over:
                self._over = True
            elif key in "ns" and not self._is_passed():
                self._note(f"not-yet-{key}")
            elif key in acts:
                try:
                    acts[key]()
                except LlmexError as error:
                    explain(self._session, error)
                self._offer()

    def _next(self) -> None:
        """Go on to the next exercise, as `llmex next` does."""
        from llmex.cli.learn import next_
        from llmex.grader.grade import imports

        next_(self._ctx)
        following = self._session.exercise(None)
        if following.id != self._this.id:
            self._saves.close()
            self._this, self._judged = following, ""
            self._saves = self._saves_of(following)
            self._engine.warm(imports(following))
            self._begin_again()

    def _begin_again(self) -> None:
        if self._session.workspace.is_started(self._this):
            self._judge()
        else:
            self._judged = self._digest()

    def _hint(self) -> None:
        from llmex.cli.learn import hint_

        hint_(self._ctx, self._this.id)

    def _solution(self) -> None:
        from llmex.cli.solution import solution_

        solution_(self._ctx, self._this.id)

    def _is_passed(self) -> bool:
        return self._session.progress.done(self._this.id)

    def _path(self) -> str:
        return self._session.typed(self._session.workspace.path(self._this))

    def _show_report(self, report: Report) -> None:
        session = self._session
        saved = kept(session, self._this, report)
        place = around(session, self._this, report, None, False, saved)
        session.emit(report=plain(report, place))
        page = verdicts.page(session.words, report, place, plain=session.plain)
        self._show(page)

    def _offer(self) -> None:
        """Say which keys there are now."""
        if self._keys.descriptor is not None:
            letters = "nhsq" if self._is_passed() else "hq"
            self._show(screens.keys(self._session.words, letters))

    def _note(self, key: str) -> None:
        session = self._session
        self._show(screens.note(session.words, key, plain=session.plain))

    def _show(self, page: RenderableType) -> None:
        self._session.show(page)
