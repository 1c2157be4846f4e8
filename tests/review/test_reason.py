"""Asking is thin: what the prompt takes of the inputs of the question, and whatever the model raises."""

import pytest

from bot.domain import ModelAnswer
from bot.errors import ModelUnavailable
from bot.llm import load_prompt
from bot.review.context import Question
from bot.review.reason import ask_model


class Reader:
    name = "test:reader"

    def __init__(self, error=None):
        self.asked = []
        self.error = error

    def review(self, inputs, prompt="review"):
        self.asked.append((prompt, inputs))
        if self.error:
            raise self.error
        return ModelAnswer(model=self.name, prompt=prompt, prompt_version="1")


QUESTION = Question(index=0, paths=("a.py",), inputs={"code": "x", "unheard_of": "y"})


def test_the_model_is_given_what_the_prompt_takes_of_the_question():
    reader = Reader()
    assert ask_model(reader, QUESTION, "review-tests").prompt == "review-tests"
    ((prompt, inputs),) = reader.asked
    assert prompt == "review-tests"
    assert inputs.keys() == set(load_prompt("review-tests").inputs)
    assert inputs["code"] == "x"
    assert inputs["title"] == ""


def test_a_model_that_is_away_is_not_hidden():
    with pytest.raises(ModelUnavailable, match="asleep"):
        ask_model(Reader(ModelUnavailable("asleep")), QUESTION, "review")
