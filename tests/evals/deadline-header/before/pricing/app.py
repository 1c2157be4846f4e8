"""The pricing service: what a basket costs today."""

from flask import Flask, Response, jsonify, request
from psycopg.errors import QueryCanceled
from psycopg_pool import ConnectionPool

from pricing.quotes import total_of

QUERY_TIMEOUT_S = 10.0


def create_app(pool: ConnectionPool) -> Flask:
    app = Flask(__name__)

    @app.post("/quotes")
    def quote() -> Response:
        basket = request.get_json()
        try:
            total = total_of(pool, basket["currency"], basket["lines"], QUERY_TIMEOUT_S)
        except QueryCanceled:
            return Response("the prices were not found in time\n", status=503, headers={"Retry-After": "1"})
        return jsonify(total=total, currency=basket["currency"])

    return app
