"""One process that takes the recorded training steps in PyTorch.

python peer.py FOLDER packed|padded cpu|cuda
Answers each line of standard input, a number of steps, with a line of JSON.

`packed` has the same rows as ours: responses of one prompt share it. `padded` is the usual layout: every response with
its prompt in a row of its own, padded to the longest of the batch.
"""

import json
import struct
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn


def read_safetensors(path):
    data = bytearray(Path(path).read_bytes())
    (length,) = struct.unpack("<Q", data[:8])
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name == "__metadata__":
            continue
        begin, end = (8 + length + at for at in entry["data_offsets"])
        dtype = {"F32": torch.float32, "I32": torch.int32}[entry["dtype"]]
        tensors[name] = torch.frombuffer(data[begin:end], dtype=dtype).reshape(entry["shape"])
    return tensors


class LoraLinear(nn.Linear):
    """As in PEFT, without dropout."""

    def __init__(self, inputs, outputs, rank, scaling):
        super().__init__(inputs, outputs, bias=False)
        self.weight.requires_grad_(False)
        self.lora_A = nn.Linear(inputs, rank, bias=False)
        self.lora_B = nn.Linear(rank, outputs, bias=False)
        self.scaling = scaling

    def forward(self, x):
        return super().forward(x) + self.lora_B(self.lora_A(x)) * self.scaling


def linear(spec, inputs, outputs):
    if spec["train"] == "lora":
        return LoraLinear(inputs, outputs, spec["rank"], spec["scaling"])
    return nn.Linear(inputs, outputs, bias=False)


def rotate(x, cos, sin):
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-second, first), dim=-1) * sin


class Attention(nn.Module):
    def __init__(self, spec):
        super().__init__()
        c = spec["config"]
        self.size = c["headSize"]
        self.q_proj = linear(spec, c["hidden"], c["heads"] * self.size)
        self.k_proj = linear(spec, c["hidden"], c["keyValueHeads"] * self.size)
        self.v_proj = linear(spec, c["hidden"], c["keyValueHeads"] * self.size)
        self.o_proj = linear(spec, c["heads"] * self.size, c["hidden"])

    def forward(self, x, cos, sin, mask):
        rows, length, _ = x.shape
        heads = lambda y: y.view(rows, length, -1, self.size).transpose(1, 2)
        q = rotate(heads(self.q_proj(x)), cos, sin)
        k = rotate(heads(self.k_proj(x)), cos, sin)
        v = heads(self.v_proj(x))
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=mask is None)
        return self.o_proj(mixed.transpose(1, 2).reshape(rows, length, -1))


class FeedForward(nn.Module):
    def __init__(self, spec):
        super().__init__()
        c = spec["config"]
        self.gate_proj = linear(spec, c["hidden"], c["intermediate"])
        self.up_proj = linear(spec, c["hidden"], c["intermediate"])
        self.down_proj = linear(spec, c["intermediate"], c["hidden"])

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, spec):
        super().__init__()
        c = spec["config"]
        self.input_layernorm = nn.RMSNorm(c["hidden"], eps=c["normEpsilon"])
        self.self_attn = Attention(spec)
        self.post_attention_layernorm = nn.RMSNorm(c["hidden"], eps=c["normEpsilon"])
        self.mlp = FeedForward(spec)

    def forward(self, x, cos, sin, mask):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    def __init__(self, spec):
        super().__init__()
        c = spec["config"]
        self.embed_tokens = nn.Embedding(c["vocabulary"], c["hidden"])
        self.layers = nn.ModuleList([Layer(spec) for _ in range(c["layers"])])
        self.norm = nn.RMSNorm(c["hidden"], eps=c["normEpsilon"])
        at = torch.arange(0, c["headSize"], 2) / c["headSize"]
        self.register_buffer("frequency", c["theta"] ** -at, persistent=False)

    def forward(self, tokens, position, mask):
        angles = (position.unsqueeze(-1) * self.frequency).repeat(1, 1, 2).unsqueeze(1)
        cos, sin = angles.cos(), angles.sin()
        x = self.embed_tokens(tokens)
        for layer in self.layers:
            x = layer(x, cos, sin, mask)
        return x


class LanguageModel(nn.Module):
    """Llama with a tied head, under the names of transformers."""

    def __init__(self, spec):
        super().__init__()
        self.model = Decoder(spec)

    def forward(self, batch):
        """log π of every response. Only what predicts a response's token goes through the head."""
        x = self.model(batch["tokens"], batch["position"], batch["mask"])
        x = self.model.norm(x.flatten(0, 1)[batch["predictor"]])
        logits = F.linear(x, self.model.embed_tokens.weight)
        by_token = -F.cross_entropy(logits, batch["target"], reduction="none")
        return by_token.new_zeros(batch["slots"]).index_add(0, batch["slot"], by_token)


def packed(t):
    """The rows as they were recorded."""
    block, segment, position = t["batch.block"], t["batch.segment"], t["batch.position"]
    of, to = (lambda x: x.unsqueeze(2)), (lambda x: x.unsqueeze(1))
    seen = (of(block) == to(block)) & (to(position) <= of(position))
    seen &= (of(segment) == to(segment)) | (to(segment) == 0)
    return {"tokens": t["batch.tokens"], "position": position, "mask": seen.unsqueeze(1)} | scored(t)


def scored(t):
    used = t["batch.slot"] >= 0
    return {name: t[f"batch.{name}"][used].long() for name in ("predictor", "target", "slot")}


def padded(t):
    """Every response with its prompt in a row of its own; causal attention never sees what follows."""
    s = scored(t)
    tokens, block, segment = (t[f"batch.{name}"] for name in ("tokens", "block", "segment"))
    length = tokens.shape[1]
    rows, predictor, target, slots = [], [], [], []
    for slot in range(int(s["slot"].max()) + 1):
        own = s["slot"] == slot
        before, after = s["predictor"][own], s["target"][own]
        row, column = divmod(int(before[0]), length)
        prompt = tokens[row][(block[row] == block[row, column]) & (segment[row] == 0)]
        rows.append(torch.cat((prompt, after.int())))
        predictor.append(len(prompt) - 1 + torch.arange(len(before)))
        target.append(after)
        slots.append(torch.full_like(after, slot))
    width = max(len(row) for row in rows)
    return {
        "tokens": torch.stack([F.pad(row, (0, width - len(row))) for row in rows]),
        "position": torch.arange(width).expand(len(rows), width),
        "mask": None,
        "predictor": torch.cat([at + i * width for i, at in enumerate(predictor)]),
        "target": torch.cat(target),
        "slot": torch.cat(slots),
    }


def rankings(t):
    """Orders, best first; the recorded rankings have no ties."""
    assert t["ways"].shape[1] == 1 and not bool(t["prior"].any())
    names = ("order", "offered", "stage", "weight")
    return {name: t[name].long() if name == "order" else t[name] for name in names}


def loss_of(log_probabilities, batch, beta):
    """Plackett-Luce DPO, weighted as recorded."""
    rewards = beta * (log_probabilities - batch["reference"])
    r = rewards[batch["order"]].view_as(batch["offered"]) + batch["offered"]
    left = torch.logcumsumexp(r.flip(1), dim=1).flip(1)
    likelihood = (batch["stage"] * (r - left)).sum(1)
    return -(batch["weight"] * likelihood).sum()


def peak_kilobytes():
    try:
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0])
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main():
    folder, layout, device = Path(sys.argv[1]), sys.argv[2], torch.device(sys.argv[3])
    spec = json.loads((folder / "spec.json").read_text())
    torch.set_num_threads(spec["threads"])
    model = LanguageModel(spec)
    model.load_state_dict(read_safetensors(folder / "model.safetensors"))
    if spec["train"] == "lora":
        for name, parameter in model.named_parameters():
            parameter.requires_grad_("lora_" in name)
    model.to(device)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        trained, lr=spec["learningRate"], weight_decay=spec["weightDecay"], fused=True
    )

    batches = []
    for step in range(spec["steps"]):
        t = read_safetensors(folder / f"{step}.safetensors")
        batch = {"packed": packed, "padded": padded}[layout](t) | rankings(t)
        batch = {k: v if v is None else v.to(device) for k, v in batch.items()} | {"slots": len(t["reference"])}
        with torch.no_grad():
            batch["reference"] = model(batch)
        batches.append(batch)

    def wait():
        if device.type == "cuda":
            torch.cuda.synchronize()

    def take(batch):
        loss = loss_of(model(batch), batch, spec["beta"])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(trained, spec["clip"])
        optimiser.step()
        return loss.item() / batch["weight"].sum().item()

    print(json.dumps({"ready": f"PyTorch {torch.__version__}"}), flush=True)
    done = 0
    for line in sys.stdin:
        measured = {"seconds": [], "processor": [], "losses": []}
        for batch in batches[done : done + int(line)]:
            wait()
            used, began = time.process_time(), time.perf_counter()
            measured["losses"].append(take(batch))
            wait()
            measured["seconds"].append(time.perf_counter() - began)
            measured["processor"].append(time.process_time() - used)
            done += 1
        print(json.dumps(measured | {"kilobytes": peak_kilobytes()}), flush=True)


main()
