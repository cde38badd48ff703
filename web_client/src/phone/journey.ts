/** Where the time of a picture went, from the camera to the words on the page. */
import type { StageTime } from '../world/world';
import type { Words } from './words';

/**
 * The steps in order. `capture`: seconds from the wish for a picture to its JPEG; `passed`: from handing that to the
 * connection to the answer; `stages`: the server's part of them. What is left is the way there and back.
 */
export function journey(capture: number, passed: number, stages: readonly StageTime[]): readonly StageTime[] {
  const served = stages.reduce((sum, one) => sum + one.duration, 0);
  return [
    { stage: 'capture', duration: capture },
    ...stages,
    { stage: 'deliver', duration: Math.max(0, passed - served) },
  ];
}

/** In words: the whole, then each step, in milliseconds. */
export function journeyTold(times: readonly StageTime[], words: Words): string {
  const names: Readonly<Record<string, string>> = words.stages;
  const told = times.map(({ stage, duration }) => `${names[stage] ?? stage} ${milliseconds(duration)}`);
  const whole = times.reduce((sum, one) => sum + one.duration, 0);
  return words.took(milliseconds(whole), told);
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}
