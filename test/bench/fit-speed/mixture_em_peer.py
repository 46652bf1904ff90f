"""A straightforward EM for mixtures of Plackett-Luce models in NumPy: what one writes without a package.

mixture_em_peer.py FOLDER TASK, where FOLDER holds options (i32, rankings x places), annotators (i32, by ranking) and
perhaps rewards (f64, types x items: the one start), and TASK is JSON: items, places, types (a list), starts, tolerance.
Soft posteriors by annotator; one minorise-maximise update of the strengths in each iteration (Hunter 2004). It stops
when an iteration gains less than the tolerance per annotator.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

folder, task = Path(sys.argv[1]), json.loads(sys.argv[2])
options = np.fromfile(folder / "options", np.int32).reshape(-1, task["places"])
annotator = np.fromfile(folder / "annotators", np.int32)
annotators = annotator.max() + 1
items = task["items"]
chosen = options[:, :-1].ravel()
LEAST = 1e-12  # an item that nobody of a type chooses keeps a strength above nought


def em(strength):
    types = len(strength)
    shares = np.full(types, 1 / types)
    before, iterations = -np.inf, 0
    while True:
        e = strength[:, options]
        left = np.cumsum(e[:, :, ::-1], axis=2)[:, :, :0:-1]
        value = np.log(e[:, :, :-1] / left).sum(axis=2)
        a = np.stack([np.bincount(annotator, each, annotators) for each in value]) + np.log(shares)[:, None]
        largest = a.max(axis=0)
        gamma = np.exp(a - largest)
        total = gamma.sum(axis=0)
        gamma /= total
        now = np.sum(largest + np.log(total))
        if now - before < task["tolerance"] * annotators:
            return float(now), iterations
        before, iterations = now, iterations + 1
        shares = gamma.mean(axis=1)
        pull = np.cumsum(1 / left, axis=2)
        pull = np.concatenate([pull, pull[:, :, -1:]], axis=2)
        for k in range(types):
            weight = gamma[k, annotator]
            wins = np.bincount(chosen, np.repeat(weight, task["places"] - 1), items)
            pulled = np.bincount(options.ravel(), (weight[:, None] * pull[k]).ravel(), items)
            strength[k] = np.maximum(wins / np.maximum(pulled, LEAST), LEAST)
            strength[k] /= strength[k].mean()


def starts(types):
    if (folder / "rewards").exists():
        yield np.fromfile(folder / "rewards", np.float64).reshape(types, items)
        return
    random = np.random.default_rng(1)
    for _ in range(task["starts"] if types > 1 else 1):
        yield random.normal(size=(types, items))


used, began = time.process_time(), time.perf_counter()
fits = [[em(np.exp(rewards)) for rewards in starts(types)] for types in task["types"]]
print(
    json.dumps(
        {
            "seconds": time.perf_counter() - began,
            "processor": time.process_time() - used,
            "iterations": sum(iterations for each in fits for _, iterations in each),
            "logLikelihood": [max(value for value, _ in each) for each in fits],
        }
    )
)
