// Shows RFC 8839.
import { describe, expect, it } from 'vitest';
import { readIce } from '../../src/sdp';

const described = (...lines: string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 192.0.2.9', 's=-', 'c=IN IP4 192.0.2.9', 't=0 0', ...lines].join('\r\n');
const AUDIO = 'm=audio 4000 RTP/AVP 0';
const CREDENTIALS = ['a=ice-ufrag:abcd', 'a=ice-pwd:0123456789012345678901'];
const HOST = 'a=candidate:1 1 UDP 2130706431 192.0.2.9 4000 typ host';
const candidatesOf = (...lines: string[]) =>
  readIce(described(AUDIO, ...CREDENTIALS, HOST, ...lines)).lines[0]?.candidates ?? [];

describe('what a description says of ICE', () => {
  it('is read with its candidates and credentials, of the line or of all', () => {
    const first = readIce(described(...CREDENTIALS, 'a=ice-lite', AUDIO, HOST));
    expect(first.isLite).toBe(true);
    expect(first.lines).toEqual([
      {
        type: 'audio',
        fragment: 'abcd',
        password: '0123456789012345678901',
        candidates: [
          {
            ...{ foundation: '1', component: 1, priority: 2130706431 },
            ...{ address: '192.0.2.9', port: 4000, kind: 'host' },
          },
        ],
        ...{ address: '192.0.2.9', port: 4000, isMismatched: false },
      },
    ]);
  });

  it('is nothing without credentials, in a line that is off, or in what is no description', () => {
    expect(readIce(described(AUDIO, HOST)).lines).toEqual([undefined]);
    const off = 'm=audio 0 RTP/AVP 0';
    expect(readIce(described(off, ...CREDENTIALS, HOST)).lines).toEqual([undefined]);
    expect(readIce('nonsense')).toEqual({ isLite: false, lines: [] });
  });

  it.each([
    'a=candidate:2 1 TCP 1518280447 192.0.2.9 9 typ host tcptype active',
    'a=candidate:2 1 UDP 1518280447 camera.local 4000 typ host',
    'a=candidate:2 3 UDP 1518280447 192.0.2.9 4000 typ host',
    'a=candidate:2 1 UDP 1518280447 192.0.2.9 70000 typ host',
    'a=candidate:2 1 UDP 1518280447 192.0.2.9 0 typ host',
    'a=candidate:2 1 UDP 99999999999 192.0.2.9 4000 typ host',
    'a=candidate:2 1 UDP 1518280447 192.0.2.9 4000 typ quantum',
    'a=candidate:',
    'a=candidate:2 1 UDP 1518280447 192.0.2.9 4000',
  ])('passes over %s', (line) => {
    expect(candidatesOf(line)).toHaveLength(1);
  });

  it('takes what stands behind the type, and 64 candidates at most', () => {
    const more =
      'a=candidate:9 2 udp 1 2001:DB8::7 5 typ relay raddr 192.0.2.9 rport 9 generation 0';
    expect(candidatesOf(more)[1]).toMatchObject({ address: '2001:db8::7', kind: 'relay' });
    expect(candidatesOf(...Array<string>(500).fill(more))).toHaveLength(64);
  });

  it('is mismatched where the address is none of the candidates, and not on hold or before they are named', () => {
    const of = (line: string, ...rest: string[]): boolean | undefined =>
      readIce(described(line, ...CREDENTIALS, ...rest)).lines[0]?.isMismatched;
    expect(of('m=audio 4002 RTP/AVP 0', HOST)).toBe(true);
    expect(of(AUDIO, 'c=IN IP4 203.0.113.7', HOST)).toBe(true);
    expect(of(AUDIO, HOST)).toBe(false);
    expect(of(AUDIO, 'c=IN IP4 0.0.0.0', HOST)).toBe(false);
    expect(of('m=audio 9 RTP/AVP 0', HOST)).toBe(false);
    expect(of(AUDIO)).toBe(false);
  });
});
