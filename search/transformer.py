"""The arithmetic of a BERT model for one text, which the general library takes half as long again for.

A text alone needs no padding, no mask and no choice between kinds of models. What comes out is what the
library gives, up to rounding; whoever uses it makes sure of that (see `search.encoder`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from search.vectors import Vectors

WORDS, PLACES, KINDS = (f"embeddings.{name}_embeddings.weight" for name in ("word", "position", "token_type"))


@dataclass(frozen=True)
class Linear:
    """Weight and bias of a matrix product."""

    weight: Tensor
    bias: Tensor

    @classmethod
    def of(cls, weights: Mapping[str, Tensor], *names: str) -> Linear:
        """That of a name, or those of several names as one."""
        import torch

        parts = [[weights[f"{name}.{kind}"] for name in names] for kind in ("weight", "bias")]
        return cls(*(torch.cat(part) for part in parts))

    def __call__(self, states: Tensor) -> Tensor:
        """The product."""
        from torch.nn.functional import linear

        return linear(states, self.weight, self.bias)

    def norm(self, states: Tensor, epsilon: float) -> Tensor:
        """The states normalised, where these are the parameters of a normalisation."""
        from torch.nn.functional import layer_norm

        return layer_norm(states, self.weight.shape, self.weight, self.bias, epsilon)


@dataclass(frozen=True)
class Layer:
    """One layer: attention, then two products with a GELU between them."""

    attention: Linear
    attended: Linear
    attended_norm: Linear
    inner: Linear
    outer: Linear
    norm: Linear

    @classmethod
    def of(cls, weights: Mapping[str, Tensor], number: int) -> Layer:
        """The layer of that number."""
        names = ("attention.output.dense", "attention.output.LayerNorm", "intermediate.dense", "output.dense")
        layer = f"encoder.layer.{number}"
        three = (f"{layer}.attention.self.{name}" for name in ("query", "key", "value"))
        others = (Linear.of(weights, f"{layer}.{name}") for name in (*names, "output.LayerNorm"))
        return cls(Linear.of(weights, *three), *others)

    def __call__(self, states: Tensor, heads: int, epsilon: float) -> Tensor:
        """The states of the words after this layer."""
        from torch.nn.functional import gelu, scaled_dot_product_attention

        count, width = states.shape
        query, key, value = self.attention(states).view(1, count, 3, heads, -1).permute(2, 0, 3, 1, 4)
        mixed = scaled_dot_product_attention(query, key, value).transpose(1, 2).reshape(count, width)
        states = self.attended_norm.norm(self.attended(mixed) + states, epsilon)
        return self.norm.norm(self.outer(gelu(self.inner(states))) + states, epsilon)


class Bert:
    """A model of that kind, with the mean of its last states as the vector of a text; thread-safe."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401 `BertModel` of transformers, not known here
        """Share the weights of a model. Raises KeyError where they are not those of a BERT model."""
        weights = {name: value.detach() for name, value in model.state_dict().items()}
        self._words = weights[WORDS]
        self._places = weights[PLACES] + weights[KINDS][0]
        self._norm = Linear.of(weights, "embeddings.LayerNorm")
        self._layers = [Layer.of(weights, number) for number in range(model.config.num_hidden_layers)]
        self._heads = int(model.config.num_attention_heads)
        self._epsilon = float(model.config.layer_norm_eps)

    def vector(self, words: Sequence[int]) -> Vectors:
        """The unit vector of a text, given the numbers of its words in the vocabulary."""
        import torch

        with torch.inference_mode():
            states = self._words[torch.tensor(words)] + self._places[: len(words)]
            states = self._norm.norm(states, self._epsilon)
            for layer in self._layers:
                states = layer(states, self._heads, self._epsilon)
            vector: Vectors = torch.nn.functional.normalize(states.mean(0), dim=0).numpy()
        return vector
