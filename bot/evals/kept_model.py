"""A model whose answers are kept: the same question to the same model by the same prompt is paid once."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from bot.domain import Afforded, Model, ModelAnswer, ModelDoubts, ModelText, Profile, Record
from bot.errors import ModelRefused
from bot.evals.results import Results, digest_of

R = TypeVar("R", bound=Record)


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
        return self._once(ModelDoubts, "doubt", inputs, lambda: self._model.doubt(inputs))

    def answer(self, prompt: str, inputs: Mapping[str, str]) -> ModelText:
        return self._once(ModelText, prompt, inputs, lambda: self._model.answer(prompt, inputs))

    def affordable(self, profile: Profile, tokens: Mapping[Profile, int]) -> Afforded:
        """All or nothing: another profile is not what is measured. Raises ModelRefused where caps would lower it."""
        afforded = self._model.affordable(profile, tokens)
        if afforded.profile is not profile:
            raise ModelRefused(f"not read under {profile}: {afforded.reason}; raise the caps or choose another profile")
        return afforded

    def _once(self, kind: type[R], prompt: str, inputs: Mapping[str, str], ask: Callable[[], R]) -> R:
        """Raises what the model raises; a failure is not kept."""
        version = self.prompt_versions().get(prompt, "")
        key = digest_of([kind.__name__, self.name, prompt, version, dict(inputs)])
        kept = self._results.answer(key)
        if kept is not None:
            return kind.from_json(kept)
        answer = ask()
        self._results.keep_answer(key, answer)
        return answer
