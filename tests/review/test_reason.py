"""Asking is thin: the question's inputs, and whatever the model raises."""

import pytest

from bot.domain import ModelAnswer
from bot.errors import ModelUnavailable
from bot.review.context import Question
from bot.review.reason import ask_model


class Reader:
    name = "test:reader"

    def __init__(self, error=None):
        self.asked = []
        self.error = error

    def review(self, inputs):
        self.asked.append(inputs)
        if self.error:
            raise self.error
        return ModelAnswer(model=self.name, prompt="review", prompt_version="1")

    def prompt_versions(self):
        return {"review": "1"}


QUESTION = Question(index=0, paths=("a.py",), inputs={"code": "x"})


def test_the_model_is_given_the_inputs_of_the_question():
    reader = Reader()
    assert ask_model(reader, QUESTION).model == "test:reader"
    assert reader.asked == [{"code": "x"}]


def test_a_model_that_is_away_is_not_hidden():
    with pytest.raises(ModelUnavailable, match="asleep"):
        ask_model(Reader(ModelUnavailable("asleep")), QUESTION)
