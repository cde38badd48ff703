"""Losses of metric learning: what makes pictures of one artifact lie close and those of others apart."""

import torch
from torch import Tensor, nn


class ArcFace(nn.Module):
    """Additive angular margin softmax (Deng et al. 2019) over the training artifacts."""

    def __init__(self, dimension: int, artifacts: int, scale: float = 30.0, margin: float = 0.3) -> None:
        super().__init__()
        self.prototypes = nn.Parameter(nn.functional.normalize(torch.randn(artifacts, dimension), dim=1))
        self.scale, self.margin = scale, margin

    def forward(self, embeddings: Tensor, artifacts: Tensor) -> Tensor:
        """Mean loss of (n, dimension) unit vectors and the (n,) numbers of their artifacts."""
        cosines = embeddings @ nn.functional.normalize(self.prototypes, dim=1).T
        own = cosines.gather(1, artifacts[:, None]).clamp(-1 + 1e-6, 1 - 1e-6)
        angle = torch.acos(own)
        # Beyond pi the cosine would rise again; there the margin is taken off linearly.
        with_margin = torch.where(
            angle + self.margin < torch.pi, torch.cos(angle + self.margin), own - self.margin
        )
        return nn.functional.cross_entropy(
            self.scale * cosines.scatter(1, artifacts[:, None], with_margin), artifacts
        )

    @torch.no_grad()
    def start_from(self, embeddings: Tensor, artifacts: Tensor) -> None:
        """Set each prototype to the mean of its artifact's embeddings."""
        sums = torch.zeros_like(self.prototypes).index_add_(0, artifacts, embeddings)
        self.prototypes.copy_(nn.functional.normalize(sums, dim=1))


class SupervisedContrastive(nn.Module):
    """Supervised contrastive loss (Khosla et al. 2020), L_out, within a batch."""

    def __init__(self, temperature: float = 0.1) -> None:
        super().__init__()
        self.temperature = temperature

    def forward(self, embeddings: Tensor, artifacts: Tensor) -> Tensor:
        """Mean over the pictures that have another of their artifact in the batch; 0 where none has."""
        logits = embeddings @ embeddings.T / self.temperature
        itself = torch.eye(len(logits), dtype=torch.bool, device=logits.device)
        log_share = logits - torch.logsumexp(logits.masked_fill(itself, -torch.inf), dim=1, keepdim=True)
        same = (artifacts[:, None] == artifacts[None, :]) & ~itself
        count = same.sum(dim=1)
        losses = -(log_share.masked_fill(~same, 0.0).sum(dim=1) / count.clamp(min=1))
        return losses[count > 0].mean() if bool((count > 0).any()) else losses.sum() * 0.0
