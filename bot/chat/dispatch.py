"""From what was heard to what is said: understood, limited, permitted, carried out, sealed."""

from bot.chat.access import login_of, must_be_known, require
from bot.chat.asked import Asked, ChatDesk
from bot.chat.command import Declined, said
from bot.chat.limits import count_against_limit
from bot.chat.seal import seal
from bot.chat.subject import settle
from bot.chat.understanding import named
from bot.domain import Answer, CommandGiven
from bot.errors import SeawallError
from bot.logs import bound, logger
from bot.review.filter import literal

log = logger(__name__)

NO_MODEL = (
    "No model is configured here, and this needs one. Whoever runs Seawall sets `SEAWALL_LLM__MODEL` (and a key), or "
    "just `OPENAI_API_KEY`; the README tells more under *A model*. Most of what `help` lists works without."
)


def answer(given: CommandGiven, desk: ChatDesk) -> Answer:
    """Carries out one command. Repeated after a crash it keeps nothing twice. Never raises: what goes wrong is said.

    A reply with an empty title is not to be shown at all.
    """
    with bound(run=given.run_id):
        try:
            found = _carry_out(given, desk)
        except Declined as declined:
            found = Answer(reply=declined.reply)
        except SeawallError as failure:
            log.warning("a command failed", text=given.text, reason=str(failure))
            found = said("This did not work", literal(str(failure)), _trace(given), state="failed")
        except Exception:
            log.exception("a command failed", text=given.text)
            found = said("Something went wrong", _trace(given), state="failed")
        reply = seal(found.reply, desk.own_host).model_copy(update={"run_id": given.run_id})
        return found.model_copy(update={"reply": reply})


def command_name(text: str) -> str:
    """The name of the command that a line means; empty where it means none. For the record."""
    try:
        return named(text).command.name
    except Declined:
        return ""


def _carry_out(given: CommandGiven, desk: ChatDesk) -> Answer:
    count_against_limit(desk, given)
    line = named(given.text)
    login = login_of(desk, given.person)
    if all(use.permission != "anyone" for use in line.command.uses):
        must_be_known(given, login, line.command.permission)  # before it is told what exists
    meant, subject = settle(given, line, desk)
    asked = Asked(
        given=given,
        desk=desk,
        command=meant.command,
        use=meant.use,
        values=meant.values,
        login=login,
        repository_or_none=subject.repository,
        number=subject.number,
        thread_point=subject.thread_point,
    )
    require(asked, meant.use.permission, f"say “{meant.command.name}”")
    if meant.use.needs_model:
        _needs_model(asked)
    return meant.command.run(asked)


def _needs_model(asked: Asked) -> None:
    if asked.desk.model is None:
        raise Declined("There is no model to ask", NO_MODEL)
    if not asked.policy.llm:
        raise Declined(
            "Policy keeps this code from the model",
            f"`llm = false` is set for {asked.repository.full_name}, in `.github/seawall.toml` or by the organisation. "
            "Its administrators decide that.",
        )


def _trace(given: CommandGiven) -> str:
    if given.person.transport == "terminal":
        return ""  # whoever sits there has read all there is
    return f"The worker's log has it under `{given.run_id}`."
