/**
 * Writes msgpack. Ours, because the protocol's floats have 32 bits even where they are whole, and the library
 * that reads for us writes 1.0 as the integer 1 and nothing else.
 */
const TEXT = new TextEncoder();

export class Writer {
  private bytes: Uint8Array;
  private view: DataView;
  private at = 0;

  constructor(size = 256) {
    this.bytes = new Uint8Array(size);
    this.view = new DataView(this.bytes.buffer);
  }

  /** What was written, in an array of its own. */
  get written(): Uint8Array {
    return this.bytes.slice(0, this.at);
  }

  nil(): void {
    this.byte(0xc0);
  }

  bool(value: boolean): void {
    this.byte(value ? 0xc3 : 0xc2);
  }

  array(count: number): void {
    this.head(count, 0x90, 15, 0xdc);
  }

  /** A whole number in the fewest bytes; one beyond ±2⁵³ as a bigint. */
  whole(value: number | bigint): void {
    if (typeof value === 'bigint') {
      if (value < 0) this.wide(0xd3, 8, (view, at) => view.setBigInt64(at, value));
      else this.wide(0xcf, 8, (view, at) => view.setBigUint64(at, value));
    } else if (value < 0) {
      this.negative(value);
    } else if (value < 0x80) {
      this.byte(value);
    } else if (value <= 0xff) {
      this.byte(0xcc, value);
    } else if (value <= 0xffff) {
      this.wide(0xcd, 2, (view, at) => view.setUint16(at, value));
    } else if (value <= 0xffffffff) {
      this.wide(0xce, 4, (view, at) => view.setUint32(at, value));
    } else {
      this.wide(0xcf, 8, (view, at) => view.setBigUint64(at, BigInt(value)));
    }
  }

  /** A float of 32 bits. */
  float(value: number): void {
    this.wide(0xca, 4, (view, at) => view.setFloat32(at, value));
  }

  text(value: string): void {
    const bytes = TEXT.encode(value);
    if (bytes.length > 31 && bytes.length <= 0xff) {
      this.byte(0xd9, bytes.length);
    } else {
      this.head(bytes.length, 0xa0, 31, 0xda);
    }
    this.raw(bytes);
  }

  binary(value: Uint8Array): void {
    if (value.length <= 0xff) {
      this.byte(0xc4, value.length);
    } else {
      this.head(value.length, 0, -1, 0xc5);
    }
    this.raw(value);
  }

  private negative(value: number): void {
    if (value >= -32) {
      this.byte(value & 0xff);
    } else if (value >= -0x80) {
      this.byte(0xd0, value & 0xff);
    } else if (value >= -0x8000) {
      this.wide(0xd1, 2, (view, at) => view.setInt16(at, value));
    } else if (value >= -0x80000000) {
      this.wide(0xd2, 4, (view, at) => view.setInt32(at, value));
    } else {
      this.wide(0xd3, 8, (view, at) => view.setBigInt64(at, BigInt(value)));
    }
  }

  // A count within the first byte where it fits, else in two or four bytes after `two` or the byte after it.
  private head(count: number, small: number, most: number, two: number): void {
    if (count <= most) {
      this.byte(small | count);
    } else if (count <= 0xffff) {
      this.wide(two, 2, (view, at) => view.setUint16(at, count));
    } else {
      this.wide(two + 1, 4, (view, at) => view.setUint32(at, count));
    }
  }

  private byte(...values: number[]): void {
    this.reserve(values.length);
    for (const value of values) this.bytes[this.at++] = value;
  }

  private wide(mark: number, size: number, set: (view: DataView, at: number) => void): void {
    this.reserve(1 + size);
    this.bytes[this.at] = mark;
    set(this.view, this.at + 1);
    this.at += 1 + size;
  }

  private raw(values: Uint8Array): void {
    this.reserve(values.length);
    this.bytes.set(values, this.at);
    this.at += values.length;
  }

  private reserve(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.bytes.length, this.at + more));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}
