"""Greedy texts of the tiny models in language-models/, by transformers' own cache, with and without the adapter.

Writes language-models/generation.json: {versions, texts: [{model, adapter, prompt: [ids], tokens: [ids]}]}.
Ran with the versions that the file records.

    python test/golden/language_model_generation.py
"""
import json
import pathlib

import peft
import torch
import transformers

here = pathlib.Path(__file__).parent / "language-models"
LENGTH = 70
PROMPTS = [[1, 5, 9, 2, 7], list(range(3, 40))]

texts = []
for folder in sorted(p for p in here.iterdir() if (p / "config.json").exists()):
    base = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    for adapter in [False, True]:
        if adapter and not (folder / "adapter").exists():
            continue
        model = peft.PeftModel.from_pretrained(base, folder / "adapter").eval() if adapter else base
        for prompt in PROMPTS:
            room = min(LENGTH, base.config.max_position_embeddings - len(prompt))
            ids = torch.tensor([prompt])
            with torch.no_grad():
                out = model.generate(
                    input_ids=ids,
                    attention_mask=torch.ones_like(ids),
                    do_sample=False,
                    max_new_tokens=room,
                    eos_token_id=None,
                    pad_token_id=0,
                )
            texts.append(
                {"model": folder.name, "adapter": adapter, "prompt": prompt, "tokens": out[0, len(prompt) :].tolist()}
            )

versions = {m.__name__: m.__version__ for m in (torch, transformers, peft)}
(here / "generation.json").write_text(json.dumps({"versions": versions, "texts": texts}) + "\n")
print(versions, len(texts), "texts")
