"""The transformer: LLaMA's shape, optionally with Qwen3's normalisation of queries and keys. Knows ids, never text.

Parameters have the names of Hugging Face checkpoints, so that an export is a copy. Weights stay float32; the residual
stream and the products run in `dtype` (bfloat16 on a GPU). Casting once at the embedding, rather than under autocast,
keeps the stream itself in bfloat16: at width 512 a step is bound by memory traffic, not by arithmetic.
"""

import math
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint


@dataclass(frozen=True)
class ModelConfig:
    vocab_size: int = 16_384
    layers: int = 12
    width: int = 512
    heads: int = 8
    kv_heads: int = 2
    feed_forward: int = 1408
    context: int = 1024
    rope_theta: float = 10_000.0
    norm_eps: float = 1e-5
    qk_norm: bool = False  # per-head RMSNorm of queries and keys, as Qwen3: steadies training at high rates

    @property
    def head_dim(self) -> int:
        return self.width // self.heads


PRESETS = {
    "tiny": ModelConfig(vocab_size=2048, layers=2, width=64, heads=4, kv_heads=2, feed_forward=160, context=256),
    "6.5m": ModelConfig(vocab_size=8192, layers=6, width=256, heads=4, kv_heads=2, feed_forward=704, context=384),
    "46m": ModelConfig(),
    "80m": ModelConfig(layers=16, width=640, heads=10, kv_heads=2, feed_forward=1760),
    # SmolLM2's, for a run that starts from its weights (`base`).
    "smollm2-135m": ModelConfig(
        vocab_size=12_288,
        layers=30,
        width=576,
        heads=9,
        kv_heads=3,
        feed_forward=1536,
        context=512,
        rope_theta=100_000.0,
    ),
}


def preset(name: str, **changes: object) -> ModelConfig:
    """A named shape, with fields changed."""
    return replace(PRESETS[name], **changes)


class Linear(nn.Linear):
    """No bias; the float32 weight is cast to the input's type."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight.to(x.dtype))


class RMSNorm(nn.Module):
    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        wide = x.float()
        wide = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self.eps)
        return (wide * self.weight).to(x.dtype)


@dataclass
class LayerCache:
    """Keys and values of one layer, (B, H_kv, capacity, D); each sequence is filled to its own length."""

    keys: Tensor
    values: Tensor


class Attention(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        d = config.head_dim
        self.q_proj = Linear(config.width, config.heads * d)
        self.k_proj = Linear(config.width, config.kv_heads * d)
        self.v_proj = Linear(config.width, config.kv_heads * d)
        self.o_proj = Linear(config.heads * d, config.width)
        if config.qk_norm:
            self.q_norm = RMSNorm(d, config.norm_eps)
            self.k_norm = RMSNorm(d, config.norm_eps)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor], cache: LayerCache | None, at: Tensor | None) -> Tensor:
        c = self.config
        b, t, _ = x.shape
        q = self.q_proj(x).view(b, t, c.heads, c.head_dim)
        k = self.k_proj(x).view(b, t, c.kv_heads, c.head_dim)
        v = self.v_proj(x).view(b, t, c.kv_heads, c.head_dim).transpose(1, 2)  # (B, H_kv, T, D)
        if c.qk_norm:
            q, k = self.q_norm(q), self.k_norm(k)
        q, k = rotate(q, *turn).transpose(1, 2), rotate(k, *turn).transpose(1, 2)  # (B, H, T, D)
        if cache is None and torch.is_grad_enabled() and not x.is_cuda:
            y = attend(q, k, v)
        elif cache is None:
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        else:
            keys, values = cached(cache, k, v, at)
            visible = torch.arange(keys.shape[2], device=x.device) <= at[:, None, :, None]  # (B, 1, T, capacity)
            y = F.scaled_dot_product_attention(q, keys, values, attn_mask=visible, enable_gqa=True)
        return self.o_proj(y.transpose(1, 2).reshape(b, t, c.heads * c.head_dim))


def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Causal attention in plain products: on a CPU half the time of the fused kernel's forward and backward.

    q (B, H, T, D), k and v (B, H_kv, T, D); the heads that share keys are multiplied as one.
    """
    b, h, t, d = q.shape
    kv = k.shape[1]
    scores = torch.matmul(q.reshape(b, kv, h // kv * t, d) / math.sqrt(d), k.transpose(-1, -2))
    hidden = torch.full((t, t), -torch.inf, dtype=q.dtype, device=q.device).triu(1)
    shares = torch.softmax(scores.view(b, kv, h // kv, t, t) + hidden, -1)
    return torch.matmul(shares.view(b, kv, h // kv * t, t), v).view(b, h, t, d)


def cached(cache: LayerCache, k: Tensor, v: Tensor, at: Tensor) -> tuple[Tensor, Tensor]:
    """Writes the new rows at positions `at` (B, T) and returns all of the cache."""
    index = at[:, None, :, None].expand_as(k)
    return cache.keys.scatter_(2, index, k), cache.values.scatter_(2, index, v)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turns the pairs (i, i + D/2) of each head. x (B, T, H, D); cos, sin (T or B x T, 1, D/2), float32."""
    a, b = x.float().chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1).to(x.dtype)


class FeedForward(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate_proj = Linear(config.width, config.feed_forward)
        self.up_proj = Linear(config.width, config.feed_forward)
        self.down_proj = Linear(config.feed_forward, config.width)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Block(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.input_layernorm = RMSNorm(config.width, config.norm_eps)
        self.self_attn = Attention(config)
        self.post_attention_layernorm = RMSNorm(config.width, config.norm_eps)
        self.mlp = FeedForward(config)

    def forward(
        self, x: Tensor, turn: tuple[Tensor, Tensor], cache: LayerCache | None = None, at: Tensor | None = None
    ) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x), turn, cache, at)
        return x + self.mlp(self.post_attention_layernorm(x))


class Backbone(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.width)
        self.layers = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = RMSNorm(config.width, config.norm_eps)


class Transformer(nn.Module):
    """The embedding table is the output matrix too."""

    def __init__(self, config: ModelConfig, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.config = config
        self.dtype = dtype
        self.frozen = 0  # lower layers that `freeze` keeps as they are
        self.trains_lookup = True  # whether gradients go through them to the table
        self.model = Backbone(config)
        # float64 until the cosine, then float32, as the TypeScript tables are; (T, 1, D/2)
        steps = torch.arange(0, config.head_dim, 2, dtype=torch.float64) / config.head_dim
        angles = torch.outer(torch.arange(config.context, dtype=torch.float64), config.rope_theta**-steps)
        self.register_buffer("cos", angles.cos().float()[:, None], persistent=False)
        self.register_buffer("sin", angles.sin().float()[:, None], persistent=False)
        # What the output matrix is rounded to in the quantisation-aware phase; the lookup stays exact, as it does
        # in the extension's graph.
        self.register_buffer("rounded_head", None, persistent=False)

    @torch.no_grad()
    def initialise(self, seed: int) -> None:
        """Normal with std 1/sqrt(inputs); the matrices that write to the stream start at zero."""
        generator = torch.Generator().manual_seed(seed)
        for name, parameter in self.named_parameters():
            if parameter.dim() != 2:
                continue
            if name.endswith(("o_proj.weight", "down_proj.weight")):
                parameter.zero_()
            else:
                std = 0.02 if "embed" in name else 1 / math.sqrt(parameter.shape[1])
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * std)

    def hidden(self, ids: Tensor, cache: list[LayerCache] | None = None, at: Tensor | None = None) -> Tensor:
        """ids (B, T) to the normed stream (B, T, width). With a cache, `at` (B, T) are the positions."""
        turn = (self.cos[: ids.shape[1]], self.sin[: ids.shape[1]]) if at is None else (self.cos[at], self.sin[at])
        with torch.set_grad_enabled(torch.is_grad_enabled() and (self.frozen == 0 or self.trains_lookup)):
            x = self.model.embed_tokens(ids).to(self.dtype)
        for index, layer in enumerate(self.model.layers):
            is_trained = index >= self.frozen or self.trains_lookup
            with torch.set_grad_enabled(torch.is_grad_enabled() and is_trained):
                x = layer(x, turn, cache[index] if cache else None, at)
        return self.model.norm(x)

    def head(self, x: Tensor) -> Tensor:
        """(..., width) to logits (..., V), in the stream's type."""
        weight = self.model.embed_tokens.weight
        if self.rounded_head is not None:
            weight = weight + (self.rounded_head - weight).detach()
        return F.linear(x, weight.to(x.dtype))

    def logits(self, ids: Tensor) -> Tensor:
        """(B, T) to (B, T, V), float32."""
        return self.head(self.hidden(ids)).float()

    def forward(self, ids: Tensor, targets: Tensor, chunks: int = 1) -> Tensor:
        """Negative log-likelihood in nats of each target, (B, T), float32.

        The logits of a whole micro-batch are its largest tensor by far (64 windows: 2 GB in bfloat16). With `chunks`
        above 1 they are computed in so many parts, and again in the backward pass.
        """
        x = self.hidden(ids)
        if chunks == 1:
            return self.token_losses(x, targets)
        parts = zip(x.chunk(chunks), targets.chunk(chunks), strict=True)
        return torch.cat([checkpoint(self.token_losses, part, to, use_reentrant=False) for part, to in parts])

    def token_losses(self, x: Tensor, targets: Tensor) -> Tensor:
        logits = self.head(x).float()
        return F.cross_entropy(logits.flatten(0, -2), targets.flatten(), reduction="none").view(targets.shape)

    def freeze(self, layers: int, trains_lookup: bool = True) -> None:
        """The lowest layers stay as they are. Without `trains_lookup` they run without gradients, a third cheaper, and
        the table is trained as output alone: then the marks' rows must have been trained before."""
        self.frozen = layers
        self.trains_lookup = trains_lookup
        for layer in self.model.layers[:layers]:
            layer.requires_grad_(False)

    def compile_parts(self) -> None:
        """Compiles what repeats: one graph serves all layers, so it takes seconds instead of a minute."""
        for layer in self.model.layers:
            layer.compile(dynamic=False)
        self.model.norm.compile(dynamic=False)
        self.token_losses = torch.compile(self.token_losses, dynamic=False)

    def parameter_count(self) -> int:
        return sum(parameter.numel() for parameter in self.parameters())
