"""The lines of the values of a JSON text."""

import pytest

from scripts.checking.descriptor import DuplicateNameError, lines_of

SURROGATE = r'"\ud83d\ude00"'  # valid in JSON, not in YAML


@pytest.mark.parametrize(("text", "lines"), [
    ('{"a": 1,\n "b": [{},\n  null]}', {(): 1, ("a",): 1, ("b",): 2, ("b", 0): 2, ("b", 1): 3}),
    ('{\n\t"a":\t1\n}', {(): 1, ("a",): 2}),
    ('[\n"\\u00e9\\/", "a: b, &c *d #"]', {(): 1, (0,): 2, (1,): 2}),
    (f'[\n{SURROGATE}]', {(): 1}),
])  # fmt: skip
def test_each_value_has_its_line(text, lines):
    assert lines_of(text) == lines


@pytest.mark.parametrize(("text", "line"), [
    ('{"a": 1,\n"\\u0061": 2}', 2),
    (f'{{"a": {SURROGATE},\n"a": 2}}', 1),
])  # fmt: skip
def test_a_name_that_stands_twice_is_found(text, line):
    with pytest.raises(DuplicateNameError) as raised:
        lines_of(text)
    assert (raised.value.name, raised.value.line) == ("a", line)
