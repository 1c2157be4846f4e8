"""Every rule's page as JSON, for who must not load the rules: `python -m bot.rules.pages_as_json`."""

import json

from bot.rules.pages import explain
from bot.rules.registry import all_rules
from bot.syntax import language_named


def pages_as_json() -> str:
    """A list, ordered by name: `name`, `severity`, `languages` (as people write them) and the Markdown `page`."""
    pages = [
        {
            "name": rule.name,
            "severity": rule.severity.value,
            "languages": [language_named(language).title for language in rule.languages],
            "page": explain(rule.name),
        }
        for rule in sorted(all_rules(), key=lambda rule: rule.name)
    ]
    return json.dumps(pages, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    print(pages_as_json())
