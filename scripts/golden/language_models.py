"""Writes test/golden/language-models: tiny random models of each supported family as transformers saves them, and what
torch, transformers and peft compute with them. The versions go into each golden.json.

Run: python3 scripts/golden/language_models.py   (torch 2.15.0, transformers 5.23.0, peft 0.21.2, tokenizers)

Each folder holds a checkpoint (config.json, model.safetensors in f32 or sharded bf16, tokenizer.json, …), a LoRA adapter
on all linear maps in PEFT's layout (adapter/) and golden.json:
  logits           of the first sequence, [length, vocabulary]
  records          prompt and responses as token ids (each response ended), and log p(response | prompt) of the base and of
                   the base with the adapter
  loss, gradients  Plackett-Luce DPO loss over the records' rankings (best first), beta 0.1, reference = base, and its
                   gradient by the adapter's tensors
Tokenizers are byte-level BPE (GPT-2's kind) and metaspace BPE with byte fallback (Llama's kind), trained here on a few
sentences; tokens.json holds 200 strings with their ids, the text they decode to, and prompts through the chat template.
"""

import json
import pathlib
import shutil

import peft
import tokenizers
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import GPT2Config, LlamaConfig, MistralConfig, PreTrainedTokenizerFast, Qwen2Config

from golden_texts import TEXTS, TRAINING

OUT = pathlib.Path(__file__).parents[2] / "test" / "golden" / "language-models"
BETA = 0.1
VERSIONS = {p.__name__: p.__version__ for p in (torch, transformers, peft, tokenizers)}

CHATML = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\nYou are a helpful assistant<|im_end|>\n' }}{% endif %}"
    "{{'<|im_start|>' + message['role'] + '\n' + message['content'] | trim + '<|im_end|>' + '\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def byte_level(special, prefix=None):
    """GPT-2's kind; with a split before it, Llama 3's and Qwen2's kind."""
    tok = Tokenizer(models.BPE())
    level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=prefix is None)
    if prefix:
        split = pre_tokenizers.Split(tokenizers.Regex(prefix), "isolated")
        tok.normalizer = normalizers.NFC()
        tok.pre_tokenizer = pre_tokenizers.Sequence([split, level])
    else:
        tok.pre_tokenizer = level
    tok.decoder = decoders.ByteLevel()
    tok.post_processor = processors.ByteLevel(trim_offsets=False)
    tok.train_from_iterator(TRAINING, trainers.BpeTrainer(
        vocab_size=360, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    return tok


def metaspace():
    """Llama 2's and Mistral's kind: spaces as ▁, unknown characters as bytes."""
    tok = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    tok.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)]
    tok.train_from_iterator(TRAINING, trainers.BpeTrainer(vocab_size=400, special_tokens=special, show_progress=False))
    data = json.loads(tok.to_str())
    # the bytes are ordinary tokens, as in Llama's own file: text that spells <0x0A> is text
    data["added_tokens"] = [t for t in data["added_tokens"] if not t["content"].startswith("<0x")]
    tok = Tokenizer.from_str(json.dumps(data))
    tok.decoder = decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tok.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)])
    return tok


QWEN_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def gpt2_tokenizer():
    return PreTrainedTokenizerFast(
        tokenizer_object=byte_level(["<|endoftext|>"]), bos_token="<|endoftext|>", eos_token="<|endoftext|>",
        unk_token="<|endoftext|>")


def smollm_tokenizer():
    tok = PreTrainedTokenizerFast(
        tokenizer_object=byte_level(["<|endoftext|>", "<|im_start|>", "<|im_end|>"], QWEN_SPLIT),
        bos_token="<|im_start|>", eos_token="<|im_end|>", pad_token="<|im_end|>")
    tok.chat_template = CHATML
    return tok


def mistral_tokenizer():
    tok = PreTrainedTokenizerFast(
        tokenizer_object=metaspace(), bos_token="<s>", eos_token="</s>", unk_token="<unk>")
    tok.chat_template = (
        "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}"
        "{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}"
        "{{ ' ' + message['content'] + eos_token }}{% else %}"
        "{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{% endfor %}")
    return tok


def sizes(tok, **more):
    return dict(vocab_size=len(tok), bos_token_id=tok.bos_token_id, eos_token_id=tok.eos_token_id,
                initializer_range=0.2, **more)


def llama_sizes(tok, **more):
    return sizes(tok, hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
                 max_position_embeddings=256, **more)


MODELS = {
    "gpt2": (gpt2_tokenizer, lambda t: GPT2Config(**sizes(t, n_embd=24, n_layer=2, n_head=3, n_positions=128)), {}),
    "llama": (smollm_tokenizer, lambda t: LlamaConfig(**llama_sizes(
        t, num_key_value_heads=2, tie_word_embeddings=False, rope_parameters=dict(
            rope_type="llama3", rope_theta=10000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
            original_max_position_embeddings=64))), {}),
    "smollm": (smollm_tokenizer, lambda t: LlamaConfig(**llama_sizes(
        t, num_key_value_heads=1, tie_word_embeddings=True, rope_parameters=dict(
            rope_type="linear", rope_theta=10000.0, factor=2.0))), dict(dtype=torch.bfloat16, max_shard_size="20KB")),
    "qwen2": (smollm_tokenizer, lambda t: Qwen2Config(**llama_sizes(
        t, num_key_value_heads=2, tie_word_embeddings=True, use_sliding_window=False)), {}),
    "mistral": (mistral_tokenizer, lambda t: MistralConfig(**llama_sizes(
        t, num_key_value_heads=2, sliding_window=9, head_dim=8)), dict(dtype=torch.float16)),
}


def token_records(tok, seed):
    """Three records of 3, 2 and 4 responses in order of preference; lengths differ, one response is a single token."""
    rng = torch.Generator().manual_seed(seed)
    draw = lambda n: torch.randint(3, len(tok), (n,), generator=rng).tolist()
    shapes = [(9, [7, 12, 3]), (4, [1, 15]), (14, [5, 5, 9, 2])]
    return [dict(prompt=draw(p), responses=[draw(n - 1) + [tok.eos_token_id] for n in ns]) for p, ns in shapes]


def log_probabilities(model, records):
    """log p(response | prompt), each sequence alone in its own forward pass."""
    out = []
    for record in records:
        row = []
        for response in record["responses"]:
            ids = torch.tensor([record["prompt"] + response])
            logp = model(input_ids=ids).logits[0, :-1].log_softmax(-1)
            taken = logp.gather(1, ids[0, 1:, None])[:, 0]
            row.append(taken[len(record["prompt"]) - 1:].sum())
        out.append(torch.stack(row))
    return out


def plackett_luce_dpo(policy, reference):
    """Mean over records of −Σ_j [ r_j − logsumexp_{i≥j} r_i ], r = β (log π − log π_ref), best first."""
    losses = []
    for p, q in zip(policy, reference):
        r = BETA * (p - q)
        losses.append(-sum(r[j] - torch.logsumexp(r[j:], 0) for j in range(len(r) - 1)))
    return torch.stack(losses).mean()


def numbers(tensor, digits=7):
    return [float(f"{v:.{digits}g}") for v in tensor.detach().double().flatten().tolist()]


def model_golden(name, folder, tok):
    # what is compared is what the saved file holds, after its rounding to bf16 or f16
    base = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    records = token_records(tok, seed=len(name))
    with torch.no_grad():
        sequence = records[0]["prompt"] + records[0]["responses"][1]
        logits = base(input_ids=torch.tensor([sequence])).logits[0]
        reference = log_probabilities(base, records)
    lora = peft.get_peft_model(base, peft.LoraConfig(
        task_type="CAUSAL_LM", r=2, lora_alpha=5, lora_dropout=0.0, target_modules="all-linear")).eval()
    rng = torch.Generator().manual_seed(7)
    adapter = {n: p for n, p in lora.named_parameters() if p.requires_grad}
    with torch.no_grad():
        for parameter in adapter.values():
            parameter.copy_(torch.randn(parameter.shape, generator=rng) * 0.1)
    policy = log_probabilities(lora, records)
    loss = plackett_luce_dpo(policy, reference)
    loss.backward()
    lora.save_pretrained(folder / "adapter")
    (folder / "adapter" / "README.md").unlink(missing_ok=True)
    settings = json.loads((folder / "adapter" / "adapter_config.json").read_text())
    # neither this machine's folders nor the order of a set
    settings.update(base_model_name_or_path="..", target_modules=sorted(settings["target_modules"]))
    (folder / "adapter" / "adapter_config.json").write_text(json.dumps(settings, indent=2) + "\n")
    short = lambda n: n.removeprefix("base_model.model.").replace(".default", "")
    return dict(
        versions=VERSIONS, sequence=sequence, logits=numbers(logits), beta=BETA, scaling=2.5,
        records=[dict(r, reference=numbers(q), policy=numbers(p)) for r, q, p in zip(records, reference, policy)],
        loss=float(loss.detach()), gradients={short(n): numbers(p.grad) for n, p in adapter.items()})


def token_golden(tok):
    rows = []
    for text in TEXTS:
        ids = tok.encode(text, add_special_tokens=False)
        row = dict(text=text, ids=ids, decoded=tok.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False))
        if tok.chat_template:
            row["prompt"] = tok.apply_chat_template(
                [dict(role="user", content=text)], add_generation_prompt=True, return_dict=False)
        else:
            row["prompt"] = tok.encode(text, add_special_tokens=True)
        rows.append(row)
    return dict(versions=VERSIONS, texts=rows)


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def main():
    torch.use_deterministic_algorithms(True)
    tokens_of = {"gpt2": "gpt2", "llama": "chatml", "mistral": "metaspace"}
    for index, (name, (make_tokenizer, make_config, saved)) in enumerate(MODELS.items()):
        folder = OUT / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        tok = make_tokenizer()
        torch.manual_seed(index)
        model = transformers.AutoModelForCausalLM.from_config(make_config(tok))
        with torch.no_grad():  # gains and biases other than 1 and 0, or their use would not be seen
            for parameter in model.parameters():
                if parameter.dim() == 1:
                    parameter.add_(torch.randn_like(parameter) * 0.2)
        model.to(saved.get("dtype", torch.float32)).save_pretrained(
            folder, max_shard_size=saved.get("max_shard_size", "1GB"))
        tok.save_pretrained(folder)
        write(folder / "golden.json", model_golden(name, folder, tok))
        if name in tokens_of:
            write(folder / "tokens.json", token_golden(tok))
        print(name, sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) // 1024, "KiB", sorted(f.name for f in folder.rglob("*")))


if __name__ == "__main__":
    main()
