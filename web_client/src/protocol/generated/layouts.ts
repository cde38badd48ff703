// Written by `python -m server.protocol.typescript` from the protocol's own definition. Change that, not this.

import type { Layout } from '../layout';

/** Asked for in the websocket handshake; carries the major version. */
export const SUBPROTOCOL = 'museum-twin.v1';
/** Minor version: grows with every field or message added. */
export const MINOR = 0;
/** First byte of a pose, which is not msgpack. */
export const POSE = 16;

/** Numbers of the messages. */
export const Code = {
  Hello: 1,
  Welcome: 2,
  ClockRequest: 3,
  ClockAnswer: 4,
  Acknowledge: 5,
  Error: 6,
  Bye: 7,
  Gaze: 17,
  CameraFrame: 18,
  Question: 19,
  Snapshot: 32,
  Delta: 33,
  Sightings: 34,
  Answer: 35,
  Focus: 36,
} as const;

/** Numbers of the changes in a snapshot or delta. */
export const Kind = {
  ArtifactEnter: 1,
  ArtifactLeave: 2,
  ArtifactDetail: 3,
  AnnotationAdd: 4,
  AnnotationChange: 5,
  AnnotationRemove: 6,
  GalleryEnter: 7,
} as const;

/** Parts of messages by name. */
export const PARTS: Readonly<Record<string, Layout>> = {
  Consent: {
    name: 'Consent',
    fields: [
      { name: 'camera', kind: 'bool', otherwise: false },
      { name: 'gaze', kind: 'bool', otherwise: false },
      { name: 'statistics', kind: 'bool', otherwise: false },
    ],
  },
  Accessibility: {
    name: 'Accessibility',
    fields: [
      { name: 'textSize', kind: 'ratio', otherwise: 0.5 },
      { name: 'captions', kind: 'bool', otherwise: false },
      { name: 'audioDescription', kind: 'bool', otherwise: false },
      { name: 'plainLanguage', kind: 'bool', otherwise: false },
      { name: 'reducedMotion', kind: 'bool', otherwise: false },
      { name: 'seated', kind: 'bool', otherwise: false },
    ],
  },
  PoseSample: {
    name: 'PoseSample',
    fields: [
      { name: 'position', kind: 'vec3' },
      { name: 'orientation', kind: 'quat' },
    ],
  },
  Intrinsics: {
    name: 'Intrinsics',
    fields: [
      { name: 'fx', kind: 'f32' },
      { name: 'fy', kind: 'f32' },
      { name: 'cx', kind: 'f32' },
      { name: 'cy', kind: 'f32' },
    ],
  },
  Wording: {
    name: 'Wording',
    fields: [
      { name: 'purpose', kind: 'choice', of: 'TextKind' },
      { name: 'language', kind: 'text', limit: 35 },
      { name: 'content', kind: 'text', limit: 20000 },
      { name: 'source', kind: 'text', limit: 1000, otherwise: "" },
    ],
  },
  Derivative: {
    name: 'Derivative',
    fields: [
      { name: 'address', kind: 'text', limit: 2000 },
      { name: 'mediaType', kind: 'text', limit: 32 },
      { name: 'size', kind: 'u32', otherwise: 0 },
      { name: 'triangles', kind: 'u32', otherwise: 0 },
      { name: 'error', kind: 'f32', otherwise: 0.0 },
      { name: 'usage', kind: 'text', limit: 32, otherwise: "" },
    ],
  },
  Spot: {
    name: 'Spot',
    fields: [
      { name: 'annotation', kind: 'text', limit: 128 },
      { name: 'x', kind: 'f32' },
      { name: 'y', kind: 'f32' },
    ],
  },
  SeenPose: {
    name: 'SeenPose',
    fields: [
      { name: 'position', kind: 'vec3' },
      { name: 'orientation', kind: 'quat' },
      { name: 'error', kind: 'f32' },
    ],
  },
  Sighting: {
    name: 'Sighting',
    fields: [
      { name: 'artifact', kind: 'text', limit: 128 },
      { name: 'score', kind: 'ratio' },
      { name: 'evidence', kind: 'text', limit: 1000, otherwise: "" },
      { name: 'corners', kind: 'f32', list: true, otherwise: [] },
      { name: 'view', kind: 'text', limit: 128, otherwise: "" },
      { name: 'inliers', kind: 'u16', otherwise: 0 },
      { name: 'region', kind: 'f32', list: true, otherwise: [] },
      { name: 'pose', kind: 'struct', of: 'SeenPose', nil: true, otherwise: null },
      { name: 'spots', kind: 'struct', of: 'Spot', list: true, otherwise: [] },
    ],
  },
  StageTime: {
    name: 'StageTime',
    fields: [
      { name: 'stage', kind: 'text', limit: 32 },
      { name: 'duration', kind: 'i64' },
    ],
  },
  Rejection: {
    name: 'Rejection',
    fields: [
      { name: 'reason', kind: 'choice', of: 'RejectionReason' },
      { name: 'detail', kind: 'text', limit: 1000, otherwise: "" },
    ],
  },
  Statement: {
    name: 'Statement',
    fields: [
      { name: 'content', kind: 'text', limit: 20000 },
      { name: 'language', kind: 'text', limit: 35 },
      { name: 'source', kind: 'text', limit: 1000 },
      { name: 'address', kind: 'text', limit: 2000, otherwise: "" },
      { name: 'confidence', kind: 'ratio', otherwise: 1.0 },
    ],
  },
};

/** Changes by kind. */
export const CHANGES: Readonly<Record<number, Layout>> = {
  1: {
    name: 'ArtifactEnter',
    fields: [
      { name: 'artifact', kind: 'text', limit: 128 },
      { name: 'position', kind: 'vec3' },
      { name: 'orientation', kind: 'quat' },
      { name: 'bounds', kind: 'vec3' },
      { name: 'detail', kind: 'choice', of: 'Detail' },
      { name: 'texts', kind: 'struct', of: 'Wording', list: true, otherwise: [] },
      { name: 'derivatives', kind: 'struct', of: 'Derivative', list: true, otherwise: [] },
      { name: 'center', kind: 'vec3', otherwise: [0.0, 0.0, 0.0] },
    ],
  },
  2: {
    name: 'ArtifactLeave',
    fields: [
      { name: 'artifact', kind: 'text', limit: 128 },
    ],
  },
  3: {
    name: 'ArtifactDetail',
    fields: [
      { name: 'artifact', kind: 'text', limit: 128 },
      { name: 'detail', kind: 'choice', of: 'Detail' },
      { name: 'texts', kind: 'struct', of: 'Wording', list: true, otherwise: [] },
      { name: 'derivatives', kind: 'struct', of: 'Derivative', list: true, otherwise: [] },
    ],
  },
  4: {
    name: 'AnnotationAdd',
    fields: [
      { name: 'artifact', kind: 'text', limit: 128 },
      { name: 'annotation', kind: 'text', limit: 128 },
      { name: 'position', kind: 'vec3' },
      { name: 'normal', kind: 'vec3' },
      { name: 'texts', kind: 'struct', of: 'Wording', list: true, otherwise: [] },
      { name: 'motivation', kind: 'text', limit: 32, otherwise: "describing" },
    ],
  },
  5: {
    name: 'AnnotationChange',
    fields: [
      { name: 'artifact', kind: 'text', limit: 128 },
      { name: 'annotation', kind: 'text', limit: 128 },
      { name: 'texts', kind: 'struct', of: 'Wording', list: true, otherwise: [] },
    ],
  },
  6: {
    name: 'AnnotationRemove',
    fields: [
      { name: 'artifact', kind: 'text', limit: 128 },
      { name: 'annotation', kind: 'text', limit: 128 },
    ],
  },
  7: {
    name: 'GalleryEnter',
    fields: [
      { name: 'gallery', kind: 'text', limit: 128, otherwise: "" },
    ],
  },
};

/** Messages by number. */
export const MESSAGES: Readonly<Record<number, Layout>> = {
  1: {
    name: 'Hello',
    fields: [
      { name: 'kind', kind: 'choice', of: 'ClientKind' },
      { name: 'minor', kind: 'u16', otherwise: 0 },
      { name: 'capabilities', kind: 'text', list: true, limit: 32, otherwise: [] },
      { name: 'languages', kind: 'text', list: true, limit: 35, otherwise: [] },
      { name: 'accessibility', kind: 'struct', of: 'Accessibility', otherwise: [0.5, false, false, false, false, false] },
      { name: 'byteBudget', kind: 'u32', otherwise: 0 },
      { name: 'consent', kind: 'struct', of: 'Consent', otherwise: [false, false, false] },
      { name: 'gallery', kind: 'text', limit: 128, otherwise: "" },
      { name: 'token', kind: 'bytes', limit: 32, otherwise: "" },
      { name: 'received', kind: 'u32', otherwise: 0 },
      { name: 'software', kind: 'text', limit: 1000, otherwise: "" },
    ],
  },
  2: {
    name: 'Welcome',
    fields: [
      { name: 'session', kind: 'text', limit: 128 },
      { name: 'token', kind: 'bytes', limit: 32 },
      { name: 'serverTime', kind: 'i64' },
      { name: 'minor', kind: 'u16' },
      { name: 'resumed', kind: 'bool' },
      { name: 'gallery', kind: 'text', limit: 128 },
      { name: 'placement', kind: 'text', limit: 128 },
      { name: 'resumeWithin', kind: 'i64' },
      { name: 'acknowledgeEvery', kind: 'u16' },
      { name: 'heartbeat', kind: 'i64' },
      { name: 'capabilities', kind: 'text', list: true, limit: 32, otherwise: [] },
    ],
  },
  3: {
    name: 'ClockRequest',
    fields: [
      { name: 'clientSent', kind: 'i64' },
    ],
  },
  4: {
    name: 'ClockAnswer',
    fields: [
      { name: 'clientSent', kind: 'i64' },
      { name: 'serverReceived', kind: 'i64' },
      { name: 'serverSent', kind: 'i64' },
    ],
  },
  5: {
    name: 'Acknowledge',
    fields: [
      { name: 'sequence', kind: 'u32' },
    ],
  },
  6: {
    name: 'Error',
    fields: [
      { name: 'error', kind: 'choice', of: 'ErrorCode' },
      { name: 'detail', kind: 'text', limit: 1000 },
      { name: 'fatal', kind: 'bool', otherwise: false },
      { name: 'about', kind: 'u8', otherwise: 0 },
      { name: 'number', kind: 'u32', otherwise: 0 },
    ],
  },
  7: {
    name: 'Bye',
    fields: [
      { name: 'reason', kind: 'choice', of: 'ByeReason' },
      { name: 'detail', kind: 'text', limit: 1000, otherwise: "" },
      { name: 'returnAfter', kind: 'i64', otherwise: 0 },
    ],
  },
  17: {
    name: 'Gaze',
    fields: [
      { name: 'time', kind: 'i64' },
      { name: 'origin', kind: 'vec3' },
      { name: 'direction', kind: 'vec3' },
    ],
  },
  18: {
    name: 'CameraFrame',
    fields: [
      { name: 'number', kind: 'u32' },
      { name: 'encoding', kind: 'choice', of: 'ImageEncoding' },
      { name: 'width', kind: 'u16' },
      { name: 'height', kind: 'u16' },
      { name: 'image', kind: 'bytes', limit: 1048576 },
      { name: 'time', kind: 'i64' },
      { name: 'pose', kind: 'struct', of: 'PoseSample', nil: true, otherwise: null },
      { name: 'intrinsics', kind: 'struct', of: 'Intrinsics', nil: true, otherwise: null },
    ],
  },
  19: {
    name: 'Question',
    fields: [
      { name: 'number', kind: 'u32' },
      { name: 'content', kind: 'text', limit: 1000 },
      { name: 'language', kind: 'text', limit: 35 },
      { name: 'artifact', kind: 'text', limit: 128, otherwise: "" },
    ],
  },
  32: {
    name: 'Snapshot',
    fields: [
      { name: 'sequence', kind: 'u32', otherwise: 0 },
      { name: 'time', kind: 'i64' },
      { name: 'gallery', kind: 'text', limit: 128 },
      { name: 'placement', kind: 'text', limit: 128 },
      { name: 'changes', kind: 'changes' },
    ],
  },
  33: {
    name: 'Delta',
    fields: [
      { name: 'sequence', kind: 'u32', otherwise: 0 },
      { name: 'time', kind: 'i64' },
      { name: 'pose', kind: 'u16' },
      { name: 'changes', kind: 'changes' },
    ],
  },
  34: {
    name: 'Sightings',
    fields: [
      { name: 'sequence', kind: 'u32', otherwise: 0 },
      { name: 'number', kind: 'u32' },
      { name: 'sightings', kind: 'struct', of: 'Sighting', list: true, otherwise: [] },
      { name: 'rejection', kind: 'struct', of: 'Rejection', nil: true, otherwise: null },
      { name: 'stages', kind: 'struct', of: 'StageTime', list: true, otherwise: [] },
      { name: 'model', kind: 'text', limit: 128, otherwise: "" },
      { name: 'nearby', kind: 'struct', of: 'Sighting', list: true, otherwise: [] },
    ],
  },
  35: {
    name: 'Answer',
    fields: [
      { name: 'sequence', kind: 'u32', otherwise: 0 },
      { name: 'number', kind: 'u32' },
      { name: 'statements', kind: 'struct', of: 'Statement', list: true, otherwise: [] },
      { name: 'artifact', kind: 'text', limit: 128, otherwise: "" },
    ],
  },
  36: {
    name: 'Focus',
    fields: [
      { name: 'time', kind: 'i64' },
      { name: 'artifact', kind: 'text', limit: 128, otherwise: "" },
      { name: 'annotation', kind: 'text', limit: 128, otherwise: "" },
      { name: 'distance', kind: 'f32', otherwise: 0.0 },
      { name: 'dwell', kind: 'i64', otherwise: 0 },
    ],
  },
};

/** Numbers that each choice knows; another one reads as member 0. */
export const CHOICES: Readonly<Record<string, readonly number[]>> = {
  ClientKind: [0, 1, 2, 3, 4],
  Detail: [0, 1, 2, 3, 4],
  TextKind: [0, 1, 2, 3, 4, 5, 6, 7],
  ImageEncoding: [0, 1, 2, 3],
  RejectionReason: [0, 1, 2, 3, 4, 5, 6, 7],
  ErrorCode: [0, 4400, 4404, 4405, 4408, 4409, 4410, 4413, 4414, 4429, 4430, 4431, 4432, 4433, 4503],
  ByeReason: [0, 1, 2, 3, 4, 5],
};
