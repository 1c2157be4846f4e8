"""Calls to the model, and what they cost."""

from bot.ledger.opening import Opened
from bot.ledger.rows import upsert


class ModelCalls(Opened):
    def keep_model_call(
        self,
        call_id: str,
        *,
        review_key: str,
        model: str,
        prompt: str,
        prompt_version: str,
        outcome: str,
        at: str,
        repository_id: int | None = None,
        input_tokens: int = 0,
        output_tokens: int = 0,
        cached_tokens: int = 0,
        cost_usd: float | None = None,
        latency_s: float = 0.0,
        attempts: int = 1,
    ) -> None:
        """One call to the model; `call_id` tells repeated writes of it. `outcome`: answered, refused, unavailable …

        What was held for the call is let go of in the same moment, so that its cost counts once, and always.
        """
        row = {
            "id": call_id,
            "review_key": review_key,
            "repository_id": repository_id,
            "model": model,
            "prompt": prompt,
            "prompt_version": prompt_version,
            "input_tokens": input_tokens,
            "output_tokens": output_tokens,
            "cached_tokens": cached_tokens,
            "cost_usd": cost_usd,
            "latency_s": latency_s,
            "attempts": attempts,
            "outcome": outcome,
            "at": at,
        }
        with self._connection.writing() as database:
            upsert(database, "model_calls", row, ["id"])
            database.conn.execute("DELETE FROM model_holds WHERE call_id = ?", [call_id])

    def spent_usd_since(self, at: str) -> float:
        """What model calls since that time cost, as far as prices are known."""
        with self._connection.reading() as database:
            row = database.conn.execute("SELECT TOTAL(cost_usd) FROM model_calls WHERE at >= ?", [at]).fetchone()
            return float(row[0])
