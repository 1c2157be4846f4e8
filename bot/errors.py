"""Everything that can go wrong, in one tree. A message says what happened, to what, and what to do next.

SeawallError                        `exit_code` of the command line: 3 unless said
├── UsageError                      the caller asked for something that cannot be (exit 2)
│   ├── SettingsError               a setting is unknown, malformed or missing
│   │   └── SeatTaken               another live worker has this worker's name
│   └── PolicyError                 a repository's policy file is broken
├── RefusedError                    asked again, the answer would be the same
│   ├── NotFound                    no such repository, pull request, revision or path
│   ├── Forbidden                   the credentials do not allow it
│   ├── Rejected                    the host calls the request invalid (422)
│   └── ModelRefused                the model's side will not answer this (wrong key, unknown model, too long)
├── RetryableError                  worth trying again; `retry_after_s` says when, where the other side did
│   ├── HostUnavailable             GitHub does not answer, or answers 5xx
│   ├── RateLimited                 GitHub's primary or secondary limit
│   ├── ModelUnavailable            the model times out, limits us, or its breaker is open
│   ├── ChatUnavailable             Slack, Teams or their like do not answer, or limit us
│   └── EngineUnavailable           the durable engine cannot take work
├── OutcomeUnknown                  a write was sent and its answer lost: look before sending again
├── Superseded                      a newer head, a closed pull request: stop quietly
├── SourceError                     code cannot be read (broken repository, truncated diff)
├── GuardError                      a guarded task was killed (time, memory) or its process died
└── LedgerError                     the record cannot be written or read
"""


class SeawallError(Exception):
    exit_code = 3


class UsageError(SeawallError):
    exit_code = 2


class SettingsError(UsageError): ...


class SeatTaken(SettingsError): ...


class PolicyError(UsageError): ...


class RefusedError(SeawallError): ...


class NotFound(RefusedError): ...


class Forbidden(RefusedError): ...


class Rejected(RefusedError): ...


class ModelRefused(RefusedError): ...


class RetryableError(SeawallError):
    """`retry_after_s`: seconds to wait, where the other side said so."""

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class HostUnavailable(RetryableError): ...


class RateLimited(RetryableError): ...


class ModelUnavailable(RetryableError): ...


class ChatUnavailable(RetryableError): ...


class EngineUnavailable(RetryableError): ...


class OutcomeUnknown(SeawallError): ...


class Superseded(SeawallError): ...


class SourceError(SeawallError): ...


class GuardError(SeawallError): ...


class LedgerError(SeawallError): ...
