import { describe, expect, it } from 'vitest';
import { StreamFramer } from '../../../src/agent/ice/stream-framer';
import { encodeStun, METHOD, textValue } from '../../../src/ice/stun';

const STUN = encodeStun({
  method: METHOD.refresh,
  kind: 'success',
  transaction: new Uint8Array(12).fill(7),
  attributes: [{ type: 0x8022, value: textValue('server') }],
});
/** Five octets in channel 0x4001, and three of padding. */
const CHANNEL = Buffer.from([0x40, 0x01, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0]);

describe('packets in a stream (RFC 8656 §12.5)', () => {
  it('are cut as they were sent, however they come', () => {
    const stream = Buffer.concat([CHANNEL, STUN, CHANNEL]);
    for (let size = 1; size <= stream.length; size++) {
      const framer = new StreamFramer();
      const packets: Uint8Array[] = [];
      for (let at = 0; at < stream.length; at += size)
        packets.push(...(framer.take(stream.subarray(at, at + size)) ?? []));
      const expected = [CHANNEL.subarray(0, 9), STUN, CHANNEL.subarray(0, 9)];
      expect(packets.map((packet) => Buffer.from(packet).toString('hex'))).toEqual(
        expected.map((packet) => Buffer.from(packet).toString('hex')),
      );
    }
  });

  it('are none where something else is sent', () => {
    expect(new StreamFramer().take(Buffer.from('SSH-2.0'))).toBeUndefined();
    expect(new StreamFramer().take(Buffer.from([0x80, 0, 0, 0]))).toBeUndefined();
  });

  it('never grow beyond what a header can name', () => {
    const framer = new StreamFramer();
    const header = Buffer.from([0x40, 0, 0xff, 0xff]);
    framer.take(header);
    let taken = 0;
    for (let round = 0; round < 200; round++)
      taken += framer.take(Buffer.alloc(1000, 0x41))?.length ?? 1000;
    expect(taken).toBeGreaterThan(0);
  });
});
