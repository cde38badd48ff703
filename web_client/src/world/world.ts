/**
 * What the visitor should perceive: the interface between the connection, which keeps it, and what draws it.
 *
 * Everything here is read only and plain. An object never changes: what changed is another object under the
 * same name, so that `===` tells whether anything did. Metres, seconds, right-handed, +Y up, a view looks along
 * -Z, quaternions x, y, z, w.
 */
import type { Detail, TextKind } from '../protocol/generated/choices';

export type Vector = readonly [number, number, number];
/** x, y, z, w; length 1. */
export type Quaternion = readonly [number, number, number, number];

/** A text in the language chosen for the visitor. */
export interface Wording {
  readonly purpose: TextKind;
  /** BCP 47; set it as `lang` on what shows the text. */
  readonly language: string;
  readonly content: string;
  /** Source record and field; empty where unknown. */
  readonly source: string;
}

/** A published file, to be fetched over HTTP. */
export interface Derivative {
  /** Address of the file, absolute. Never changes its content, so it may be cached for ever. */
  readonly url: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** 0 where it is not geometry. */
  readonly triangles: number;
  /** Largest distance from the master scan, in millimetres. */
  readonly error: number;
  /** `geometry`, `image`, `audio`, `video`. */
  readonly usage: string;
}

/** A text about a place on an artifact, opened at its hotspot. */
export interface Annotation {
  readonly artifact: string;
  /** Unique within the artifact. */
  readonly name: string;
  /** The hotspot, in the artifact's own frame. */
  readonly position: Vector;
  /** Out of the surface, in the artifact's own frame. */
  readonly normal: Vector;
  readonly texts: readonly Wording[];
  /** W3C Web Annotation motivation. */
  readonly motivation: string;
}

/** An artifact placed in the museum. */
export interface Exhibit {
  readonly artifact: string;
  /** Of its own frame's origin, the middle of its footprint, in the museum's space. */
  readonly position: Vector;
  readonly orientation: Quaternion;
  /** Half width, half height, half depth of its box, in its own axes. */
  readonly bounds: Vector;
  /** Center of the box in its own frame. */
  readonly center: Vector;
  /** How much of it the server sends: the level. */
  readonly detail: Detail;
  readonly texts: readonly Wording[];
  /** Coarsest first. */
  readonly derivatives: readonly Derivative[];
  /** By name. */
  readonly annotations: ReadonlyMap<string, Annotation>;
}

/** What lies under the visitor's gaze, as the server judges it. */
export interface Focus {
  /** Empty: nothing. */
  readonly artifact: string;
  /** Empty: none. */
  readonly annotation: string;
}

/** One artifact recognized in a camera frame. */
export interface Sighting {
  readonly artifact: string;
  /** 0-1, calibrated: of sightings with score s, a share of s is right. */
  readonly score: number;
  /** Why, in words. */
  readonly evidence: string;
  /** Outline in pixels of the frame sent: x, y pairs, clockwise from the top left; empty where not known. */
  readonly corners: readonly number[];
  /** Local features that agree with it on one geometry; 0 where not looked at. */
  readonly inliers: number;
  /** Where in the frame the decision rests, as `corners`. */
  readonly region: readonly number[];
}

/** What a camera frame showed. */
export interface Recognition {
  /** Number of the frame. */
  readonly frame: number;
  /** Best first; empty where `rejection` says why. */
  readonly sightings: readonly Sighting[];
  /** Member of `RejectionReason`; null where there is a sighting. */
  readonly rejection: number | null;
  /** Hash of the manifest of the recognizer; empty where none answered. */
  readonly model: string;
  /** Where the server's time went, in order. */
  readonly stages: readonly StageTime[];
}

/** How long one step of a picture's way to its answer took. */
export interface StageTime {
  /** `queue`, `decode`, `embed`, `search`, `verify`, `pose`. */
  readonly stage: string;
  /** Seconds. */
  readonly duration: number;
}

export interface Statement {
  readonly content: string;
  readonly language: string;
  readonly source: string;
  /** Where to read on; empty: nowhere. */
  readonly url: string;
  readonly confidence: number;
}

/** Answer to a question; no statement means that nothing is known. */
export interface Answer {
  readonly number: number;
  readonly artifact: string;
  readonly statements: readonly Statement[];
}

/**
 * - `connecting`: no connection yet; nothing is known.
 * - `live`: told everything.
 * - `waiting`: lost; what is shown may be old. Another try at `retryAt`.
 * - `refused`: it will not try again by itself (`detail` says why); `Visitor.reconnect` does.
 */
export type ConnectionPhase = 'connecting' | 'live' | 'waiting' | 'refused';

export interface ConnectionState {
  readonly phase: ConnectionPhase;
  /** When the next try is due, in the clock of `performance.now()`, ms; null where none is. */
  readonly retryAt: number | null;
  /** Tries since the connection was last live. */
  readonly tries: number;
  /** In words, for a log. */
  readonly detail: string;
  /** Round trip in seconds; null until measured. */
  readonly roundTrip: number | null;
}

/** What changed; the world holds the new state already when it is told. */
export type Notice =
  | { readonly kind: 'entered'; readonly exhibit: Exhibit }
  /** Another level, other texts, files or place. Annotations have notices of their own. */
  | { readonly kind: 'changed'; readonly exhibit: Exhibit; readonly before: Exhibit }
  | { readonly kind: 'left'; readonly exhibit: Exhibit }
  | { readonly kind: 'annotated'; readonly exhibit: Exhibit; readonly annotation: Annotation }
  | { readonly kind: 'reworded'; readonly exhibit: Exhibit; readonly annotation: Annotation }
  | { readonly kind: 'unannotated'; readonly exhibit: Exhibit; readonly annotation: Annotation }
  | { readonly kind: 'gallery'; readonly gallery: string }
  | { readonly kind: 'focus'; readonly focus: Focus }
  | { readonly kind: 'recognition'; readonly recognition: Recognition }
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'connection'; readonly connection: ConnectionState };

/** The world as it is now. Rooms and doors are not in it: they are at `/api/galleries`. */
export interface World {
  /** By their artifact's identifier. An exhibit that is in no notice is the same object as before. */
  readonly exhibits: ReadonlyMap<string, Exhibit>;
  /** Slug of the gallery the visitor is in; empty until the first snapshot. */
  readonly gallery: string;
  /** Version of the placement: where it changes, rooms may have changed too. */
  readonly placement: string;
  readonly focus: Focus;
  /** Newest answer to a camera frame. */
  readonly recognition: Recognition | null;
  readonly connection: ConnectionState;
  /** What the server offers: `recognizer`, `questions`. */
  readonly offers: ReadonlySet<string>;
  /** The listener hears of every change after it, in order; what it returns ends that. */
  subscribe(listener: (notice: Notice) => void): () => void;
}

/** The first text of that purpose, or undefined. */
export function textOf(texts: readonly Wording[], purpose: TextKind): Wording | undefined {
  return texts.find((text) => text.purpose === purpose);
}
