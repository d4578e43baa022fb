"""The bytes of a table as lines of text: whether it is text, its encoding, its line ends."""

import codecs

from schemas.problems import Problem


def windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 as Windows-1252 has them."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("windows-1252", windows_1252)


def no_text(data: bytes, file: str, expected: list[str]) -> Problem | None:
    """Why a file cannot be read at all: it is empty, in UTF-16 with or without its mark, or binary.

    A NUL in a table that begins with its header is the problem of one cell.
    """
    if not data:
        return Problem.of("empty-file", file, 1)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or any(data[:64][i::2].count(0) > 8 for i in (0, 1)):
        return Problem.of("encoding", file, 1, message="the file is UTF-16, not UTF-8")
    if b"\0" in data[:8192] and not data.startswith(tuple(name.encode() for name in expected)):
        return Problem.of("binary", file, data[: data.index(b"\0")].count(b"\n") + 1)
    return None


def physical_lines(data: bytes, file: str, expected: list[str], problems: list[Problem]) -> list[str]:
    """The lines of a file without their ends, after its encoding and line ends were looked at."""
    if problem := no_text(data, file, expected):
        problems.append(problem)
        return []
    if data.startswith(b"\xef\xbb\xbf"):
        problems.append(Problem.of("byte-order-mark", file, 1))
        data = data[3:]
    if b"\r" in data and b"\n" not in data:
        problems.append(Problem.of("line-ends", file, 1, message="every line ends in CR"))
        data = data.replace(b"\r", b"\n")
    lines = data.decode("utf-8", "windows-1252").split("\n")
    written = zip(lines, data.split(b"\n"), strict=True)
    if wrong := [i for i, (line, raw) in enumerate(written) if line.encode() != raw]:
        more = f" and in {len(wrong) - 1} lines below" if len(wrong) > 1 else ""
        message = f"what stands here{more} is not UTF-8; it looks like Latin-1"
        problems.append(Problem.of("encoding", file, wrong[0] + 1, None, lines[wrong[0]], message))
    if lines[-1] == "":
        lines.pop()
    else:
        problems.append(Problem.of("last-line", file, len(lines)))
    ends = [i for i, line in enumerate(lines) if line.endswith("\r")]
    if len(ends) == len(lines) > 1:
        problems.append(Problem.of("line-ends", file, 1, message="every line ends in CR LF"))
    else:
        problems.extend(Problem.of("line-ends", file, i + 1, message="the line ends in CR LF") for i in ends)
    return [line.removesuffix("\r") for line in lines]
