"""A property that is worked out once. `functools.cached_property` takes a lock each time before Python 3.12."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class lazy(Generic[T]):
    """The value is kept in the instance's `__dict__`, which then hides the descriptor. For one thread at a time."""

    def __init__(self, function: Callable[[Any], T]) -> None:
        self._function = function
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "lazy[T]": ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object, owner: type) -> "T | lazy[T]":
        if instance is None:
            return self
        value = self._function(instance)
        instance.__dict__[self._name] = value
        return value
