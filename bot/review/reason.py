"""Asks the model one question."""

from bot.domain import Model, ModelAnswer
from bot.review.context import Question


def ask_model(model: Model, question: Question) -> ModelAnswer:
    """The model's answer, nothing of it believed yet. Raises ModelUnavailable or ModelRefused."""
    return model.review(question.inputs)
