/** What the visitor does: the interface through which what draws the world tells the connection. */
import type { Quaternion, Vector } from './world';

/** A hand or controller's grip in the museum's space. */
export interface HandPose {
  readonly position: Vector;
  readonly orientation: Quaternion;
  /** Seen, not guessed. */
  readonly tracked: boolean;
}

/** Where the head is, in the museum's space; it looks along its own -Z. */
export interface HeadPose {
  readonly position: Vector;
  readonly orientation: Quaternion;
  readonly left?: HandPose | undefined;
  readonly right?: HandPose | undefined;
  /** Unit vector from the head, where it is known better than by the head: an eye tracker. */
  readonly gaze?: Vector | undefined;
}

/** A picture of the camera. */
export interface CameraPicture {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Wishes that change what is sent; see the protocol's Accessibility. */
export interface Wishes {
  /** BCP 47, the dearest first. */
  readonly languages: readonly string[];
  /** 0 the smallest, 0.5 usual, 1 the largest. */
  readonly textSize: number;
  readonly captions: boolean;
  readonly audioDescription: boolean;
  readonly plainLanguage: boolean;
  readonly reducedMotion: boolean;
  readonly seated: boolean;
}

/** What the visitor agreed to; all of it is off until then. */
export interface Consent {
  readonly camera: boolean;
  readonly gaze: boolean;
  readonly statistics: boolean;
}

export interface Visitor {
  readonly wishes: Wishes;
  readonly consent: Consent;
  /** Call it every frame: only the newest pose is sent, and only as often as the server takes it. */
  move(pose: HeadPose): void;
  /**
   * Where a pointer rests, where that is not where the head looks: `origin` and unit `direction` in the
   * museum's space. The server judges the dwell and answers with `Focus`. Nothing is sent without
   * `consent.gaze`.
   */
  look(origin: Vector, direction: Vector): void;
  /** Asks; the answer is a notice with the number returned. Null while not connected or too many are open. */
  ask(question: string, artifact: string): number | null;
  /** Shows a picture; the answer is a notice with the number returned. Null where nothing could be sent. */
  show(picture: CameraPicture): number | null;
  /** Other wishes; the server words everything anew. */
  wish(wishes: Partial<Wishes>): void;
  /** What the visitor agrees to from now on, or no more. */
  agree(consent: Partial<Consent>): void;
  /** Tries at once instead of waiting. */
  reconnect(): void;
}
