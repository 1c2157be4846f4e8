"""Points that the model made, where no rule looks."""

from tests.life.history import history
from tests.life.sources import plain, python, reserving
from tests.life.stage import Stage

BASE = {"stock.py": python(plain("reserve"), plain("release"), top="STOCK = {}\n")}
READS = r"^\s*STOCK\[.*\] = left - 1"
POINT = "= left - 1"


def stock(reserve: str, *more: str) -> dict[str, str | None]:
    return {"stock.py": python(reserve, *(more or (plain("release"),)), top="STOCK = {}\n")}


@history("python", BASE, {POINT: "ignored"}, reads=READS)
def the_model_says_it_again_in_each_head(stage: Stage) -> None:
    stage.open(stock(reserving()))
    stage.push(stock(reserving(("left = STOCK[item]", "audit(item)", "STOCK[item] = left - 1"))))
    stage.merge()


@history("python", BASE, {POINT: "ignored"}, reads=READS)
def the_model_falls_silent_though_the_line_stands(stage: Stage) -> None:
    stage.open(stock(reserving()))
    stage.model.patterns.clear()  # type: ignore[union-attr]
    stage.push(stock(reserving(("left = STOCK[item]", "audit(item)", "STOCK[item] = left - 1"))))
    stage.merge()


@history("python", BASE, {POINT: "fixed"}, reads=READS)
def a_lock_is_taken_around_it(stage: Stage) -> None:
    stage.open(stock(reserving()))
    locked = ("with LOCK:", "    left = STOCK[item]", "    STOCK[item] = max(0, left - ordered)")
    stage.push(stock(reserving(locked)))
    stage.merge()


@history("python", BASE, {POINT: "ignored"}, reads=READS)
def only_its_names_and_its_number_change(stage: Stage) -> None:
    stage.open(stock(reserving()))
    stage.push(stock(reserving(("rest = STOCK[thing]", "STOCK[thing] = rest - 2"))))
    stage.merge()


@history("python", BASE, {POINT: "ignored"}, reads=READS)
def its_code_moves_to_another_function(stage: Stage) -> None:
    stage.open(stock(reserving()))
    stage.push(stock("def reserve(item):\n    return take(item)", reserving(name="take"), plain("release")))
    stage.merge()


@history("python", BASE, {POINT: "ignored"}, reads=READS)
def its_code_moves_to_another_file(stage: Stage) -> None:
    stage.open(stock(reserving()))
    stage.push(stock(plain("release")) | {"depot.py": python(reserving(), top="STOCK = {}\n")})
    stage.merge()


@history("python", BASE, {POINT: "ignored"}, reads=READS)
def its_file_is_unchanged_while_others_change(stage: Stage) -> None:
    stage.open(stock(reserving()))
    stage.push({"price.py": python(plain("price"))})
    stage.merge()


@history("python", BASE, {POINT: "disputed"}, reads=READS)
def somebody_says_that_it_is_by_design(stage: Stage) -> None:
    stage.open(stock(reserving()))
    comment = stage.thread(POINT)
    stage.by("dana", "write", lambda dana: dana.reply(stage.pull, comment, "By design: one worker owns the stock."))
    stage.merge()
