import numpy as np
import pytest

from inference.runtime.rejection import Calibration, CalibrationError, Finding, Trial, blank, calibrated
from inference.runtime.sightings import RejectionReason
from tests.inference.conftest import picture


def trials(known: int, unknown: int, seed: int = 0) -> list[Trial]:
    """Known queries are nearer and stand out more; a tenth of them has a wrong answer."""
    draw = np.random.default_rng(seed)
    made = []
    for number in range(known + unknown):
        is_known = number < known
        right = is_known and draw.random() < 0.9
        similarity = float(np.clip(draw.normal(0.75 if right else 0.5, 0.1), -1, 1))
        margin = float(abs(draw.normal(0.25 if right else 0.05, 0.05)))
        made.append(Trial(Finding(similarity, margin), is_known, right))
    return made


def fit(found: list[Trial], false_accepts: float = 0.01) -> Calibration:
    return calibrated(found, model="m", false_accepts=false_accepts, measured_on="made-up trials")


@pytest.mark.parametrize("stated", [0.01, 0.05, 0.2])
def test_of_unknown_things_no_more_than_the_stated_share_is_accepted(stated: float) -> None:
    found = fit(trials(400, 400), stated)
    accepted = [found.judge(t.finding)[1] is None for t in trials(400, 400) if not t.known]
    assert np.mean(accepted) <= stated
    assert found.false_accepts == pytest.approx(np.mean(accepted))
    # On trials that were not calibrated on, the share stays within the interval.
    others = [found.judge(t.finding)[1] is None for t in trials(400, 4000, seed=1) if not t.known]
    assert np.mean(others) <= found.false_accepts_high + 0.01


def test_the_probability_is_the_share_that_is_right() -> None:
    found = fit(trials(2000, 2000))
    others = trials(3000, 3000, seed=2)
    told = np.array([found.probability(trial.finding) for trial in others])
    right = np.array([trial.right for trial in others])
    errors = [
        abs(float((right[inside] - told[inside]).sum()))
        for low in np.arange(0, 1, 0.1)
        if (inside := (told >= low) & (told < low + 0.1)).any()
    ]
    assert sum(errors) / len(told) < 0.03


def test_most_known_things_are_still_named() -> None:
    found = fit(trials(400, 400))
    assert found.accepted > 0.7
    assert found.false_accepts_high > found.false_accepts


def test_a_rejection_says_what_was_found_and_what_was_needed() -> None:
    probability, rejection = fit(trials(400, 400)).judge(Finding(0.41, 0.02))
    assert probability < 0.2
    assert rejection is not None
    assert rejection.reason is RejectionReason.not_ours
    assert "similarity 0.41, 0.02 above the next artifact" in rejection.detail


def test_inliers_raise_the_probability_where_trials_show_that_they_should() -> None:
    draw = np.random.default_rng(3)
    made = [
        Trial(Finding(0.6, 0.1, int(draw.poisson(40 if right else 4))), known=right, right=right)
        for right in [True, False] * 200
    ]
    found = fit(made)
    assert found.probability(Finding(0.6, 0.1, 40)) > 0.9 > 0.2 > found.probability(Finding(0.6, 0.1, 2))


@pytest.mark.parametrize("seed", range(4))
def test_the_fit_is_the_best_one_also_where_all_similarities_are_high(seed: int) -> None:
    """As real photos of like things are: whole steps of Newton's method run away here."""
    draw = np.random.default_rng(seed)
    made = []
    for number in range(1200):
        known, right = number < 800, number < 500
        similarity = float(np.clip(draw.normal(0.84 if right else 0.72, 0.07), -1, 1))
        made.append(
            Trial(Finding(similarity, float(draw.exponential(0.12 if right else 0.03))), known, right)
        )
    found = fit(made)
    # At the maximum of the likelihood the probabilities sum to what was right.
    assert sum(found.probability(trial.finding) for trial in made) == pytest.approx(500, abs=1e-3)
    assert min(found.weights[1:3]) > 0
    assert found.accepted > 0.15


def test_perfectly_separated_trials_still_give_a_finite_fit() -> None:
    made = [Trial(Finding(0.9 if r else 0.1, 0.5 if r else 0.0), r, r) for r in [True, False] * 200]
    assert np.isfinite(fit(made).weights).all()


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (trials(400, 50), "50 trials of unknown things cannot support 1.0% false accepts: 100 are needed"),
        ([t for t in trials(400, 400) if not t.right], "all trials came out alike"),
        ([Trial(Finding(0.5, 0.1), known=False, right=True)], "cannot be right"),
    ],
)
def test_no_threshold_is_set_from_trials_that_cannot_support_it(made: list[Trial], told: str) -> None:
    with pytest.raises(CalibrationError, match=told):
        fit(made)


@pytest.mark.parametrize(
    ("pixels", "told"),
    [
        (np.zeros((64, 64, 3), dtype=np.uint8), "too dark"),
        (np.full((64, 64, 3), 200, dtype=np.uint8), "too even"),
        (np.linspace(0, 20, 64, dtype=np.uint8)[None, :, None].repeat(64, 0).repeat(3, 2), "too dark"),
        (np.linspace(90, 110, 64, dtype=np.uint8)[None, :, None].repeat(64, 0).repeat(3, 2), "too blurred"),
    ],
)
def test_a_picture_of_nothing_is_uncertain_and_says_why(pixels: np.ndarray, told: str) -> None:
    rejection = blank(pixels)
    assert rejection is not None
    assert rejection.reason is RejectionReason.uncertain
    assert told in rejection.detail


def test_a_picture_of_something_is_judged_by_the_network() -> None:
    assert blank(picture(1)) is None
