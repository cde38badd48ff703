/**
 * What the page says of what the camera sees. One answer is shown at once; that there is nothing of ours only
 * after several pictures said so, because a hand's tremble makes many a picture unreadable.
 */
import { RejectionReason } from '../protocol/generated/choices';
import type { Recognition, Sighting } from '../world/world';

export type Verdict =
  | { readonly kind: 'looking' }
  | { readonly kind: 'seen'; readonly sighting: Sighting; readonly others: readonly Sighting[]; readonly isStale: boolean }
  | { readonly kind: 'notOurs' }
  | { readonly kind: 'unclear' }
  | { readonly kind: 'unavailable' };

const PATIENCE = 3;
const { NOT_OURS, UNREADABLE, UNCERTAIN, UNAVAILABLE, NO_CONSENT } = RejectionReason;

/** The verdict after `answer`. `refusals`: pictures without a sighting in a row, this one not counted. */
export function judged(before: Verdict, refusals: number, answer: Recognition): Verdict {
  const [sighting, ...others] = answer.sightings;
  if (sighting) return { kind: 'seen', sighting, others, isStale: false };
  if (answer.rejection === UNAVAILABLE || answer.rejection === NO_CONSENT) return { kind: 'unavailable' };
  if (refusals + 1 < PATIENCE) return before.kind === 'seen' ? { ...before, isStale: true } : before;
  if (answer.rejection === NOT_OURS) return { kind: 'notOurs' };
  if (answer.rejection === UNREADABLE || answer.rejection === UNCERTAIN) return { kind: 'unclear' };
  return { kind: 'looking' };
}

/** Percent as a person says it: never a certainty that no recognizer has. */
export function percent(score: number): number {
  return Math.min(99, Math.max(1, Math.round(score * 100)));
}
