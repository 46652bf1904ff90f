"""Loads what the tool exported and prints what transformers and peft compute with it, as JSON.

Run: python3 scripts/golden/check_export.py REQUESTS.json   (last run with torch 2.15.0, transformers 5.23.0, peft 0.21.2)

REQUESTS.json: a list of {"base": folder, or null for the one that the adapter names, "adapter": folder or null,
"records": [{"prompt": [ids], "responses": [[ids], …]}], "texts": [strings]}. Prints a list of {"logProbabilities": [[…], …], "prompts": [[ids], …]}: log p(response | prompt) of
every response, and the tokens of each text as a user's message.
"""

import json
import sys

import peft
import torch
import transformers


def main():
    transformers.logging.set_verbosity_error()
    with open(sys.argv[1], encoding="utf-8") as file:
        requests = json.load(file)
    print(json.dumps([answer(request) for request in requests]))


def answer(request):
    kind = {"dtype": torch.float32, "attn_implementation": "eager"}
    if request["base"] is None:
        model = peft.AutoPeftModelForCausalLM.from_pretrained(request["adapter"], **kind)
    else:
        model = transformers.AutoModelForCausalLM.from_pretrained(request["base"], **kind)
        if request["adapter"]:
            model = peft.PeftModel.from_pretrained(model, request["adapter"])
    model.eval()
    rows = []
    for record in request["records"]:
        row = []
        for response in record["responses"]:
            ids = torch.tensor([record["prompt"] + response])
            with torch.no_grad():
                logp = model(input_ids=ids).logits[0, :-1].double().log_softmax(-1)
            taken = logp.gather(1, ids[0, 1:, None])[:, 0]
            row.append(float(taken[len(record["prompt"]) - 1:].sum()))
        rows.append(row)
    prompts = []
    if request["texts"]:
        tokenizer = transformers.AutoTokenizer.from_pretrained(request["base"])
        prompts = [
            tokenizer.apply_chat_template([{"role": "user", "content": text}], add_generation_prompt=True, return_dict=False)
            for text in request["texts"]]
    return {"logProbabilities": rows, "prompts": prompts}


if __name__ == "__main__":
    main()
