"""Texts for the tokenizers' golden files: what they are trained on, and 200 strings that they must agree on."""

import random

TRAINING = [
    "The quick brown fox jumps over the lazy dog. It wasn't there, they're late, and we'll see what I've done.",
    "Please write a short and formal answer to the question. What is the capital of France? Paris is the capital.",
    "def add(a, b):\n    return a + b\n\nprint(add(1, 2))  # 3\n",
    "In 2024, 1,234.56 people preferred the longer response; 78% of them would do so again.",
    "Größe, façade, naïve, Ångström, Łódź, señor. 你好,世界。こんにちは。Привет, мир. مرحبا بالعالم. שלום עולם",
] * 4

WRITTEN = [
    "", " ", "  ", "\n", "\n\n", "\t", "\r\n", " \n ", "a", " a", "a ", "Hello, world!", " Hello", "Hello  world", "hello\nworld",
    "hello\n\n\nworld", "line one\r\nline two\r\n", "\ttabbed\tcolumns\t", "trailing spaces   ", "   leading spaces",
    "I'm, you're, he's, she'll, we'd, they've, it isn't", "I'M SHOUTING, YOU'RE NOT, THEY'LL", "’curly’ “quotes” – dashes — …",
    "1234567890", "3.14159", "1,000,000", "0x1F", "12 34  56", "²³¹½", "٣٤٥ ४५६", "www.example.org/path?x=1&y=2#z",
    "someone@example.org", "C:\\folder\\file.txt", "a+b=c; d*e/f%g", "(((())))[]{}<>", "!!! ??? ...", "#hashtag @mention",
    "camelCaseWord snake_case_word SCREAMING_CASE", "def f(x):\n\treturn x**2\n", "{\"key\": [1, 2, null, true]}",
    "<html><body>&nbsp;</body></html>", "```python\nprint('hi')\n```", "| a | b |\n|---|---|\n", "- one\n- two\n  - three\n",
    "😀", "😀😀", "👍🏽", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇫🇷🇩🇪", "text 😂 in 🎉 between", "❤️", "☺", "©®™", "→ ⇒ ∀x∈ℝ: x²≥0", "𝕳𝖊𝖑𝖑𝖔", "𠜎𠜱",
    "שלום עולם", "مرحبا بالعالم", "שלום, world, مرحبا", "\u202bRTL override\u202c", "\u200fmark\u200e", "العربية ١٢٣ English",
    "e\u0301", "\u00e9", "n\u0303o\u0308", "Z\u0351\u0343\u036fa\u0334l\u0321g\u0322o\u0327", "\u1e9b\u0323", "\u212b", "\u0e01\u0e34\u0e19", "हिन्दी में", "தமிழ்", "한국어", "각", "\u1100\u1161\u11a8",
    "日本語のテキスト。", "中文字符测试", "ﬁ ligature ﬀ", "Ⅳ ⅷ", "ｆｕｌｌｗｉｄｔｈ", "\u00a0nbsp\u00a0", "thin\u2009space", "zero\u200bwidth", "\ufeffBOM", "soft\u00adhyphen",
    "line\u2028separator", "para\u2029graph", "next\u0085line", "\u3000ideographic", "\x00null", "\x01\x02\x7f", "\x1b[31mred\x1b[0m", "\ufffd", "\ue000private", "\U0010ffff",
    "straße STRASSE ß ẞ", "İstanbul ıI", "ǅ ǆ", "Ærøskøbing", "Việt Nam", "Đặng", "Ελληνικά ς", "Русский ё й", "українська ї", "ქართული", "Հայերեն", "አማርኛ", "ᏣᎳᎩ", "ᠮᠣᠩᠭᠣᠯ",
    "<|endoftext|>", "a <|endoftext|> b", "<|im_start|>user\nhi<|im_end|>", "<s>", "</s> text <s>", "<unk>", "<0x0A>", "[INST] x [/INST]", "<|not_special|>", "<| im_start |>",
    "▁", "▁▁a", "Ġ", "Ċ", "Ġhello", "▁hello world", "##ing", "'", "''", "' '", "'s", "x's", "X'S", "'ſ", "it’s", "don't can't won't", "\"'`´",
    "a" * 3000, "the " * 1500, "é" * 1000, "😀" * 500, " " * 600, "\n" * 300, "ab" * 1000, "1" * 700, "word\n" * 400, "שלום " * 300,
]


def drawn():
    """Strings of characters drawn from many scripts, with spaces and breaks between them."""
    rng = random.Random(5)
    ranges = [(0x20, 0x7E), (0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x4FF), (0x590, 0x6FF),
              (0x900, 0x97F), (0x1F300, 0x1F6FF), (0x4E00, 0x4F00), (0x2000, 0x206F), (0x9, 0xD)]
    while True:
        length = rng.randint(3, 60)
        yield "".join(chr(rng.randint(*rng.choice(ranges))) if rng.random() < 0.8 else " " for _ in range(length))


def texts():
    source = drawn()
    chosen = list(dict.fromkeys(WRITTEN))
    while len(chosen) < 200:
        chosen.append(next(source))
    return chosen[:200]


TEXTS = texts()
