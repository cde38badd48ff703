/** What the connection needs of a browser; tests give it another. */

/** An open or opening connection. */
export interface Wire {
  send(data: Uint8Array): void;
  /** Bytes given to it that are not on the way yet. */
  backlog(): number;
  /** Ends it; nothing is heard of it afterwards. */
  close(): void;
}

export interface WireEvents {
  opened(): void;
  heard(data: Uint8Array): void;
  closed(detail: string): void;
}

export interface Surroundings {
  connect(subprotocol: string, events: WireEvents): Wire;
  /** Makes an address of the server absolute. */
  resolve(address: string): string;
  /** Nanoseconds of a clock that never goes back. */
  now(): number;
  /** A number from 0 to 1. */
  chance(): number;
  /** Calls `then` after `ms`; what it returns calls that off. */
  later(ms: number, then: () => void): () => void;
}

/** The browser's own; addresses are relative to `base`, the address of the page. */
export function browserSurroundings(base: string): Surroundings {
  const resolve = (address: string) => new URL(address.replace(/^\//, ''), base).href;
  return {
    resolve,
    now: () => performance.now() * 1e6,
    chance: Math.random,
    later: (ms, then) => {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
    connect: (subprotocol, events) => connect(resolve('live').replace(/^http/, 'ws'), subprotocol, events),
  };
}

function connect(address: string, subprotocol: string, events: WireEvents): Wire {
  const socket = new WebSocket(address, subprotocol);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => events.opened();
  socket.onmessage = ({ data }) => events.heard(new Uint8Array(data as ArrayBuffer));
  socket.onclose = ({ code, reason }) => events.closed(reason || `closed with ${code}`);
  return {
    send: (data) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(data as Uint8Array<ArrayBuffer>);
    },
    backlog: () => socket.bufferedAmount,
    close: () => {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    },
  };
}
