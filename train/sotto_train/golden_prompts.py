"""Prompts with what the model makes of them: ids, logits and greedy continuations, for the tests of the extension."""

import torch

from .generate import continue_greedily
from .model import Transformer
from .prompt import prompt_ids
from .tokenizer import Tokenizer

SHOWN_LOGITS = 32
GREEDY = 24

# (path, prefix, suffix), the same as sotto-starter's; the suffix begins at the end of the cursor's line.
PROMPTS = (
    (
        "src/sum.ts",
        "export function sum(values: number[]): number {\n  let total = 0;\n  for (const value of values) {\n    ",
        "\n  }\n  return total;\n}\n",
    ),
    (
        "src/users.ts",
        "interface User {\n  id: number;\n  name: string;\n}\n\n"
        "export function findUser(users: User[], id: number): User | undefined {\n  return users.fi",
        ";\n}\n",
    ),
    (
        "app/stats.py",
        'def mean(values):\n    """Average of a list of numbers."""\n    if not values:\n        raise ValueError(',
        "\n    return sum(values) / len(values)\n",
    ),
    (
        "lib/queue.js",
        "class Queue {\n  constructor() {\n    this.items = [];\n  }\n\n  push(item) {\n    ",
        "\n  }\n\n  pop() {\n    return this.items.shift();\n  }\n}\n",
    ),
    (
        "app/main.py",
        "import os\nimport json\n\n\ndef load(path):\n    with open(path) as f:\n        return ",
        '\n\n\ndef save(path, data):\n    with open(path, "w") as f:\n        json.dump(data, f)\n',
    ),
)


@torch.no_grad()
def golden_prompts(model: Transformer, tokenizer: Tokenizer) -> list[dict[str, object]]:
    """In the format of models/sotto-starter/golden.json; logits after the prompt's last id."""
    golden = []
    for number, (path, prefix, suffix) in enumerate(PROMPTS):
        ids = prompt_ids(tokenizer, path, prefix, suffix)
        logits = model.logits(torch.tensor([ids]))[0, -1]  # (V,)
        top = logits.topk(5)
        golden.append(
            {
                "id": str(number),
                "path": path,
                "prefix": prefix,
                "suffix": suffix,
                "ids": ids,
                "firstLogits": [round(value, 4) for value in logits[:SHOWN_LOGITS].tolist()],
                "top5": [[id_, round(value, 4)] for value, id_ in zip(*(part.tolist() for part in top), strict=True)],
                "greedy": continue_greedily(model, [ids], GREEDY)[0],
            }
        )
    return golden
