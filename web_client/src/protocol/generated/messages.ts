// Written by `python -m server.protocol.typescript` from the protocol's own definition. Change that, not this.

import type { ByeReason, ClientKind, Detail, ErrorCode, ImageEncoding, RejectionReason, TextKind } from './choices';

export type Vector = readonly [number, number, number];
/** A number below 2⁵³, as all times here are; what is larger stays exact as a bigint. */
export type Long = number | bigint;
/** x, y, z, w. */
export type Quaternion = readonly [number, number, number, number];

/** What the visitor agreed to. Everything is off until the visitor says so. */
export interface Consent {
  /** Camera frames may be sent and looked at; they are never kept. */
  readonly camera: boolean;
  /** Where the visitor looks may be used to open annotations. */
  readonly gaze: boolean;
  /** The visit may be counted in aggregates. */
  readonly statistics: boolean;
}

/** Wishes that change what is sent and how it is worded. */
export interface Accessibility {
  /** Wished text size: 0 the smallest, 0.5 usual, 1 the largest. Unit: 0-1. */
  readonly textSize: number;
  /** Wants captions to sound and video. */
  readonly captions: boolean;
  /** Wants what is seen told in words. */
  readonly audioDescription: boolean;
  /** Prefers short sentences and common words. */
  readonly plainLanguage: boolean;
  /** Wants nothing to move by itself. */
  readonly reducedMotion: boolean;
  /** Perceives from a chair: the eye is low and does not come nearer. */
  readonly seated: boolean;
}

/** Position and orientation of one thing in the museum's space at one time. */
export interface PoseSample {
  /** In the museum's space. Unit: m. */
  readonly position: Vector;
  /** In the museum's space; a camera looks along its own -Z. Unit: x, y, z, w; length 1. */
  readonly orientation: Quaternion;
}

/** Pinhole camera: focal lengths and principal point, in pixels of the frame sent. */
export interface Intrinsics {
  /** Focal length along x. Unit: px. */
  readonly fx: number;
  /** Focal length along y. Unit: px. */
  readonly fy: number;
  /** Principal point, from the left. Unit: px. */
  readonly cx: number;
  /** Principal point, from the top. Unit: px. */
  readonly cy: number;
}

/** A text in the language chosen for the visitor, with the place it comes from. */
export interface Wording {
  /** What the text is for. */
  readonly purpose: TextKind;
  /** Of the text itself; not always the one wished for. Unit: BCP 47. */
  readonly language: string;
  /** The text. */
  readonly content: string;
  /** Where it comes from: source record and field. */
  readonly source: string;
}

/** A published file of an artifact, fetched over HTTP and never over this connection. */
export interface Derivative {
  /** Path on this server, `/assets/<hash>`. */
  readonly address: string;
  /** IANA media type. */
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** 0 where it is not geometry. */
  readonly triangles: number;
  /** Largest distance from the master scan. Unit: mm. */
  readonly error: number;
  /** `geometry`, `image`, `audio`, `video`. */
  readonly usage: string;
}

/** A hotspot of a recognized artifact, where it lies in the camera frame. */
export interface Spot {
  /** The annotation whose hotspot it is. */
  readonly annotation: string;
  /** From the left. Unit: px. */
  readonly x: number;
  /** From the top. Unit: px. */
  readonly y: number;
}

/** Where a recognized artifact is before the camera: its own frame in the camera's. */
export interface SeenPose {
  /** Of the artifact's own origin; the camera looks along its own -Z, +Y is up in the frame. Unit: m. */
  readonly position: Vector;
  /** Of the artifact's own frame. Unit: x, y, z, w; length 1. */
  readonly orientation: Quaternion;
  /** Root mean square distance between points as seen and as this pose puts them. Unit: px. */
  readonly error: number;
}

/** One artifact recognized in a camera frame. */
export interface Sighting {
  /** Its identifier in the catalog. */
  readonly artifact: string;
  /** Calibrated: of sightings with score s, a share of s is right. Unit: 0-1. */
  readonly score: number;
  /** Why, in words a curator can check. */
  readonly evidence: string;
  /** Outline in the frame: x, y pairs, clockwise from the top left; empty where not known. Unit: px. */
  readonly corners: readonly number[];
  /** The gallery's photo or rendered view that it is nearest to. */
  readonly view: string;
  /** Local features that agree with that artifact on one geometry; 0 where not looked at. */
  readonly inliers: number;
  /** Where in the frame the decision rests: hull of those features, x, y pairs; or empty. Unit: px. */
  readonly region: readonly number[];
  /** Nil where the artifact has no scan, the device told no intrinsics, or too few points agree. */
  readonly pose: SeenPose | null;
  /** Hotspots of its annotations that face the camera; needs what the pose needs. */
  readonly spots: readonly Spot[];
}

/** Where the time of one frame went. */
export interface StageTime {
  /** `queue`, `decode`, `embed`, `search`, `verify`, `pose`. */
  readonly stage: string;
  /** How long it took. Unit: ns. */
  readonly duration: Long;
}

/** Why there is no sighting. */
export interface Rejection {
  /** Which of the named reasons. */
  readonly reason: RejectionReason;
  /** In words, for a log. */
  readonly detail: string;
}

/** One sentence of an answer, with its source. */
export interface Statement {
  /** The sentence. */
  readonly content: string;
  /** Of the sentence. Unit: BCP 47. */
  readonly language: string;
  /** Source record and field; for a model, its manifest hash. */
  readonly source: string;
  /** Where to read on, if anywhere. */
  readonly address: string;
  /** 1 for what the record itself says. Unit: 0-1. */
  readonly confidence: number;
}

/** An artifact the visitor should perceive from now on. */
export interface ArtifactEnter {
  readonly kind: 1;
  /** Its identifier in the catalog. */
  readonly artifact: string;
  /** Of its own frame's origin, in the museum's space. Unit: m. */
  readonly position: Vector;
  /** Of its own frame, in the museum's space. Unit: x, y, z, w; length 1. */
  readonly orientation: Quaternion;
  /** Half width, half height, half depth of its box, in its own axes around its center. Unit: m. */
  readonly bounds: Vector;
  /** How much of it follows. */
  readonly detail: Detail;
  /** What may be read of it at this level. */
  readonly texts: readonly Wording[];
  /** Coarsest first. */
  readonly derivatives: readonly Derivative[];
  /** Center of the box in the artifact's own frame, whose origin is the middle of its footprint. Unit: m. */
  readonly center: Vector;
}

/** An artifact the visitor need not perceive any more; its annotations leave with it. */
export interface ArtifactLeave {
  readonly kind: 2;
  /** Which. */
  readonly artifact: string;
}

/** Another level of detail: the texts and derivatives that replace the former ones. */
export interface ArtifactDetail {
  readonly kind: 3;
  /** Which. */
  readonly artifact: string;
  /** The new level. */
  readonly detail: Detail;
  /** All its texts now. */
  readonly texts: readonly Wording[];
  /** All its files now, coarsest first. */
  readonly derivatives: readonly Derivative[];
}

/** An annotation that has become perceivable. */
export interface AnnotationAdd {
  readonly kind: 4;
  /** The artifact it is about. */
  readonly artifact: string;
  /** Unique within the artifact. */
  readonly annotation: string;
  /** The hotspot, in the artifact's own frame. Unit: m. */
  readonly position: Vector;
  /** Out of the surface. Unit: unit vector. */
  readonly normal: Vector;
  /** Its title and description. */
  readonly texts: readonly Wording[];
  /** W3C Web Annotation motivation. */
  readonly motivation: string;
}

/** Other texts of an annotation that is already there. */
export interface AnnotationChange {
  readonly kind: 5;
  /** The artifact it is about. */
  readonly artifact: string;
  /** Which. */
  readonly annotation: string;
  /** All its texts now. */
  readonly texts: readonly Wording[];
}

/** An annotation that is gone while its artifact stays. */
export interface AnnotationRemove {
  readonly kind: 6;
  /** The artifact it was about. */
  readonly artifact: string;
  /** Which. */
  readonly annotation: string;
}

/** The visitor walked into another gallery, or out of the last one. */
export interface GalleryEnter {
  readonly kind: 7;
  /** Where the visitor is now; empty: in none. */
  readonly gallery: string;
}

export type Change =
  | ArtifactEnter
  | ArtifactLeave
  | ArtifactDetail
  | AnnotationAdd
  | AnnotationChange
  | AnnotationRemove
  | GalleryEnter;

/** First message of a connection: what the client is, and, to resume, which session it was. */
export interface Hello {
  readonly code: 1;
  /** What the visitor holds. */
  readonly kind: ClientKind;
  /** Minor protocol version of the client. */
  readonly minor: number;
  /** What it can use: `meshopt`, `ktx2`, `draco`, `webxr`, `usdz`, `splat`. */
  readonly capabilities: readonly string[];
  /** Wished languages, the dearest first. Unit: BCP 47. */
  readonly languages: readonly string[];
  /** Wishes that change what is sent. */
  readonly accessibility: Accessibility;
  /** Most bytes per second the server may send, bytes/s; 0: no wish. */
  readonly byteBudget: number;
  /** What the visitor agreed to. */
  readonly consent: Consent;
  /** Where the visit starts; empty: the server chooses. */
  readonly gallery: string;
  /** Token of the session to continue; empty: a new session. */
  readonly token: Uint8Array;
  /** To resume: number of the last event taken in. */
  readonly received: number;
  /** Name and version of the client program. */
  readonly software: string;
}

/** Answer to hello. After a resume the missed events follow; otherwise a snapshot. */
export interface Welcome {
  readonly code: 2;
  /** Identifies the session in logs and messages; says nothing of the person. */
  readonly session: string;
  /** Secret that resumes this session, the same for its whole life. */
  readonly token: Uint8Array;
  /** The server's time as it wrote this; the clock messages refine it. Unit: ns. */
  readonly serverTime: Long;
  /** Minor protocol version of the server; both sides speak the lower one. */
  readonly minor: number;
  /** The session goes on: nothing was lost. `false`: forget all; a snapshot follows. */
  readonly resumed: boolean;
  /** Where the visit starts. */
  readonly gallery: string;
  /** Version of the placement of exhibits. */
  readonly placement: string;
  /** How long after a lost connection the token is good. Unit: ns. */
  readonly resumeWithin: Long;
  /** Acknowledge at the latest after this many events. */
  readonly acknowledgeEvery: number;
  /** Be heard at least this often; a clock request will do. Unit: ns. */
  readonly heartbeat: Long;
  /** What this server offers: `recognizer`, `questions`. */
  readonly capabilities: readonly string[];
}

/** Asks for the server's time (NTP's four timestamps, RFC 5905 section 8). */
export interface ClockRequest {
  readonly code: 3;
  /** T1. Unit: ns. */
  readonly clientSent: Long;
}

/** With T4, the time it arrives: offset ((T2 - T1) + (T3 - T4)) / 2, delay (T4 - T1) - (T3 - T2). */
export interface ClockAnswer {
  readonly code: 4;
  /** T1, as it came. Unit: ns. */
  readonly clientSent: Long;
  /** T2. Unit: ns. */
  readonly serverReceived: Long;
  /** T3. Unit: ns. */
  readonly serverSent: Long;
}

/** All events up to this number were taken in. */
export interface Acknowledge {
  readonly code: 5;
  /** Number of the newest event taken in. */
  readonly sequence: number;
}

/** What was wrong. After a fatal error follow bye and the end of the connection. */
export interface ErrorMessage {
  readonly code: 6;
  /** Which of the named errors. */
  readonly error: ErrorCode;
  /** Which field or limit, what was expected, and the remedy. */
  readonly detail: string;
  /** The connection ends. */
  readonly fatal: boolean;
  /** Number of the offending message type; 0 where none. */
  readonly about: number;
  /** Number of the offending frame or question; 0 where none. */
  readonly number: number;
}

/** Last message of a connection. */
export interface Bye {
  readonly code: 7;
  /** Why. */
  readonly reason: ByeReason;
  /** In words, for a log. */
  readonly detail: string;
  /** Server only: come back no sooner than this from now. Unit: ns. */
  readonly returnAfter: Long;
}

/** Where the visitor looks, where that is known better than by the head's pose. */
export interface Gaze {
  readonly code: 17;
  /** When the eye looked. Unit: ns. */
  readonly time: Long;
  /** The eye, in the museum's space. Unit: m. */
  readonly origin: Vector;
  /** Where it looks, in the museum's space. Unit: unit vector. */
  readonly direction: Vector;
}

/** A picture from the visitor's camera. The latest wins; each is answered by exactly one Sightings. Pixels, in the intrinsics and in the answer, count along the image's rows and columns as they are stored, `width` × `height` from the upper left; turns that EXIF asks for only help to recognize it. */
export interface CameraFrame {
  readonly code: 18;
  /** Chosen by the client, growing. */
  readonly number: number;
  /** How the image is written. */
  readonly encoding: ImageEncoding;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** The image's bytes. */
  readonly image: Uint8Array;
  /** When the shutter opened. Unit: ns. */
  readonly time: Long;
  /** Camera's pose then. */
  readonly pose: PoseSample | null;
  /** Nil where the device does not say. */
  readonly intrinsics: Intrinsics | null;
}

/** A question in the visitor's words. */
export interface Question {
  readonly code: 19;
  /** Chosen by the client, growing. */
  readonly number: number;
  /** The question. */
  readonly content: string;
  /** The language it is asked in and to be answered in. Unit: BCP 47. */
  readonly language: string;
  /** What it is about; empty: what the visitor looks at. */
  readonly artifact: string;
}

/** All the visitor should perceive; replaces everything told before. */
export interface Snapshot {
  readonly code: 32;
  /** Number of this event in its session, from 1 without gaps; 0 until the session numbers it. */
  readonly sequence: number;
  /** When it was true. Unit: ns. */
  readonly time: Long;
  /** Where the visitor is. */
  readonly gallery: string;
  /** Version of the placement of exhibits. */
  readonly placement: string;
  /** Only entering artifacts and added annotations. */
  readonly changes: readonly Change[];
}

/** What changed for the visitor. An artifact that enters again replaces what was told of it before. */
export interface Delta {
  readonly code: 33;
  /** Number of this event in its session, from 1 without gaps; 0 until the session numbers it. */
  readonly sequence: number;
  /** When it became true. Unit: ns. */
  readonly time: Long;
  /** Number of the newest pose it takes into account. */
  readonly pose: number;
  /** In the order in which they are to be applied. */
  readonly changes: readonly Change[];
}

/** What a camera frame showed: sightings, best first, or one rejection. */
export interface Sightings {
  readonly code: 34;
  /** Number of this event in its session, from 1 without gaps; 0 until the session numbers it. */
  readonly sequence: number;
  /** Number of the frame. */
  readonly number: number;
  /** Best first; empty where rejected. */
  readonly sightings: readonly Sighting[];
  /** Nil where there is a sighting. */
  readonly rejection: Rejection | null;
  /** Where the time went, in order. */
  readonly stages: readonly StageTime[];
  /** Hash of the manifest of the recognizer in service. */
  readonly model: string;
  /** What is seen if only artifacts that the visitor perceives are considered. Beside a rejection as unavailable, what stands near: with score 0, for the picture was not looked at. */
  readonly nearby: readonly Sighting[];
}

/** Answer to a question; no statement means that nothing is known. */
export interface Answer {
  readonly code: 35;
  /** Number of this event in its session, from 1 without gaps; 0 until the session numbers it. */
  readonly sequence: number;
  /** Number of the question. */
  readonly number: number;
  /** In reading order. */
  readonly statements: readonly Statement[];
  /** What the question was taken to be about. */
  readonly artifact: string;
}

/** What lies under the visitor's gaze. Only the newest counts; not numbered, not replayed. */
export interface Focus {
  readonly code: 36;
  /** When the gaze was there. Unit: ns. */
  readonly time: Long;
  /** Empty: nothing. */
  readonly artifact: string;
  /** The annotation whose hotspot it is; empty: none. */
  readonly annotation: string;
  /** From the eye along the gaze to the artifact's bounds; 0 where nothing. Unit: m. */
  readonly distance: number;
  /** How long the visitor has looked at the artifact in this visit, up to `time`; while this focus stands it goes on growing. Unit: ns. */
  readonly dwell: Long;
}

export type Message =
  | Hello
  | Welcome
  | ClockRequest
  | ClockAnswer
  | Acknowledge
  | ErrorMessage
  | Bye
  | Gaze
  | CameraFrame
  | Question
  | Snapshot
  | Delta
  | Sightings
  | Answer
  | Focus;
