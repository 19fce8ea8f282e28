"""Texts that a server must accept like any other, though careless code may not."""

from __future__ import annotations

PLAIN = ("Hi! Just following up on your inquiry.", "Olá, tudo bem? Até amanhã!", "a", "0", "null", "true", "{}", "[]")
"""Ordinary texts."""

HOSTILE = (
    "", " ", "   \t  ", "\n", "\r\n", "line one\nline two\r\nline three\ttab", " before and after ", "\u00a0",
    "\u200b", "\u2028\u2029", "\ufeff", "\0", "a\0b", "\x01\x02\x1b[31m\x7f", "\x85", "\ufffd", "\uffff",
    "\U0010ffff", "é", "e\u0301", "ñandú", "ß", "ﬃ", "Ω", "Привет", "שלום", "مرحبا بالعالم", "हिन्दी", "ไทย", "中文",
    "日本語", "한국어", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "😀", "👩‍👩‍👧‍👦", "🇧🇷", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "𐍈", "𠮷", "\U000e0001", "\U0001f44d\U0001f3fd",
    "\u202eevil\u202c", "\u2066abc\u2069", "Z̸̢̛̘a̷̢l̷g̷o̷", "'", '"', "\\", "`", "''", '"""', "\\\\", "\\n",
    "\\u0041", "\\ud800", "$", "%", "%s%n%d", "%00", "%0a", "{0}", "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>",
    "'; DROP TABLE messages; --", "' OR '1'='1", '{"$gt": ""}', "<b>bold</b>", "<script>alert(1)</script>",
    "&amp; &lt; &#0;", "<!--", "]]>", "<?xml version='1.0'?>", "*bold* _italic_ ~struck~ ```code```", "/command",
    "@everyone", "https://example.com/?a=b&c=d", "../../etc/passwd", "$(reboot)", "| ls", "=1+1", "-1", "1e400",
    "undefined", "NaN", "Infinity", "None", "false", "constructor", "__proto__",
)  # fmt: skip
"""Texts of many scripts and directions, and texts with a meaning to a parser, a database, a template or a shell."""

LENGTHS = (
    2, 63, 64, 65, 100, 127, 128, 129, 159, 160, 161, 254, 255, 256, 257, 300, 500, 511, 512, 513, 1000, 1001, 1023,
    1024, 1025, 2000, 2048, 2049, 4000, 4095, 4096, 4097, 5000, 8192, 10000, 16384, 16385, 32767, 32768, 65535,
    65536, 65537, 100000,
)  # fmt: skip
"""Lengths at which buffers and database columns end, in characters."""


def long(length: int) -> str:
    """A text of a length in characters, some of which take two bytes."""
    return ("Olá! " * (length // 5 + 1))[:length]
