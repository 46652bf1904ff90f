"""Writes fisher-designs.json: the standard normal features of the reference table's designs, as numpy draws them.

400 designs a format, numpy.random.default_rng(1): for each design, for each record, m × 2 features.
Run: python3 test/golden/fisher_designs.py   (numpy 1.17 or newer; the version goes into the file)
"""
import json
import pathlib
import numpy as np

FORMATS = [
    ("1 pair", 2, 1),
    ("best of 3", 3, 1),
    ("ranking of 3", 3, 1),
    ("2 pairs", 2, 2),
    ("3 pairs", 2, 3),
    ("8 pairs", 2, 8),
]

def designs(m, records):
    rng = np.random.default_rng(1)
    return [[rng.normal(size=(m, 2)).round(6).tolist() for _ in range(records)] for _ in range(400)]

out = {
    "numpy": np.__version__,
    "formats": [{"name": name, "designs": designs(m, records)} for name, m, records in FORMATS],
}
path = pathlib.Path(__file__).with_name("fisher-designs.json")
path.write_text(json.dumps(out, separators=(",", ":")) + "\n")
print(path, path.stat().st_size)
