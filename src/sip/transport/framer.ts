import { announcedLength } from '../message';

/** What the octets of a stream are. */
export type Frame =
  | { readonly kind: 'message'; readonly bytes: Uint8Array }
  /** Two line breaks between messages, which want one back (RFC 5626 §3.5.1). */
  | { readonly kind: 'ping' }
  /** Where the next message begins cannot be told any more: nothing can be read behind it. */
  | { readonly kind: 'broken'; readonly problem: string };

/** Room for most messages; what is longer doubles it. */
const USUAL_BYTES = 1024;

const LF = 0x0a;
const CR = 0x0d;

/** A stream cut into messages by their Content-Length, RFC 3261 §18.3. Every octet is looked at once. */
export class Framer {
  readonly #limit: number;
  /** Of the message that has begun; without line breaks before it. */
  #held = Buffer.alloc(0);
  #heldBytes = 0;
  /** Octets of the present line; a single CR counts as none yet. */
  #lineBytes = 0;
  #endsWithReturn = false;
  /** Line breaks in a row before a message. */
  #breaks = 0;
  /** Length of the whole message, once its head is there. */
  #wanted: number | undefined;
  #isBroken = false;

  /** @param limit largest message in octets; it bounds what is held. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** A message has begun, and its end is still to come. */
  get isWithinMessage(): boolean {
    return this.#heldBytes > 0;
  }

  /** What these octets complete, in order. Behind a broken one comes nothing more. */
  push(chunk: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    let rest = chunk;
    while (rest.length > 0 && !this.#isBroken) {
      if (this.#wanted !== undefined) rest = this.#takeBody(rest, this.#wanted, frames);
      else if (this.#heldBytes > 0) rest = this.#takeHead(rest, frames);
      else rest = this.#skipLineBreaks(rest, frames);
    }
    return frames;
  }

  #skipLineBreaks(chunk: Uint8Array, frames: Frame[]): Uint8Array {
    let position = 0;
    for (; chunk[position] === LF || chunk[position] === CR; position++) {
      if (chunk[position] === LF) this.#breaks++;
      if (this.#breaks < 2) continue;
      this.#breaks = 0;
      frames.push({ kind: 'ping' });
    }
    const rest = chunk.subarray(position);
    return rest.length === 0 ? rest : this.#takeHead(rest, frames);
  }

  /** Up to the first line that is empty. */
  #takeHead(chunk: Uint8Array, frames: Frame[]): Uint8Array {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LF, start);
      if (end < 0) {
        this.#noteLine(chunk, start, chunk.length);
        this.#hold(chunk);
        if (this.#heldBytes > this.#limit) this.#break('a message that is too long', frames);
        return chunk.subarray(chunk.length);
      }
      this.#noteLine(chunk, start, end);
      start = end + 1;
      const isEmpty = this.#lineBytes === 0;
      this.#lineBytes = 0;
      this.#endsWithReturn = false;
      if (isEmpty) {
        this.#hold(chunk.subarray(0, start));
        this.#onHead(frames);
        return chunk.subarray(start);
      }
    }
  }

  /** A line is empty that holds nothing, or the CR of its ending (RFC 3261 §7). */
  #noteLine(chunk: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length === 0) return;
    const isFirstReturn = this.#lineBytes === 0 && length === 1 && chunk[start] === CR;
    if (isFirstReturn && !this.#endsWithReturn) this.#endsWithReturn = true;
    else this.#lineBytes += length;
  }

  #onHead(frames: Frame[]): void {
    const head = this.#held.subarray(0, this.#heldBytes);
    const length = announcedLength(head);
    if (length === undefined) {
      // As far as it can be read: it is owed its 400.
      frames.push({ kind: 'message', bytes: head });
      this.#break('a Content-Length that cannot be read', frames);
    } else if (head.length + length > this.#limit) {
      this.#break('a message that is too long', frames);
    } else if (length === 0) this.#complete(head, frames);
    else this.#wanted = head.length + length;
  }

  #takeBody(chunk: Uint8Array, wanted: number, frames: Frame[]): Uint8Array {
    const missing = wanted - this.#heldBytes;
    this.#hold(chunk.subarray(0, missing));
    if (this.#heldBytes === wanted) this.#complete(this.#held.subarray(0, wanted), frames);
    return chunk.subarray(missing);
  }

  #complete(bytes: Uint8Array, frames: Frame[]): void {
    frames.push({ kind: 'message', bytes });
    this.#release();
    this.#wanted = undefined;
    this.#breaks = 0;
  }

  #hold(bytes: Uint8Array): void {
    const needed = this.#heldBytes + bytes.length;
    if (needed > this.#held.length) {
      const room = Buffer.allocUnsafeSlow(Math.max(2 * this.#held.length, needed, USUAL_BYTES));
      this.#held.copy(room, 0, 0, this.#heldBytes);
      this.#held = room;
    }
    this.#held.set(bytes, this.#heldBytes);
    this.#heldBytes = needed;
  }

  /** A message keeps views of its octets: it has them for itself. */
  #release(): void {
    this.#held = Buffer.alloc(0);
    this.#heldBytes = 0;
  }

  #break(found: string, frames: Frame[]): void {
    this.#isBroken = true;
    this.#release();
    frames.push({ kind: 'broken', problem: `expected SIP messages, found ${found}` });
  }
}
