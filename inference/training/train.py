"""Training: data -> network -> losses -> fit -> validate -> checkpoint, one spine for every run.

Every batch is drawn from the run's seed and the step's number alone, so a run that was killed and resumed
sees what an uninterrupted one would have seen.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import torch
from torch import Tensor, nn

from inference.manifest import Preprocessing
from inference.preprocessing import Pixels, fitted
from inference.training.adversary import attacked
from inference.training.augmentation import Augmentation, photographed
from inference.training.experiment import Experiment, refuse_other_pictures, save_run
from inference.training.losses import ArcFace, SupervisedContrastive
from inference.training.metrics import ranked, recall_at
from inference.training.network import Backbone, EmbeddingNet, whitening_of
from inference.training.pictures import PicturesError, Shot, fingerprint, one_each, read_labels, split

CHECKPOINT: Final = "checkpoint.pt"
BEST: Final = "best.pt"
KEEP_EVERY: Final = 25
"""Steps after which the state is written, beside validations."""

Tell = Callable[[int, dict[str, float]], None]
"""Takes the step's number and its figures."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to."""

    folder: Path
    steps: int
    """Steps made before it ended or stopped early."""
    recall: float
    """Best recall@1 on artifacts that were held out."""
    train: tuple[Shot, ...]
    held_out: tuple[Shot, ...]


class Gallery:
    """Pictures held in memory by artifact, and batches drawn from them."""

    def __init__(
        self, shots: Sequence[Shot], experiment: Experiment, prepare: Callable[[Pixels], Pixels] = lambda p: p
    ) -> None:
        """``prepare`` is done to each picture once, before it is kept."""
        self._experiment = experiment
        self.names = sorted({shot.artifact for shot in shots})
        numbers = {name: number for number, name in enumerate(self.names)}
        self._pictures: list[list[Pixels]] = [[] for _ in self.names]
        for shot in shots:
            self._pictures[numbers[shot.artifact]].append(prepare(shot.pixels()))

    def batch(self, number: int) -> tuple[Tensor, Tensor]:
        """Batch ``number``: pictures (n, size, size, 3) and their artifacts' numbers (n,)."""
        schedule, size = self._experiment.schedule, self._experiment.learned_with.size
        draw = np.random.default_rng([self._experiment.seed, number])
        chosen = draw.choice(
            len(self.names), schedule.artifacts, replace=schedule.artifacts > len(self.names)
        )
        augmentation = Augmentation(self._experiment.augmentation)
        pictures = [
            photographed(own[int(draw.integers(len(own)))], size, draw, augmentation)
            for own in (self._pictures[artifact] for artifact in chosen)
            for _ in range(schedule.pictures)
        ]
        return torch.from_numpy(np.stack(pictures)), torch.from_numpy(np.repeat(chosen, schedule.pictures))


def gather(experiment: Experiment, tell: Callable[[str], None] = lambda _: None) -> list[Shot]:
    """All pictures that the run may see; generated ones are rendered where they are missing."""
    sources = experiment.pictures
    shots = [shot for labels in sources.photos for shot in read_labels(labels)]
    if sources.generated:
        from inference.training.rendered import generated_views

        folder = sources.folder / f"generated-{sources.generated}-{sources.views}-{sources.size}"
        shots += generated_views(folder, sources.generated, sources.views, sources.size, tell)
    return shots


def train(experiment: Experiment, shots: Sequence[Shot], folder: Path, tell: Tell) -> Outcome:
    """Run an experiment into a folder, or go on with the one that lies there.

    Raises ``ValueError`` where the folder holds another experiment, or one that saw other pictures.
    """
    torch.set_num_threads(experiment.threads)
    torch.manual_seed(experiment.seed)
    learned, held_out = parted(experiment, shots)
    folder.mkdir(parents=True, exist_ok=True)
    seen = fingerprint(shots)
    if (folder / CHECKPOINT).exists():
        refuse_other_pictures(folder, seen)
    save_run(folder, experiment, seen)
    run = Run(experiment, Gallery(learned, experiment), folder)
    if not run.resume() and experiment.loss.has_prototypes:
        run.start_prototypes(learned, most=2)
    run.fit(lambda network: validated(network, experiment, held_out), tell)
    return Outcome(folder, run.step, run.best, tuple(learned), tuple(held_out))


def parted(experiment: Experiment, shots: Sequence[Shot]) -> tuple[list[Shot], list[Shot]]:
    """What the run learns from, and what it is judged on: by institution where it says so, else by artifact.

    Raises :class:`inference.training.pictures.LeakError` where a picture would be on both sides, and
    :class:`inference.training.pictures.PicturesError` where what is held out could judge nothing.
    """
    by_institution = experiment.pictures.by_institution and len({shot.institution for shot in shots}) > 1
    learned, held_out = split(
        shots, experiment.pictures.held_out, experiment.seed,
        by=(lambda shot: shot.institution) if by_institution else (lambda shot: shot.artifact),
    )  # fmt: skip
    if len({shot.artifact for shot in held_out}) == len(held_out):
        raise PicturesError(
            f"none of the {len(held_out)} artifacts held out has a second picture, so nothing can be judged: "
            "add pictures, or hold out more (pictures.held_out)"
        )
    return learned, held_out


def load_best(experiment: Experiment, folder: Path) -> EmbeddingNet:
    """The best network of a finished run, averaged with the pretrained one as told; without whitening."""
    network = _network(experiment, experiment.preprocessing)
    network.load_state_dict(torch.load(folder / BEST, map_location="cpu", weights_only=True))
    if experiment.pretrained_share:
        network.averaged_with(_network(experiment, experiment.preprocessing), experiment.pretrained_share)
    network.power = experiment.power
    return network.eval()


def whitened(network: EmbeddingNet, experiment: Experiment, shots: Sequence[Shot]) -> EmbeddingNet:
    """The network with whitening fitted on the shots and on one synthetic photo of each."""
    if not experiment.whitening:
        return network
    draw = np.random.default_rng([experiment.seed, 0, 1])
    size, augmentation = experiment.preprocessing.size, Augmentation(experiment.augmentation)
    inputs = [fitted(shot.pixels(), experiment.preprocessing) for shot in shots]
    inputs += [photographed(shot.pixels(), size, draw, augmentation) for shot in shots]
    found = embed(network, inputs)
    network.whiten(*whitening_of(found, min(experiment.whitening, found.shape[1])))
    return network.eval()


def embed(network: EmbeddingNet, inputs: Sequence[Pixels], batch: int = 32) -> np.ndarray:
    """Embeddings (n, dimension) of prepared inputs."""
    network.eval()
    device = network.mean.device
    with torch.no_grad():
        parts = [
            network(torch.from_numpy(np.stack(inputs[at : at + batch])).to(device)).cpu().numpy()
            for at in range(0, len(inputs), batch)
        ]
    return np.concatenate(parts)


def validated(network: EmbeddingNet, experiment: Experiment, shots: Sequence[Shot]) -> float:
    """Recall@1: each artifact's first picture is the gallery, a synthetic photo of each other one asks."""
    gallery, queries = one_each(shots)
    draw = np.random.default_rng([experiment.seed, 2**31 + 1])
    preprocessing, augmentation = experiment.learned_with, Augmentation(experiment.augmentation)
    held = embed(network, [fitted(shot.pixels(), preprocessing) for shot in gallery])
    asked = embed(
        network, [photographed(shot.pixels(), preprocessing.size, draw, augmentation) for shot in queries]
    )
    shown, holds = [shot.artifact for shot in queries], [shot.artifact for shot in gallery]
    return recall_at(ranked(asked, shown, held, holds), 1)


class Run:
    """State of one run."""

    def __init__(self, experiment: Experiment, gallery: Gallery, folder: Path) -> None:
        self.experiment, self.gallery, self.folder = experiment, gallery, folder
        self.step, self.best, self.worse = 0, -1.0, 0
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.network = _network(experiment, experiment.learned_with).to(self.device)
        loss = experiment.loss
        self.arcface = ArcFace(self.network.dimension, len(gallery.names), loss.scale, loss.margin)
        self.arcface.to(self.device)
        self.contrastive = SupervisedContrastive(loss.temperature)
        self.optimizer = torch.optim.AdamW(
            list(self._groups()), weight_decay=experiment.schedule.weight_decay
        )

    def _groups(self) -> Iterator[dict[str, Any]]:
        schedule = self.experiment.schedule
        stages = cast("Backbone", self.network.backbone).stages()[::-1]
        # What never learns needs no gradient, and nothing below it either.
        for parameter in self.network.backbone.parameters():
            parameter.requires_grad_(False)
        for place, (stage, thaws) in enumerate(zip(stages, schedule.thaw, strict=False)):
            yield {"params": stage, "top": schedule.rate * schedule.slower**place, "thaws": thaws, "lr": 0.0}
        heads = [*self.network.head.parameters(), *self.arcface.parameters()]
        yield {"params": heads, "top": schedule.head_rate, "thaws": 0, "lr": 0.0}

    def fit(self, recall: Callable[[EmbeddingNet], float], tell: Tell) -> None:
        """Make the steps that are left; ``recall`` judges the network on what it does not learn from."""
        schedule = self.experiment.schedule
        while self.step < schedule.steps and self.worse < schedule.patience:
            figures = {"loss": self._take_step()}
            if self.step % schedule.validate_every == 0 or self.step == schedule.steps:
                figures["recall"] = self.judge(recall)
            elif self.step % KEEP_EVERY == 0:
                self._keep()
            tell(self.step, figures)

    def _take_step(self) -> float:
        schedule = self.experiment.schedule
        # Batch statistics of small, unlike batches would undo the pretrained ones.
        self.network.train()
        for module in self.network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        for group in self.optimizer.param_groups:
            thawed = self.step >= group["thaws"]
            group["lr"] = group["top"] * self._share() if thawed else 0.0
            for parameter in group["params"]:
                parameter.requires_grad_(thawed)
        # Dropout follows the step as well, so that a resumed run drops the same.
        torch.manual_seed(self.experiment.seed * 1_000_003 + self.step)
        total = 0.0
        for part in range(schedule.accumulation):
            pictures, artifacts = self._batch(self.step * schedule.accumulation + part)
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self._mixes()):
                embeddings = self.network(pictures)
            loss = self._loss(embeddings.float(), artifacts) / schedule.accumulation
            torch.autograd.backward(loss)
            total += float(loss.detach())
        if not math.isfinite(total):
            raise FloatingPointError(f"step {self.step}: the loss is {total}; lower the rate")
        nn.utils.clip_grad_norm_([p for g in self.optimizer.param_groups for p in g["params"]], 5.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        return total

    def _batch(self, number: int) -> tuple[Tensor, Tensor]:
        pictures, artifacts = (part.to(self.device) for part in self.gallery.batch(number))
        adversary = self.experiment.adversary
        # Spread evenly over the steps, and the same in a resumed run.
        if math.floor((number + 1) * adversary.share) == math.floor(number * adversary.share):
            return pictures, artifacts
        changed = attacked(
            lambda seen: self._loss(self.network(seen), artifacts),
            pictures,
            adversary.epsilon,
            adversary.steps,
        )
        return changed, artifacts

    def _mixes(self) -> bool:
        told = self.experiment.precision
        return told == "bf16" or (told == "auto" and self.device.type == "cuda")

    def _loss(self, embeddings: Tensor, artifacts: Tensor) -> Tensor:
        kind = self.experiment.loss.kind
        losses = []
        if kind in ("arcface", "both"):
            losses.append(self.arcface(embeddings, artifacts))
        if kind in ("contrastive", "both"):
            losses.append(self.contrastive(embeddings, artifacts))
        return torch.stack(losses).sum()

    def _share(self) -> float:
        schedule = self.experiment.schedule
        if self.step < schedule.warm_up:
            return (self.step + 1) / schedule.warm_up
        gone = (self.step - schedule.warm_up) / max(schedule.steps - schedule.warm_up, 1)
        return 0.5 * (1.0 + math.cos(math.pi * gone))

    def judge(self, recall: Callable[[EmbeddingNet], float]) -> float:
        """Judge the network as it is; keep it where it is the best so far, and the state in any case."""
        found = recall(self.network)
        if found > self.best:
            self.best, self.worse = found, 0
            _save(self.network.state_dict(), self.folder / BEST)
        else:
            self.worse += 1
        self._keep()
        return found

    def _keep(self) -> None:
        """Write what a run that was stopped goes on from."""
        _save(
            {
                "identity": self.experiment.identity, "step": self.step, "best": self.best,
                "worse": self.worse, "network": self.network.state_dict(),
                "arcface": self.arcface.state_dict(), "optimizer": self.optimizer.state_dict(),
            },
            self.folder / CHECKPOINT,
        )  # fmt: skip

    def start_prototypes(self, shots: Sequence[Shot], most: int | None = None) -> None:
        """Put each artifact's prototype where the network sees its pictures already, the first ``most``."""
        numbers = {name: number for number, name in enumerate(self.gallery.names)}
        few = [shot for name in numbers for shot in [one for one in shots if one.artifact == name][:most]]
        seen = embed(self.network, [fitted(shot.pixels(), self.experiment.learned_with) for shot in few])
        owners = torch.tensor([numbers[shot.artifact] for shot in few], device=self.device)
        self.arcface.start_from(torch.from_numpy(seen).to(self.device), owners)

    def resume(self) -> bool:
        """Go on from the checkpoint; whether there is one."""
        path = self.folder / CHECKPOINT
        if not path.exists():
            return False
        found = torch.load(path, map_location="cpu", weights_only=True)
        if found["identity"] != self.experiment.identity:
            raise ValueError(f"{path} is of another experiment: name another folder, or remove this one")
        self.step, self.best, self.worse = found["step"], found["best"], found["worse"]
        self.network.load_state_dict(found["network"])
        self.arcface.load_state_dict(found["arcface"])
        self.optimizer.load_state_dict(found["optimizer"])
        return True


def _network(experiment: Experiment, preprocessing: Preprocessing) -> EmbeddingNet:
    told = experiment.network
    network = EmbeddingNet(told.backbone, preprocessing, embedding=told.embedding, dropout=told.dropout)
    # A third faster on a CPU.
    return cast("EmbeddingNet", network.to(memory_format=torch.channels_last))  # type: ignore[call-overload]


def _save(content: dict[str, Any], path: Path) -> None:
    partial = path.with_suffix(".part")
    torch.save(content, partial)
    partial.replace(path)
