// Shows RFC 6189.

import { describe, expect, it } from 'vitest';
import { STATUS_EXAMPLE } from '../../src/control';
import { writeMessage } from '../../src/zrtp/message';
import { writePacket } from '../../src/zrtp/packet';
import { VirtualClock } from '../support/virtual-clock';
import { memoryOn, Phones } from './phones';

const zrtpOf = ({ one, other }: Phones) => [one, other].map(({ call }) => call.agreed.zrtp);

describe('a call whose keys may come by ZRTP', () => {
  it('is plain at first, and secret when both have proved that they have the keys', async () => {
    const phones = await Phones.open();
    await phones.run(5);
    expect(zrtpOf(phones)).toEqual(Array(2).fill({ state: 'asking', detail: '' }));
    await phones.run();
    const { one, other } = phones;
    expect(one.streams.audio?.srtp?.send).toEqual(other.streams.audio?.srtp?.receive);
    expect(one.call.agreed).toMatchObject({
      encryption: { suite: 'AES_256_CM_HMAC_SHA1_80', keysBy: 'zrtp', keysHidden: true },
      zrtp: { state: 'secure', verified: false, known: false, detail: '' },
    });
    expect(one.call.agreed.zrtp?.sas).toMatch(/^[a-z1-9]{4}$/);
    expect(one.call.agreed.zrtp?.sas).toBe(other.call.agreed.zrtp?.sas);
    // Who began has nothing heard until the other end can read it.
    const [slow, quick] = one.states.length > 2 ? [one, other] : [other, one];
    expect(slow.states).toEqual(['plain sendrecv', 'secret recvonly', 'secret sendrecv']);
    expect(quick.states).toEqual(['plain sendrecv', 'secret sendrecv']);
  });

  it('gives the media plane nothing that it does not know', async () => {
    const phones = await Phones.open({ withPicture: true });
    await phones.run();
    for (const { streams } of [phones.one, phones.other]) {
      expect(JSON.stringify(streams)).not.toContain('zrtp');
    }
  });

  it('numbers its packets upwards, each with the source that its sound has', async () => {
    const phones = await Phones.open();
    const { audio } = STATUS_EXAMPLE.calls[0]?.media ?? {};
    if (!audio) throw new Error('no example');
    phones.one.session.report = { audio: { ...audio, sent: { ...audio.sent, ssrc: 0xabcdef01 } } };
    await phones.run();
    const ofOne = phones.passed.filter(
      (bytes) => Buffer.from(bytes).readUInt32BE(8) === 0xabcdef01,
    );
    expect(ofOne.length).toBeGreaterThan(2);
    const numbers = ofOne.map((bytes) => Buffer.from(bytes).readUInt16BE(2));
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  });

  it('waits until it is up', async () => {
    const phones = await Phones.open();
    phones.one.isUp = false;
    phones.other.isUp = false;
    await phones.run();
    expect(phones.passed).toEqual([]);
    expect(phones.one.session.listening).toBe(true);
    expect(phones.one.call.agreed).toEqual({});
  });

  it('stays plain with who does not speak it, and says so', async () => {
    const phones = await Phones.open({ bothSpeak: false });
    await phones.run(6000);
    expect(phones.one.states).toEqual(['plain sendrecv']);
    expect(phones.one.call.agreed).toEqual({
      zrtp: { state: 'failed', detail: 'the far end does not speak ZRTP' },
    });
    expect(phones.one.ends).toEqual([]);
  });

  it('leaves streams alone that have keys by SDES', async () => {
    const phones = await Phones.open();
    const { audio } = phones.one.negotiated;
    if (!audio) throw new Error('no sound');
    const key = { master: Array(30).fill(1) };
    const srtp = { suite: 'AES_CM_128_HMAC_SHA1_80', send: key, receive: key } as const;
    phones.one.negotiated = { audio: { ...audio, srtp } };
    await phones.run();
    expect(phones.one.streams.audio?.srtp).toEqual(srtp);
    expect(phones.targets.size).toBe(0);
    expect(phones.one.call.agreed).toEqual({});
  });

  it('has keys of its own for the picture, by the same agreement', async () => {
    const phones = await Phones.open({ withPicture: true });
    await phones.run(1200);
    const { one, other } = phones;
    expect(one.streams.video?.srtp?.send).toEqual(other.streams.video?.srtp?.receive);
    expect(one.streams.video?.srtp?.send).not.toEqual(one.streams.audio?.srtp?.send);
    expect(one.call.agreed.encryption?.keysBy).toBe('zrtp');
    const kinds = phones.passed.map((bytes) => Buffer.from(bytes).toString('latin1', 16, 24));
    expect(kinds.filter((kind) => kind === 'DHPart1 ')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'Commit  ').length).toBeGreaterThan(1);
  });

  it('shows the picture plain, and says so, where that one does not come to keys', async () => {
    const phones = await Phones.open({ withPicture: true, isPictureDeaf: true });
    await phones.run(6000);
    const { agreed } = phones.one.call;
    expect(agreed.encryption).toBeUndefined();
    expect(agreed.zrtp).toMatchObject({
      state: 'secure',
      detail: 'the picture: the far end does not speak ZRTP',
    });
    expect(phones.one.streams.audio?.srtp).toBeDefined();
    expect(phones.one.streams.video?.srtp).toBeUndefined();
    expect(phones.one.streams.video?.direction).toBe('sendrecv');
    const strict = await Phones.open({ isRequired: true, withPicture: true, isPictureDeaf: true });
    await strict.run(6000);
    expect(strict.one.streams.audio?.srtp).toBeDefined();
    expect(strict.one.streams).not.toHaveProperty('video');
  });

  it('follows a far end whose packets come from elsewhere than its description says', async () => {
    const seenAs = { address: '198.51.100.7', port: 6000 };
    const phones = await Phones.open({ seenAs });
    await phones.run();
    expect(zrtpOf(phones).map((zrtp) => zrtp?.state)).toEqual(['secure', 'secure']);
    expect([...phones.targets]).toEqual(['192.0.2.2:40000', '198.51.100.7:6000']);
  });

  it('believes an Error of the far end, and of nobody else', async () => {
    const { one } = await Phones.open();
    one.configure();
    const message = writeMessage('Error', Buffer.from('00000040', 'hex'));
    const packet = writePacket({ sequence: 1, ssrc: 1, message });
    const come = (address: string, port: number) =>
      one.engine.events.emit('datagram', one.session.id, 'audioRtp', packet, { address, port });
    come('198.51.100.7', 40000);
    come('192.0.2.2', 40002);
    expect(one.call.agreed.zrtp?.state).toBe('asking');
    come('192.0.2.2', 40000);
    expect(one.call.agreed.zrtp).toEqual({
      state: 'failed',
      detail: 'the far end says: nothing in common in Hello',
    });
  });

  it('keeps its keys when it moves, and listens there', async () => {
    const phones = await Phones.open();
    await phones.run();
    const { one } = phones;
    const before = one.streams.audio?.srtp;
    one.session = one.engine.openSession('192.0.2.11', true);
    one.configure();
    expect(one.session.listening).toBe(true);
    expect(one.streams.audio?.srtp).toEqual(before);
  });
});

describe('a far end that is another one by its new description', () => {
  it('makes keys of its own, and nothing is plain meanwhile', async () => {
    const phones = await Phones.open({ withPicture: true });
    await phones.run(1200);
    const { one } = phones;
    const before = one.streams.audio?.srtp;
    one.call.verify(true);
    await phones.replaceOther();
    await phones.run(1200);
    const { other } = phones;
    expect(one.streams.audio?.srtp?.send).toEqual(other.streams.audio?.srtp?.receive);
    expect(one.streams.audio?.srtp).not.toEqual(before);
    expect(one.call.agreed.zrtp).toMatchObject({ state: 'secure', verified: false, known: false });
    expect(one.call.agreed.zrtp?.sas).toBe(other.call.agreed.zrtp?.sas);
    expect(one.states.slice(1)).not.toContain('plain sendrecv');
  });

  it('ends the call when it makes none', async () => {
    const phones = await Phones.open();
    await phones.run();
    await phones.replaceOther(false);
    await phones.run(6000);
    expect(phones.one.ends).toEqual(['the call was secret, and the far end does not speak ZRTP']);
    expect(phones.one.streams).toEqual({});
  });
});

describe('where ZRTP is required', () => {
  it('nothing is heard or sent before', async () => {
    const phones = await Phones.open({ isRequired: true, withPicture: true });
    await phones.run(15);
    expect(phones.one.streams).toEqual({});
    await phones.run(1200);
    const { one, other } = phones;
    expect([...one.states, ...other.states].join()).not.toContain('plain');
    expect(one.streams.audio?.direction).toBe('sendrecv');
    expect(one.streams.video?.srtp).toBeDefined();
  });

  it('the call ends with words when it does not come about', async () => {
    const phones = await Phones.open({ isRequired: true, bothSpeak: false });
    await phones.run(6000);
    expect(phones.one.ends).toEqual(['zrtp is "required", and the far end does not speak ZRTP']);
    expect(phones.one.states).toEqual(['none']);
  });
});

describe('from one call to the next', () => {
  const again = async (memories: Parameters<typeof Phones.open>[0]) => {
    const phones = await Phones.open(memories);
    await phones.run();
    return phones;
  };

  it('both know each other again, and that they have compared, while both say so', async () => {
    const clock = new VirtualClock();
    const memories = [await memoryOn(clock), await memoryOn(clock)] as const;
    const first = await again({ memories });
    expect(first.one.call.verify(true)).toBe(true);
    expect(first.other.call.verify(true)).toBe(true);
    expect(first.one.call.agreed.zrtp?.verified).toBe(true);
    const second = await again({ memories });
    expect(zrtpOf(second)).toMatchObject([
      { known: true, verified: true },
      { known: true, verified: true },
    ]);
    expect(second.one.call.agreed.zrtp?.sas).not.toBe(first.one.call.agreed.zrtp?.sas);
    second.other.call.verify(false);
    const third = await again({ memories });
    expect(zrtpOf(third).map((zrtp) => zrtp?.verified)).toEqual([false, false]);
    expect(zrtpOf(third).map((zrtp) => zrtp?.known)).toEqual([true, true]);
    // What one of them has taken back, the other has to compare anew.
    expect(zrtpOf(await again({ memories })).map((zrtp) => zrtp?.verified)).toEqual([false, false]);
  });

  it('a far end that has lost its memory is told in words, and known again once it is compared', async () => {
    const clock = new VirtualClock();
    const memories = [await memoryOn(clock), await memoryOn(clock)] as const;
    const first = await again({ memories });
    first.one.call.verify(true);
    first.other.call.verify(true);
    // The same ZID, and nothing else.
    const lost = await memoryOn(clock);
    Object.defineProperty(lost, 'zid', { value: memories[1].zid });
    const second = await again({ memories: [memories[0], lost] });
    expect(second.one.call.problems).toEqual([expect.stringContaining('compare the string')]);
    expect(second.one.call.agreed.zrtp).toMatchObject({ verified: false, known: false });
    expect(second.one.logged.join()).toContain('somebody may sit in between');
    expect(second.other.call.problems).toEqual([]);
    // Who sits in between is not remembered in place of the one who was compared with.
    const kept = await again({ memories });
    expect(kept.one.call.agreed.zrtp).toMatchObject({ verified: true, known: true });
    const third = await again({ memories: [memories[0], lost] });
    expect(third.one.call.problems).toHaveLength(1);
    third.one.call.verify(true);
    third.other.call.verify(true);
    expect(third.one.call.problems).toEqual([]);
    expect(third.one.call.agreed.zrtp?.verified).toBe(true);
    const fourth = await again({ memories: [memories[0], lost] });
    expect(fourth.one.call.agreed.zrtp).toMatchObject({ known: true, detail: '' });
  });

  it('there is nothing to compare before it is secure', async () => {
    const phones = await Phones.open({ bothSpeak: false });
    await phones.run(20);
    expect(phones.one.call.verify(true)).toBe(false);
  });
});

describe('secrets', () => {
  it('stand neither in the log nor in what a status shows', async () => {
    const phones = await Phones.open({ withPicture: true });
    await phones.run(1200);
    const { one } = phones;
    one.call.verify(true);
    const told = JSON.stringify([one.logged, one.call.agreed, one.call.problems]);
    const { audio, video } = one.streams;
    const keys = [audio, video].flatMap((stream) =>
      stream?.srtp ? [stream.srtp.send.master, stream.srtp.receive.master] : [],
    );
    expect(keys).toHaveLength(4);
    for (const key of keys) {
      const bytes = Buffer.from(key);
      expect(told).not.toContain(bytes.toString('hex').slice(0, 12));
      expect(told).not.toContain(bytes.toString('base64').slice(0, 8));
      expect(told).not.toContain(key.slice(0, 4).join());
      // Nor on the wire.
      for (const packet of phones.passed) {
        expect(Buffer.from(packet).includes(bytes.subarray(0, 16))).toBe(false);
      }
    }
  });
});
