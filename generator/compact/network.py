"""The network: MiniLM's token states, read by one query per unit of the face. Torch.

Tokens of the words (embeddings frozen, layers fine-tuned) carry sides, degrees and negations as
added features; 54 queries, started from what their muscles mean and tied between left and right,
attend to them. Each answers with a distribution over thirteen intensities, because a single
number would collapse to the median pose, which has the best error and says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
import torch.nn.functional as F  # noqa: N812  # as everyone calls it
from torch import Tensor, nn

from generator.compact import encoder, units
from generator.compact.features import SIZES
from generator.compact.tokens import TokenBatch
from generator.errors import DamagedModelError

GRID: Final[tuple[float, ...]] = (
    0.0, 0.07, 0.14, 0.21, 0.28, 0.35, 0.42, 0.5, 0.58, 0.68, 0.78, 0.9, 1.0,
)  # fmt: skip
"""The intensities a unit may answer; finer where the corpus's words are finer."""

_SEGMENTS = 2
_INPUT_STD, _MEMORY_STD = 0.03, 0.3  # features whisper to MiniLM, speak to the queries
_SILENT_BIAS = 3.0  # most units of most poses are 0


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network, kept on the card.

    Attributes:
        layers: How many of MiniLM's layers are used, from the bottom.
        width: Width of the queries.
        blocks: How often the queries read the text.
        heads: Attention heads of the queries.
    """

    layers: int = encoder.LAYER_COUNT
    width: int = 256
    blocks: int = 2
    heads: int = 8


class BertLayer(nn.Module):
    """One post-norm transformer layer, BERT's (arXiv 1810.04805), without its dropout."""

    def __init__(self) -> None:
        super().__init__()
        width = encoder.WIDTH
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.joined = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.norm_out = nn.LayerNorm(width, eps=1e-12)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return (n, t, 384) new states; mask is (n, 1, 1, t)."""
        query, key, value = (
            _heads(part(states), encoder.HEAD_COUNT) for part in (self.query, self.key, self.value)
        )
        mixed = _attend(query, key, value, mask)
        states = self.norm(states + self.joined(_merged(mixed)))
        out: Tensor = self.norm_out(states + self.down(F.gelu(self.up(states))))
        return out


class QueryBlock(nn.Module):
    """The unit queries read the tokens, then one another, then think."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_read = nn.LayerNorm(width)
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(encoder.WIDTH, 2 * width)
        self.read = nn.Linear(width, width)
        self.norm_share = nn.LayerNorm(width)
        self.share_in = nn.Linear(width, 3 * width)
        self.share_out = nn.Linear(width, width)
        self.norm_think = nn.LayerNorm(width)
        self.up = nn.Linear(width, 2 * width)
        self.down = nn.Linear(2 * width, width)

    def forward(self, queries: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        """Return (n, 54, width) new queries; memory is (n, t, 384), mask (n, 1, 1, t)."""
        asked = _heads(self.query(self.norm_read(queries)), self.heads)
        key, value = (_heads(p, self.heads) for p in self.key_value(memory).chunk(2, -1))
        mixed = _attend(asked, key, value, mask)
        queries = queries + self.read(_merged(mixed))
        parts = self.share_in(self.norm_share(queries)).chunk(3, -1)
        mixed = _attend(*(_heads(p, self.heads) for p in parts))
        queries = queries + self.share_out(_merged(mixed))
        out: Tensor = queries + self.down(F.gelu(self.up(self.norm_think(queries))))
        return out


class FaceReader(nn.Module):
    """Token batch -> (n, 54, 13) logits over the intensities of `GRID`."""

    unit_stem: Tensor
    unit_side: Tensor
    feature_offset: Tensor
    meanings: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        rows = sum(SIZES) + _SEGMENTS
        self.words = nn.Embedding(30522, encoder.WIDTH, padding_idx=0)
        self.positions = nn.Embedding(512, encoder.WIDTH)
        self.token_types = nn.Embedding(2, encoder.WIDTH)
        self.norm_in = nn.LayerNorm(encoder.WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(BertLayer() for _ in range(shape.layers))
        self.input_features = nn.Parameter(torch.randn(rows, encoder.WIDTH) * _INPUT_STD)
        self.memory_features = nn.Parameter(torch.randn(rows, encoder.WIDTH) * _MEMORY_STD)
        self.norm_memory = nn.LayerNorm(encoder.WIDTH)
        stems = len(units.STEMS)
        self.stem_queries = nn.Parameter(torch.randn(stems, shape.width) * 0.02)
        self.side_queries = nn.Parameter(torch.randn(3, shape.width) * 0.1)
        self.meaning_in = nn.Linear(encoder.WIDTH, shape.width, bias=False)
        self.blocks = nn.ModuleList(
            QueryBlock(shape.width, shape.heads) for _ in range(shape.blocks)
        )
        self.norm_out = nn.LayerNorm(shape.width)
        self.answer = nn.Parameter(torch.randn(stems, shape.width, len(GRID)) * 0.02)
        self.answer_bias = nn.Parameter(torch.zeros(stems, len(GRID)))
        with torch.no_grad():
            self.answer_bias[:, 0] = _SILENT_BIAS
        self.register_buffer("meanings", torch.zeros(stems, encoder.WIDTH))
        self.register_tables()

    def register_tables(self) -> None:
        """Make the constant tables; again after a network was made without memory."""
        named = [units.stem_and_side(name) for name in units.UNITS]
        offsets = [sum(SIZES[:index]) for index in range(len(SIZES) + 1)]
        tables = {
            "unit_stem": torch.tensor([units.STEMS.index(stem) for stem, _ in named]),
            "unit_side": torch.tensor([side for _, side in named]),
            "feature_offset": torch.tensor(offsets),
        }
        for name, table in tables.items():
            self.register_buffer(name, table, persistent=False)

    def forward(
        self,
        ids: Tensor,
        mask: Tensor,
        features: Tensor,
        segments: Tensor,
        noise: tuple[Tensor, Tensor] | None = None,
    ) -> Tensor:
        """Return (n, 54, 13) float32 logits.

        Args:
            ids: (n, t) token ids.
            mask: (n, t) bool, True where there is a token.
            features: (n, t, 6) word features.
            segments: (n, t) 0 text, 1 context.
            noise: In training, factors on the memory (n, 1, 384) and the answers (n, 1, width);
                drawn by the caller, so that a run is repeatable whatever the threads do.
        """
        marks = torch.cat([features, segments[..., None]], -1) + self.feature_offset
        hot = torch.zeros(*ids.shape, len(self.input_features)).scatter_(-1, marks, 1.0)
        room = mask[:, None, None, :]
        kind = self.norm_out.weight.dtype  # bfloat16 after `halve`
        states = (self.embed(ids, segments) + hot @ self.input_features).to(kind)
        for layer in self.layers:
            states = layer(states, room)
        memory = self.norm_memory(states.float() + hot @ self.memory_features)
        if noise is not None:
            memory = memory * noise[0]
        memory = memory.to(kind)
        queries = (self.stem_queries + self.meaning_in(self.meanings))[self.unit_stem]
        queries = (queries + self.side_queries[self.unit_side]).expand(len(ids), -1, -1).to(kind)
        for block in self.blocks:
            queries = block(queries, memory, room)
        answers = self.norm_out(queries).float()
        if noise is not None:
            answers = answers * noise[1]
        with torch.autocast("cpu", enabled=False):
            logits = torch.einsum("nuw,uwk->nuk", answers, self.answer[self.unit_stem])
            return logits + self.answer_bias[self.unit_stem]

    def halve(self) -> None:
        """Compute attention and layers in bfloat16 from now on: twice as fast where it is native.

        Probabilities move by 0.0002 on average.
        """
        for part in (self.layers, self.blocks, self.norm_out):
            part.to(torch.bfloat16)

    def embed(self, ids: Tensor, segments: Tensor) -> Tensor:
        """Return (n, t, 384) MiniLM input states."""
        places = torch.arange(ids.shape[1])
        total = self.words(ids) + self.positions(places) + self.token_types(segments)
        out: Tensor = self.norm_in(total)
        return out

    @torch.no_grad()
    def encode_meanings(self, batch: TokenBatch) -> None:
        """Start the queries from MiniLM's mean token states of `units.MEANINGS`, in that order."""
        ids, mask = torch.from_numpy(batch.ids), torch.from_numpy(batch.mask)
        states = self.embed(ids, torch.zeros_like(ids))
        for layer in self.layers:
            states = layer(states, mask[:, None, None, :])
        weights = mask[..., None].float()
        mean = (states * weights).sum(1) / weights.sum(1)
        self.meanings.copy_(F.normalize(mean, dim=-1) * 5.0)  # 5: about a query's own size


_TOP = {
    "embeddings.word_embeddings.weight": "words.weight",
    "embeddings.position_embeddings.weight": "positions.weight",
    "embeddings.token_type_embeddings.weight": "token_types.weight",
    "embeddings.LayerNorm.weight": "norm_in.weight",
    "embeddings.LayerNorm.bias": "norm_in.bias",
}
_LAYER_PARTS = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "joined",
    "attention.output.LayerNorm": "norm",
    "intermediate.dense": "up",
    "output.dense": "down",
    "output.LayerNorm": "norm_out",
}
FROZEN: Final[tuple[str, ...]] = ("words.", "positions.", "token_types.", "norm_in.")
"""Prefixes of what stays MiniLM's and is not shipped again."""


def from_minilm(tensors: dict[str, Tensor], layers: int) -> dict[str, Tensor]:
    """Return MiniLM's tensors under this network's names, the first `layers` layers of them."""
    renamed = {new: tensors[old] for old, new in _TOP.items()}
    for key, tensor in tensors.items():
        head, _, rest = key.removeprefix("encoder.layer.").partition(".")
        if not key.startswith("encoder.layer.") or int(head) >= layers:
            continue
        part, _, leaf = rest.rpartition(".")
        renamed[f"layers.{head}.{_LAYER_PARTS[part]}.{leaf}"] = tensor
    return renamed


def load_network(shape: dict[str, int], weights: Path, source: Path) -> FaceReader:
    """Return the network of shipped weights over the encoder's embeddings, ready to answer.

    Args:
        shape: `Shape` as the card has it.
        weights: Safetensors file, already checked.
        source: The encoder's folder; checked here.

    Raises:
        DamagedModelError: The encoder is another one, or the tensors do not fit the shape.
    """
    from safetensors.torch import load_file

    with torch.device("meta"):  # nothing is drawn at random only to be overwritten
        network = FaceReader(Shape(**shape))
    network.register_tables()
    state = {name: tensor.float() for name, tensor in load_file(str(weights)).items()}
    state |= from_minilm(encoder.read_tensors(source, layers=False), 0)
    try:
        network.load_state_dict(state, assign=True)
    except RuntimeError as exc:
        raise DamagedModelError(f"{weights} does not fit its card: {exc}") from exc
    if torch.ops.mkldnn._is_mkldnn_bf16_supported():  # noqa: SLF001  # there is no public way
        network.halve()
    return network.eval().requires_grad_(requires_grad=False)


def tensors_of(batch: TokenBatch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the network's four arguments."""
    arrays = (batch.ids, batch.mask, batch.features, batch.segments)
    ids, mask, features, segments = map(torch.from_numpy, arrays)
    return ids, mask, features, segments


def _heads(states: Tensor, heads: int) -> Tensor:
    return states.view(states.shape[0], states.shape[1], heads, -1).transpose(1, 2)


def _attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None) -> Tensor:
    """Plain attention: on short rows twice as fast to train on a CPU as the fused kernel."""
    scores = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -1e4)
    mixed: Tensor = scores.softmax(-1).to(value.dtype) @ value
    return mixed


def _merged(states: Tensor) -> Tensor:
    return states.transpose(1, 2).flatten(2)
