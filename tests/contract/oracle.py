"""GitHub's REST description as a judge: what a request may say, and what an answer must look like.

    spec = Spec()
    spec.request("GET", "/repos/acme/shop/pulls/7/files", {"per_page": "100"}, None)
    spec.response("GET", "/repos/acme/shop/pulls/7/files", 200, [...])

Both return the path template (`/repos/{owner}/{repo}/pulls/{pull_number}/files`) and raise ContractBroken, which is an
AssertionError, naming the operation and the fault. GraphQL is not part of the description: do not ask about it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema_rs

DESCRIPTION = Path(__file__).with_name("github-api.json")
_SPANS_SLASHES = {"path", "ref", "branch", "basehead"}
_DOCUMENTED_ELSEWHERE = {304, 401, 403, 404, 409, 410, 415, 422, 429, 451}
"""Answers that any operation may give; the description lists them only where they are typical."""


_YET_UNDOCUMENTED = {"merge_queues"}
"""Members that GitHub gives (an App needs this permission for merge_group events) and its description lacks."""


_REACTION_ID = {"name": "reaction_id", "in": "path", "required": True, "schema": {"type": "integer"}}


class ContractBroken(AssertionError): ...


class Spec:
    def __init__(self, description: Path = DESCRIPTION) -> None:
        document = _with_null_types(_mended(json.loads(description.read_text(encoding="utf-8"))))
        self._components: dict[str, Any] = document["components"]
        self._operations: dict[str, dict[str, Any]] = document["paths"]
        templates = sorted(self._operations, key=lambda path: -len(re.sub(r"/\{\w+\}", "", path).split("/")))
        self._patterns = [(self._pattern(template), template) for template in templates]
        self._validators: dict[tuple[str, str, str], jsonschema_rs.Draft4Validator] = {}

    def request(self, method: str, url: str, query: Mapping[str, Any] | str | None = None, body: Any = None) -> str:
        """`url` is a path or a whole URL, with or without GHES' `/api/v3`; its own query is read where none is given.

        `body` is JSON, parsed or not (bytes, str), or None.
        """
        template = self.template(method, url)
        operation = self._operations[template][method.lower()]
        self._check_query(f"{method} {template}", operation, _pairs(query or urlsplit(url).query))
        body = _parsed(body)
        described = operation.get("requestBody")
        if body is None:
            if described and described.get("required"):
                raise ContractBroken(f"{method} {template}: a body is required and none was sent")
            return template
        if not described:
            raise ContractBroken(f"{method} {template}: takes no body, but was sent {_short(body)}")
        schema = described["content"]["application/json"]["schema"]
        self._validate(f"{method} {template}, request body", (method, template, "request"), schema, body)
        return template

    def response(self, method: str, url: str, status: int, body: Any = None) -> str:
        """5xx is never held against an answer; other errors must be documented ones and carry a `message`."""
        template = self.template(method, url)
        where = f"{method} {template}, answer {status}"
        if status >= 500:
            return template
        body = _parsed(body)
        responses = self._operations[template][method.lower()]["responses"]
        described = self._resolved(responses.get(str(status), {}))
        if str(status) not in responses and status not in _DOCUMENTED_ELSEWHERE:
            raise ContractBroken(f"{where}: the description knows only {', '.join(responses)}")
        schema = described.get("content", {}).get("application/json", {}).get("schema")
        if status >= 400:
            if not isinstance(body, dict) or not isinstance(body.get("message"), str):
                raise ContractBroken(f"{where}: an error is an object with a message, not {_short(body)}")
            return template
        if schema is None:
            if body is not None and str(status) in responses:
                raise ContractBroken(f"{where}: has no body, but was given {_short(body)}")
            return template
        self._validate(where, (method, template, str(status)), schema, body)
        return template

    def template(self, method: str, url: str) -> str:
        """The operation's path template. Raises ContractBroken where GitHub has no such operation."""
        path = unquote(urlsplit(url).path).removeprefix("/api/v3")
        for pattern, template in self._patterns:
            if pattern.fullmatch(path) and method.lower() in self._operations[template]:
                return template
        raise ContractBroken(f"{method} {path}: GitHub's description has no such operation (in the part kept here)")

    def _pattern(self, template: str) -> re.Pattern[str]:
        integers = {
            parameter["name"]
            for operation in self._operations[template].values()
            for parameter in self._parameters(operation, "path")
            if parameter["schema"].get("type") == "integer"
        }

        def segment(match: re.Match[str]) -> str:
            if match[1] in integers:
                return r"\d+"
            return ".+" if match[1] in _SPANS_SLASHES else "[^/]+"

        return re.compile(re.sub(r"\\\{(\w+)\\\}", segment, re.escape(template)))

    def _parameters(self, operation: dict[str, Any], place: str) -> Iterator[dict[str, Any]]:
        for parameter in map(self._resolved, operation.get("parameters", [])):
            if parameter["in"] == place:
                yield parameter

    def _check_query(self, where: str, operation: dict[str, Any], query: list[tuple[str, str]]) -> None:
        known = {parameter["name"]: parameter for parameter in self._parameters(operation, "query")}
        for name, value in query:
            if name not in known:
                raise ContractBroken(f"{where}: no query parameter {name}; it knows {', '.join(known) or 'none'}")
            schema = known[name]["schema"]
            if schema.get("type") == "integer" and not value.isdigit():
                raise ContractBroken(f"{where}: {name}={value} is no integer")
            if value not in map(str, schema.get("enum", [value])):
                raise ContractBroken(f"{where}: {name}={value} is none of {schema['enum']}")
            if name == "per_page" and not 1 <= int(value) <= 100:
                raise ContractBroken(f"{where}: per_page={value}; GitHub gives at most 100 a page")

    def _validate(self, where: str, key: tuple[str, str, str], schema: dict[str, Any], body: Any) -> None:
        if key not in self._validators:
            whole = {"components": self._components, "allOf": [schema]}
            self._validators[key] = jsonschema_rs.Draft4Validator(whole)
        for fault in self._validators[key].iter_errors(body):
            place = "/".join(map(str, fault.instance_path)) or "the body"
            raise ContractBroken(f"{where}: {place}: {_short(fault.message)}")
        for place in self._undocumented(schema, body, ""):
            raise ContractBroken(f"{where}: {place} is not documented")

    def _undocumented(self, schema: dict[str, Any], value: Any, place: str) -> Iterator[str]:
        """Paths of members that no branch of the schema names, where it names any."""
        branches = list(self._branches(schema))
        if isinstance(value, list):
            items = [branch["items"] for branch in branches if "items" in branch]
            for index, member in enumerate(value):
                if items:
                    yield from self._undocumented({"anyOf": items}, member, f"{place}/{index}")
        elif isinstance(value, dict):
            closed = [branch["properties"] for branch in branches if "properties" in branch]
            if not closed or any(isinstance(branch.get("additionalProperties"), dict) for branch in branches):
                return
            for name, member in value.items():
                described = [properties[name] for properties in closed if name in properties]
                if not described and name not in _YET_UNDOCUMENTED:
                    yield f"{place}/{name}"
                yield from self._undocumented({"anyOf": described}, member, f"{place}/{name}") if described else ()

    def _branches(self, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
        schema = self._resolved(schema)
        yield schema
        for combination in ("allOf", "anyOf", "oneOf"):
            for branch in schema.get(combination, []):
                yield from self._branches(branch)

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            _, _, kind, name = node["$ref"].split("/")
            node = self._components[kind][name]
        return node


@cache
def shared_spec() -> Spec:
    """One Spec for the whole test run."""
    return Spec()


def _mended(document: dict[str, Any]) -> dict[str, Any]:
    """The list of installations says that an account is a user *and* an enterprise; elsewhere it is one of the two.

    Taking a reaction back is described by GitHub, but not in the part kept here.
    """
    answer = document["paths"]["/app/installations"]["get"]["responses"]["200"]["content"]["application/json"]
    account = answer["schema"]["items"]["properties"]["account"]
    account["anyOf"] = account.pop("allOf")
    for kind in ("issues", "pulls"):
        comment = f"/repos/{{owner}}/{{repo}}/{kind}/comments/{{comment_id}}"
        taken_back = {"parameters": [*document["paths"][comment]["delete"]["parameters"], _REACTION_ID]}
        document["paths"][f"{comment}/reactions/{{reaction_id}}"] = {"delete": taken_back | {"responses": {"204": {}}}}
    return document


def _with_null_types(node: Any) -> Any:
    """OpenAPI 3.0 says `nullable`; JSON Schema says so by a type (and a null among the enum's values)."""
    if isinstance(node, list):
        return [_with_null_types(member) for member in node]
    if not isinstance(node, dict):
        return node
    plain = {key: _with_null_types(member) for key, member in node.items() if key != "nullable"}
    if node.get("nullable") is not True:
        return (
            plain
            if "nullable" not in node or isinstance(node["nullable"], bool)
            else plain | {"nullable": _with_null_types(node["nullable"])}
        )
    if isinstance(plain.get("type"), str) and "enum" not in plain:
        return plain | {"type": [plain["type"], "null"]}
    return {"anyOf": [plain, {"type": "null"}]}


def _pairs(query: Mapping[str, Any] | str) -> list[tuple[str, str]]:
    if isinstance(query, str):
        return parse_qsl(query, keep_blank_values=True)
    return [(name, str(value)) for name, value in query.items()]


def _parsed(body: Any) -> Any:
    if isinstance(body, bytes | str):
        return json.loads(body) if body else None
    return body


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 300 else f"{text[:300]}…"
