"""A model whose answers are kept: the same question to the same model by the same prompt is paid once."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from bot.domain import Afforded, Model, ModelAnswer, ModelDoubts, ModelText, Profile
from bot.errors import ModelRefused, ModelUnavailable
from bot.evals.results import Results, digest_of
from bot.llm import load_prompt
from bot.review.questions import CHALLENGED_AT_ONCE, DOUBT, READINGS

R = TypeVar("R", ModelAnswer, ModelDoubts, ModelText)


class KeptModel:
    """A domain.Model around another. What an answer once cost is told again with it, so that figures stay true."""

    def __init__(self, model: Model, results: Results) -> None:
        self._model, self._results = model, results

    @property
    def name(self) -> str:
        return self._model.name

    def prompt_versions(self) -> Mapping[str, str]:
        return self._model.prompt_versions()

    def review(self, inputs: Mapping[str, str], prompt: str = "review") -> ModelAnswer:
        return self._once(ModelAnswer, prompt, inputs, lambda: self._model.review(inputs, prompt))

    def doubt(self, inputs: Mapping[str, str]) -> ModelDoubts:
        return self._once(ModelDoubts, DOUBT, inputs, lambda: self._model.doubt(inputs))

    def answer(self, prompt: str, inputs: Mapping[str, str]) -> ModelText:
        return self._once(ModelText, prompt, inputs, lambda: self._model.answer(prompt, inputs))

    def affordable(self, profile: Profile, tokens: Mapping[Profile, int]) -> Afforded:
        """All or nothing: another profile is not what is measured. Raises ModelRefused where caps would lower it."""
        afforded = self._model.affordable(profile, tokens)
        if afforded.profile is not profile:
            raise ModelRefused(f"not read under {profile}: {afforded.reason}; raise the caps or choose another profile")
        return afforded

    def _once(self, kind: type[R], prompt: str, inputs: Mapping[str, str], ask: Callable[[], R]) -> R:
        """Raises what the model raises; a failure is not kept, nor is the answer to another version of the prompt."""
        version = version_of(self._model, prompt)
        key = digest_of([kind.__name__, self.name, prompt, version, dict(inputs)])
        kept = self._results.answer(key)
        if kept is not None:
            return kind.from_json(kept)
        answer = ask()
        if answer.prompt_version != version:
            raise ModelUnavailable(f"{self.name} is away; what it answered to an earlier {prompt} measures nothing now")
        self._results.keep_answer(key, answer)
        return answer


def version_of(model: Model, prompt: str) -> str:
    """Of a prompt as this model is asked with it."""
    return model.prompt_versions().get(prompt) or load_prompt(prompt).version


def prompts_of(model: Model, profile: Profile) -> dict[str, str]:
    """The prompts that a review under this profile is made with, and their versions."""
    doubt = (DOUBT,) if CHALLENGED_AT_ONCE[profile] else ()
    return {prompt: version_of(model, prompt) for prompt in (*READINGS[profile], *doubt)}
