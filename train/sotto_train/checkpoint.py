"""Everything a run needs to go on, in one file that is either the old one or the new one, never half of each."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file

from .model import ModelConfig, Transformer


def save_checkpoint(path: Path, model: Transformer, optimizers: Sequence[torch.optim.Optimizer], step: int) -> None:
    """`step`: the steps done, so also the first one to do. No random state: nothing in a step draws numbers."""
    state = {
        "model_config": asdict(model.config),
        "model": model.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
        "step": step,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


def load_checkpoint(
    path: Path, model: Transformer, optimizers: Sequence[torch.optim.Optimizer], device: torch.device
) -> int:
    """Returns the steps done."""
    state = torch.load(path, map_location=device, weights_only=True)
    if state["model_config"] != asdict(model.config):
        raise ValueError(f"{path} is of another shape: {state['model_config']}")
    model.load_state_dict(state["model"])
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    return state["step"]


def load_model(path: Path, device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32) -> Transformer:
    """The model alone, for export and measures."""
    state = torch.load(path, map_location=device, weights_only=True)
    model = Transformer(ModelConfig(**state["model_config"]), dtype).to(device)
    model.load_state_dict(state["model"])
    return model.eval()


def load_exported(folder: Path, model: Transformer) -> None:
    """The weights of a folder that `export` or `ship` wrote, into a model of its shape."""
    gguf = json.loads((folder / "sotto.json").read_text(encoding="utf-8")).get("gguf")
    if gguf is None:
        tensors = load_file(folder / "model.safetensors")
    else:
        from .read_gguf import read_gguf  # the GPU's machine has no gguf

        _, tensors = read_gguf(folder / gguf, model.config.context)
    model.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
