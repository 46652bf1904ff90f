"""Value and gradient of a log-linear Plackett-Luce likelihood of rankings of three, in PyTorch or NumPy.

peer.py FOLDER LIBRARY RANKINGS DIMENSIONS THREADS; then a line of input says how many times.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

folder, library, rankings, dimensions, threads = Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:6])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(threads)

import numpy as np  # noqa: E402  (reads the number of threads)

features = np.fromfile(folder / "features", np.float32).reshape(3 * rankings, dimensions)
theta = np.fromfile(folder / "theta", np.float64).astype(np.float32)
weight = np.fromfile(folder / "weight", np.float64).astype(np.float32)


def numpy_steps():
    def step():
        u = (features @ theta).reshape(rankings, 3)
        e = np.exp(u)
        rest = e[:, 1] + e[:, 2]
        everything = rest + e[:, 0]
        value = np.sum((u[:, 0] + u[:, 1] - np.log(everything * rest)) * weight, dtype=np.float64)
        first = weight / everything
        both = first + weight / rest
        g = np.empty_like(u)
        g[:, 0] = weight - e[:, 0] * first
        g[:, 1] = weight - e[:, 1] * both
        g[:, 2] = -e[:, 2] * both
        return value.item(), features.T @ g.reshape(-1)

    return f"NumPy {np.__version__}", {"numpy": step}


def torch_steps():
    import torch

    torch.set_num_threads(threads)
    x, w = torch.from_numpy(features), torch.from_numpy(weight)
    t = torch.from_numpy(theta).requires_grad_(True)

    def autograd():
        t.grad = None
        a, b, c = (x @ t).view(rankings, 3).unbind(1)
        rest = torch.logaddexp(b, c)
        value = ((a - torch.logaddexp(a, rest) + b - rest) * w).double().sum()
        value.backward()
        return value.item(), t.grad.numpy()

    @torch.no_grad()
    def closed():
        u = (x @ t).view(rankings, 3)
        e = torch.exp(u)
        rest = e[:, 1] + e[:, 2]
        everything = rest + e[:, 0]
        value = ((u[:, 0] + u[:, 1] - torch.log(everything * rest)) * w).double().sum()
        first = w / everything
        both = first + w / rest
        g = torch.empty_like(u)
        g[:, 0] = w - e[:, 0] * first
        g[:, 1] = w - e[:, 1] * both
        g[:, 2] = -e[:, 2] * both
        return value.item(), (x.t() @ g.view(-1)).numpy()

    return f"PyTorch {torch.__version__}", {"autograd": autograd, "closed": closed}


title, steps = numpy_steps() if library == "numpy" else torch_steps()
step = steps[library]
print(json.dumps({"ready": title}), flush=True)
for line in sys.stdin:
    measured = {"seconds": [], "processor": [], "losses": []}
    for _ in range(int(line)):
        used, began = time.process_time(), time.perf_counter()
        value, gradient = step()
        measured["seconds"].append(time.perf_counter() - began)
        measured["processor"].append(time.process_time() - used)
        measured["losses"].append(value)
    measured["losses"] += [float(g) for g in gradient]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps(measured | {"kilobytes": peak}), flush=True)
