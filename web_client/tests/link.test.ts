/** The connection's rules, with a clock and a socket of the tests' own: nothing here waits. */
import { beforeEach, describe, expect, test } from 'vitest';
import { Link } from '../src/net/link';
import type { Surroundings, WireEvents } from '../src/net/surroundings';
import { decode, encode } from '../src/protocol/codec';
import { ByeReason, ClientKind, ErrorCode } from '../src/protocol/generated/choices';
import { Code, POSE } from '../src/protocol/generated/layouts';
import type { Change, Hello, Message } from '../src/protocol/generated/messages';
import { decodePose, type WirePose } from '../src/protocol/pose';
import type { HeadPose, Wishes } from '../src/world/visitor';
import type { Notice, Vector } from '../src/world/world';

const MS = 1e6;
const WISHES: Wishes = {
  languages: ['zh-Hant', 'en'], textSize: 0.5, captions: false, audioDescription: false, plainLanguage: false,
  reducedMotion: false, seated: false,
};

class Socket {
  readonly said: Uint8Array[] = [];
  isClosed = false;
  waiting = 0;

  constructor(readonly events: WireEvents) {}

  messages(): Message[] {
    return this.said.filter((data) => data[0] !== POSE).map((data) => decode(data)!);
  }

  poses(): WirePose[] {
    return this.said.filter((data) => data[0] === POSE).map((data) => decodePose(data, 0));
  }

  hear(message: Message): void {
    this.events.heard(encode(message));
  }
}

class House implements Surroundings {
  time = 1_000 * MS;
  readonly sockets: Socket[] = [];
  private timers: { readonly at: number; readonly then: () => void }[] = [];

  get socket(): Socket {
    return this.sockets.at(-1)!;
  }

  connect(_: string, events: WireEvents) {
    const socket = new Socket(events);
    this.sockets.push(socket);
    return { send: (data: Uint8Array) => socket.said.push(data), backlog: () => socket.waiting, close: () => (socket.isClosed = true) };
  }

  resolve(address: string): string {
    return `https://museum.example${address}`;
  }

  now(): number {
    return this.time;
  }

  chance(): number {
    return 0;
  }

  later(ms: number, then: () => void): () => void {
    const timer = { at: this.time + ms * MS, then };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((one) => one !== timer));
  }

  /** Lets so many ms pass, ringing what is due, in order. */
  pass(ms: number): void {
    const end = this.time + ms * MS;
    for (;;) {
      const next = this.timers.filter((one) => one.at <= end).sort((one, other) => one.at - other.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((one) => one !== next);
      this.time = Math.max(this.time, next.at);
      next.then();
    }
    this.time = end;
  }

  /** The socket opens and the server welcomes. */
  welcome(resumed = false): void {
    this.socket.events.opened();
    this.socket.hear({
      code: Code.Welcome, session: 's-1', token: Uint8Array.of(1, 2, 3), serverTime: 5_000 * MS, minor: 0, resumed,
      gallery: 'hall', placement: 'p-1', resumeWithin: 120_000 * MS, acknowledgeEvery: 4, heartbeat: 15_000 * MS,
      capabilities: ['recognizer', 'questions'],
    });
  }

  snapshot(sequence: number, ...changes: Change[]): void {
    this.socket.hear({ code: Code.Snapshot, sequence, time: 0, gallery: 'hall', placement: 'p-1', changes });
  }

  delta(sequence: number, ...changes: Change[]): void {
    this.socket.hear({ code: Code.Delta, sequence, time: 0, pose: 0, changes });
  }
}

function enter(artifact: string, detail: 1 | 3 = 1): Change {
  const derivatives = [{ address: '/assets/abc', mediaType: 'model/gltf-binary', size: 10, triangles: 2, error: 0, usage: 'geometry' }];
  return { kind: 1, artifact, position: [1, 0, 0], orientation: [0, 0, 0, 1], bounds: [1, 1, 1], detail, texts: [], derivatives, center: [0, 0, 0] };
}

function note(artifact: string, annotation: string): Change {
  return { kind: 4, artifact, annotation, position: [0, 0, 0], normal: [0, 0, 1], texts: [], motivation: 'describing' };
}

function at(x: number): HeadPose {
  return { position: [x, 1.6, 0], orientation: [0, 0, 0, 1] };
}

let house: House;
let link: Link;
let told: Notice[];

beforeEach(() => {
  house = new House();
  link = new Link(house, { kind: ClientKind.DESKTOP, capabilities: ['meshopt'], wishes: WISHES, gallery: '', byteBudget: 9_000 });
  told = [];
  link.world.subscribe((notice) => told.push(notice));
  link.open();
});

describe('greeting', () => {
  test('the hello says what the client is, wishes and agreed to: nothing, until the visitor says so', () => {
    house.socket.events.opened();

    const hello = house.socket.messages()[0] as Hello;
    expect(hello).toMatchObject({
      kind: ClientKind.DESKTOP, capabilities: ['meshopt'], languages: ['zh-Hant', 'en'], byteBudget: 9_000, received: 0,
      consent: { camera: false, gaze: false, statistics: false },
    });
    expect(hello.token.length).toBe(0);
    expect(link.world.connection.phase).toBe('connecting');
  });

  test('with the welcome it is live', () => {
    house.welcome();

    expect(link.world.connection.phase).toBe('live');
    expect([...link.world.offers]).toEqual(['recognizer', 'questions']);
  });

  test('a server that says nothing is given up, and tried again', () => {
    house.pass(8_000);

    expect(house.sockets[0]!.isClosed).toBe(true);
    expect(link.world.connection).toMatchObject({ phase: 'waiting', detail: 'no welcome in time' });
    house.pass(250);
    expect(house.sockets.length).toBe(2);
  });
});

describe('the world', () => {
  test('is what the snapshot says, and every delta after it', () => {
    house.welcome();
    house.snapshot(1, enter('a'), note('a', 'lid'));
    house.delta(2, enter('b'), { kind: 2, artifact: 'a' });

    expect([...link.world.exhibits.keys()]).toEqual(['b']);
    expect(link.world.exhibits.get('b')!.derivatives[0]!.url).toBe('https://museum.example/assets/abc');
    expect(told.map((one) => one.kind).filter((kind) => kind !== 'connection')).toEqual([
      'gallery', 'entered', 'annotated', 'left', 'entered',
    ]);
  });

  test('a snapshot told again after a loss leaves what is the same the same object, unannounced', () => {
    house.welcome();
    house.snapshot(1, enter('a'), note('a', 'lid'), enter('b'));
    const [a, b] = ['a', 'b'].map((artifact) => link.world.exhibits.get(artifact));
    house.socket.events.closed('gone');
    house.pass(250);
    house.welcome();
    told.length = 0;
    house.snapshot(1, enter('a'), note('a', 'lid'), note('a', 'foot'), enter('b'));

    expect(link.world.exhibits.get('b')).toBe(b);
    expect(link.world.exhibits.get('a')!.annotations.get('lid')).toBe(a!.annotations.get('lid'));
    expect(told.map((one) => one.kind)).toEqual(['annotated']);
  });

  test('changes of what is not there change nothing', () => {
    house.welcome();
    house.snapshot(1, enter('a'));
    const before = link.world.exhibits.get('a');
    house.delta(2, note('x', 'lid'), { kind: 6, artifact: 'a', annotation: 'none' }, { kind: 2, artifact: 'y' });

    expect([...link.world.exhibits.values()]).toEqual([before]);
    expect(link.world.exhibits.get('a')).toBe(before);
  });

  test('a listener that fails keeps nobody else from hearing', () => {
    const reported: unknown[] = [];
    globalThis.reportError = (error) => reported.push(error);
    const ended = link.world.subscribe(() => {
      throw new Error('mine');
    });
    let heard = 0;
    link.world.subscribe(() => heard++);
    house.welcome();
    ended();

    expect(heard).toBeGreaterThan(0);
    expect(reported.length).toBe(heard);
  });
});

describe('events', () => {
  test('are acknowledged every half window and within a second', () => {
    house.welcome();
    house.snapshot(1, enter('a'));
    house.delta(2);
    house.pass(250);
    house.delta(3);
    house.pass(1_500);

    const said = house.socket.messages().filter((one) => one.code === Code.Acknowledge);
    expect(said.map((one) => one.sequence)).toEqual([2, 3]);
  });

  test('one that comes twice is taken in once', () => {
    house.welcome();
    house.snapshot(1, enter('a'));
    house.delta(2, enter('b'));
    house.delta(2, { kind: 2, artifact: 'b' });

    expect(link.world.exhibits.has('b')).toBe(true);
  });

  test('one that is missing ends the connection, and the session is resumed after the last that came', () => {
    house.welcome();
    house.snapshot(1, enter('a'));
    house.delta(3, enter('b'));
    expect(house.sockets[0]!.isClosed).toBe(true);
    house.pass(250);
    house.socket.events.opened();

    const hello = house.socket.messages()[0] as Hello;
    expect([...hello.token]).toEqual([1, 2, 3]);
    expect(hello.received).toBe(1);
  });

  test('after a resume the missed events follow without a snapshot, and nothing was forgotten', () => {
    house.welcome();
    house.snapshot(1, enter('a'));
    house.socket.events.closed('gone');
    expect(link.world.connection.phase).toBe('waiting');
    expect(link.world.exhibits.has('a')).toBe(true);
    house.pass(250);
    house.welcome(true);
    house.delta(2, enter('b'));

    expect([...link.world.exhibits.keys()]).toEqual(['a', 'b']);
    expect(link.world.connection.phase).toBe('live');
  });
});

describe('coming back', () => {
  test('each try waits twice as long as the last, up to ten seconds', () => {
    const waits: number[] = [];
    for (let tries = 0; tries < 8; tries++) {
      house.socket.events.closed('no server');
      const wait = (link.world.connection.retryAt! * MS - house.time) / MS;
      waits.push(Math.round(wait));
      house.pass(wait);
    }

    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  test('a welcome alone does not count as success: only a connection that held does', () => {
    for (let tries = 0; tries < 3; tries++) {
      house.welcome();
      house.socket.events.closed('crashed');
      house.pass(1_000);
    }
    expect(link.world.connection.tries).toBe(3);
    house.welcome();
    for (let second = 0; second < 6; second++) {
      house.pass(1_000);
      house.socket.hear({ code: Code.Focus, time: 0, artifact: '', annotation: '', distance: 0, dwell: 0n });
    }
    house.pass(250);
    house.socket.events.closed('gone');

    expect(link.world.connection.tries).toBe(1);
  });

  test('a server that goes down says when to come back', () => {
    house.welcome();
    house.socket.hear({ code: Code.Bye, reason: ByeReason.SHUTTING_DOWN, detail: 'closing', returnAfter: 2_000 * MS });
    house.socket.events.closed('');

    expect(link.world.connection).toMatchObject({ phase: 'waiting', detail: 'closing', retryAt: 3_000 });
    house.pass(1_999);
    expect(house.sockets.length).toBe(1);
    house.pass(1);
    expect(house.sockets.length).toBe(2);
  });

  test('a session that goes on elsewhere is not fought for', () => {
    house.welcome();
    house.socket.hear({ code: Code.Error, error: ErrorCode.REPLACED, detail: 'elsewhere', fatal: true, about: 0, number: 0 });
    house.socket.events.closed('');
    house.pass(60_000);

    expect(link.world.connection.phase).toBe('refused');
    expect(house.sockets.length).toBe(1);
    link.reconnect();
    expect(house.sockets.length).toBe(2);
  });

  test('a connection on which nothing is heard is taken for dead', () => {
    house.welcome();
    house.pass(10_500);

    expect(house.sockets[0]!.isClosed).toBe(true);
    expect(link.world.connection.detail).toBe('nothing heard for 10 s');
  });

  test('a page that slept judges the connection only after it has listened again', () => {
    house.welcome();
    house.time += 60_000 * MS;
    house.pass(250);

    expect(house.sockets[0]!.isClosed).toBe(false);
  });

  test('bytes that are no message end the connection, never the page', () => {
    house.welcome();
    house.socket.events.heard(Uint8Array.of(0xc1));

    expect(link.world.connection.phase).toBe('waiting');
  });
});

describe('sending', () => {
  test('of poses only the newest is sent, and none while the socket is behind', () => {
    house.welcome();
    house.socket.waiting = 1_000_000;
    for (let step = 0; step < 100; step++) link.move(at(step / 10));
    expect(house.socket.poses().length).toBe(0);
    house.socket.waiting = 0;
    house.pass(250);

    expect(house.socket.poses().map((pose) => pose.position[0])).toEqual([at(9.9).position[0]].map((x) => expect.closeTo(x, 3)));
  });

  test('a head that rests is told twice a second, one that moves at most sixty times', () => {
    house.welcome();
    for (let frame = 0; frame < 144; frame++) {
      link.move(at(frame / 100));
      house.pass(1_000 / 144);
    }
    const moving = house.socket.poses().length;
    expect(moving).toBeGreaterThan(40);
    expect(moving).toBeLessThanOrEqual(61);
    for (let frame = 0; frame < 144; frame++) {
      link.move(at(2));
      house.pass(1_000 / 144);
    }

    expect(house.socket.poses().length - moving).toBeLessThanOrEqual(4);
  });

  test('poses are numbered and carry the server\'s time', () => {
    house.welcome();
    link.move(at(0));
    house.pass(100);
    link.move(at(1));

    const poses = house.socket.poses();
    expect(poses.map((pose) => pose.number)).toEqual([1, 2]);
    expect(poses[1]!.time).toBe(5_100 * MS);
  });

  test('a pose that the wire cannot say is not sent, and hurts nothing', () => {
    house.welcome();
    link.move(at(600));
    link.move({ ...at(1), left: { position: [9, 9, 9], orientation: [0, 0, 0, 1], tracked: true } });

    expect(house.socket.poses().map((pose) => pose.left)).toEqual([null]);
  });

  test('no picture and no gaze leaves before the visitor agreed, and the next hello says so', () => {
    house.welcome();
    const look: [Vector, Vector] = [[0, 0, 0], [0, 0, -1]];
    const picture = { jpeg: Uint8Array.of(1), width: 1, height: 1 };
    expect(link.show(picture)).toBeNull();
    link.look(...look);
    expect(house.socket.messages().map((one) => one.code)).toEqual([Code.Hello, Code.ClockRequest]);

    link.agree({ camera: true, gaze: true });
    house.welcome();
    expect((house.socket.messages()[0] as Hello).consent).toEqual({ camera: true, gaze: true, statistics: false });
    link.look(...look);
    expect(link.show(picture)).toBe(1);
    expect(house.socket.messages().map((one) => one.code).slice(-2)).toEqual([Code.Gaze, Code.CameraFrame]);
  });

  test('a withdrawn consent ends the session that had it', () => {
    link.agree({ camera: true });
    house.welcome();
    link.agree({ camera: false });

    expect(house.sockets.at(-2)!.messages().at(-1)).toMatchObject({ code: Code.Bye, reason: ByeReason.LEAVING });
    expect(link.show({ jpeg: Uint8Array.of(1), width: 1, height: 1 })).toBeNull();
  });

  test('other wishes begin a new session, worded anew', () => {
    house.welcome();
    house.snapshot(1, enter('a'));
    link.wish({ languages: ['en'] });
    house.socket.events.opened();

    const hello = house.socket.messages()[0] as Hello;
    expect(hello.languages).toEqual(['en']);
    expect(hello.token.length).toBe(0);
    expect(link.world.exhibits.has('a')).toBe(true);
  });

  test('a question is asked in the visitor\'s language and its answer told; a fifth open one is not asked', () => {
    house.welcome();
    house.snapshot(1);
    expect([1, 2, 3, 4, 5].map(() => link.ask('What is it made of?', 'a'))).toEqual([1, 2, 3, 4, null]);
    expect(house.socket.messages().find((one) => one.code === Code.Question)).toMatchObject({ language: 'zh-Hant', artifact: 'a' });
    house.socket.hear({ code: Code.Answer, sequence: 2, number: 1, artifact: 'a', statements: [{ content: 'Bronze.', language: 'en', source: 'row 1', address: '', confidence: 1 }] });

    expect(told.find((one) => one.kind === 'answer')).toMatchObject({ answer: { number: 1, statements: [{ content: 'Bronze.', url: '' }] } });
    expect(link.ask('And how old?', 'a')).toBe(5);
  });
});
