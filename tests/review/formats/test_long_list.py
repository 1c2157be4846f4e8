import json

from hypothesis import given
from hypothesis import strategies as st

from bot.review.formats.long_list import filled

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.dictionaries(TEXTS, TEXTS | st.floats(allow_nan=False) | st.lists(TEXTS))), TEXTS)
def test_it_is_what_the_whole_would_be_at_once(items, quoted):
    frame = {"quoted": quoted, "deep": {"list": [], "other": []}, "end": '\n    "list": []'}
    whole = frame | {"deep": {"list": items, "other": []}}
    each = (json.dumps(item, indent=2) for item in items)
    assert "".join(filled(json.dumps(frame, indent=2), "list", 2, each)) == json.dumps(whole, indent=2)
