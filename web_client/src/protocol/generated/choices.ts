// Written by `python -m server.protocol.typescript` from the protocol's own definition. Change that, not this.

/** What the visitor holds or sits before. */
export const ClientKind = {
  OTHER: 0,
  /** Worn on the head, with or without hands and controllers. */
  HEADSET: 1,
  /** A phone or tablet with a camera. */
  PHONE: 2,
  /** A screen with mouse or keyboard. */
  DESKTOP: 3,
  /** A scripted visitor of a load test. */
  MOCK: 4,
} as const;
export type ClientKind = (typeof ClientKind)[keyof typeof ClientKind];

/** How much of an artifact the visitor should perceive. */
export const Detail = {
  /** Nothing of it. */
  NONE: 0,
  /** Title and coarse geometry. */
  GLANCE: 1,
  /** The wall label: title, maker, date. */
  LABEL: 2,
  /** All texts and annotations. */
  FULL: 3,
  /** Everything, with the finest geometry and media. */
  MEDIA: 4,
} as const;
export type Detail = (typeof Detail)[keyof typeof Detail];

/** What a text is for. */
export const TextKind = {
  OTHER: 0,
  /** Its name. */
  TITLE: 1,
  /** The wall label. */
  LABEL: 2,
  /** The full text. */
  DESCRIPTION: 3,
  /** What a picture or sound is. */
  CAPTION: 4,
  /** What is seen, in words. */
  AUDIO_DESCRIPTION: 5,
  /** Must be shown wherever the artifact is (IIIF `requiredStatement`). */
  REQUIRED_STATEMENT: 6,
  /** License or rights statement. */
  RIGHTS: 7,
} as const;
export type TextKind = (typeof TextKind)[keyof typeof TextKind];

/** How a camera frame is written. */
export const ImageEncoding = {
  OTHER: 0,
  JPEG: 1,
  PNG: 2,
  /** One byte a pixel, rows from the top, no padding. */
  GRAY8: 3,
} as const;
export type ImageEncoding = (typeof ImageEncoding)[keyof typeof ImageEncoding];

/** Why a camera frame has no sighting. */
export const RejectionReason = {
  OTHER: 0,
  /** Looked at, and it is none of this museum's artifacts. */
  NOT_OURS: 1,
  /** The image could not be decoded, or is larger than stated. */
  UNREADABLE: 2,
  /** A newer frame of the same client came before this one was looked at. */
  SUPERSEDED: 3,
  /** The hello did not consent to camera frames. */
  NO_CONSENT: 4,
  /** No recognizer is running. */
  UNAVAILABLE: 5,
  /** The recognizer did not answer within its deadline. */
  LATE: 6,
  /** Too dark, too blurred or too far to say. */
  UNCERTAIN: 7,
} as const;
export type RejectionReason = (typeof RejectionReason)[keyof typeof RejectionReason];

/** Named errors. The same number closes the websocket where the error is fatal. */
export const ErrorCode = {
  /** The server's own fault; closes with 1011. */
  INTERNAL: 0,
  /** Not msgpack, or a field that is not what the protocol says. */
  MALFORMED: 4400,
  /** A message type this version does not know; the connection goes on. */
  UNKNOWN_TYPE: 4404,
  /** A known message at a time or from a side where it has no place. */
  OUT_OF_ORDER: 4405,
  /** No hello within the handshake time. */
  TOO_LATE: 4408,
  /** The session goes on over a newer connection with the same token. */
  REPLACED: 4409,
  /** The resume token is not, or no longer, known: a new session starts with a snapshot. */
  UNKNOWN_SESSION: 4410,
  /** A message longer than its type allows. */
  TOO_LARGE: 4413,
  /** Arrays nested deeper than the limit. */
  TOO_DEEP: 4414,
  /** More messages of a type than its rate allows; they are dropped, and if it goes on, it closes. */
  TOO_FAST: 4429,
  /** More questions or frames under way than the limit; the newest is dropped. */
  TOO_MANY_UNANSWERED: 4430,
  /** Nothing heard for the idle time. */
  IDLE: 4431,
  /** The client does not read what it is sent. */
  TOO_SLOW: 4432,
  /** The server has as many visitors as it may have. */
  FULL: 4433,
  /** The server is going down; come back after the time stated in bye. */
  SHUTTING_DOWN: 4503,
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** Why the session ends. */
export const ByeReason = {
  OTHER: 0,
  /** The visitor leaves: the session is over and its token worthless. */
  LEAVING: 1,
  /** The device sleeps: the session stays resumable. */
  PAUSING: 2,
  /** The error sent just before is fatal. */
  FAULT: 3,
  /** The server goes down. */
  SHUTTING_DOWN: 4,
  /** The session goes on over a newer connection. */
  REPLACED: 5,
} as const;
export type ByeReason = (typeof ByeReason)[keyof typeof ByeReason];
