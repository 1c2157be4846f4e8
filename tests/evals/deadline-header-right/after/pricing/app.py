"""The pricing service: what a basket costs today."""

from flask import Flask, Response, jsonify, request
from psycopg.errors import QueryCanceled
from psycopg_pool import ConnectionPool, PoolTimeout

from pricing.deadline import HEADER, time_left_s
from pricing.quotes import total_of


def create_app(pool: ConnectionPool) -> Flask:
    app = Flask(__name__)

    @app.post("/quotes")
    def quote() -> Response:
        basket = request.get_json()
        timeout_s = time_left_s(request.headers.get(HEADER))
        try:
            total = total_of(pool, basket["currency"], basket["lines"], timeout_s)
        except (QueryCanceled, PoolTimeout):
            return Response("the prices were not found in time\n", status=503, headers={"Retry-After": "1"})
        return jsonify(total=total, currency=basket["currency"])

    return app
