"""One process or several under torchrun: who this one is, and how they agree."""

import os

import torch
import torch.distributed as dist
from torch import Tensor


class Processes:
    """`rank` of `world`. With one process everything here is free of torch.distributed."""

    def __init__(self, device: str) -> None:
        self.world = int(os.environ.get("WORLD_SIZE", "1"))
        self.rank = int(os.environ.get("RANK", "0"))
        self.device = torch.device(device)
        if self.world == 1:
            return
        if self.device.type == "cuda":
            self.device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
            torch.cuda.set_device(self.device)
        dist.init_process_group("nccl" if self.device.type == "cuda" else "gloo")

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    def sum(self, tensor: Tensor) -> Tensor:
        """Over all processes, in place."""
        if self.world > 1:
            dist.all_reduce(tensor)
        return tensor

    def agree(self, value: bool) -> bool:
        """The first process's answer, on all of them: clocks differ, and none may stop alone."""
        if self.world == 1:
            return value
        flag = torch.tensor([float(value)], device=self.device)
        dist.broadcast(flag, src=0)
        return bool(flag.item())

    def leave(self) -> None:
        """Together: the first process still measures and saves when the others are done, and gloo aborts alone."""
        if self.world > 1:
            dist.barrier()
            dist.destroy_process_group()
