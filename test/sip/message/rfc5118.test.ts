// Shows RFC 5118.

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { type SipRequest, serializeMessage } from '../../../src/sip/message';
import { outcomeOf, parsed, readTorture } from './torture';

type Row = readonly [section: string, file: string, outcome: 'accept' | number, why: string];

/** RFC 5118, section by section. */
const TABLE: readonly Row[] = [
  ['4.1', 'ipv6-good', 'accept', 'an IPv6 reference'],
  ['4.2', 'ipv6-bad', 400, 'the brackets are missing'],
  ['4.3', 'port-ambiguous', 'accept', 'well-formed: the port reads as part of the address'],
  ['4.4', 'port-unambiguous', 'accept', 'a port behind the bracket'],
  ['4.5', 'via-received-param-with-delim', 'accept', 'received in brackets'],
  ['4.5', 'via-received-param-no-delim', 'accept', 'received without brackets'],
  ['4.6', 'ipv6-in-sdp', 'accept', 'no brackets in SDP'],
  ['4.7', 'mult-ip-in-header', 'accept', 'both families in Via'],
  ['4.8', 'mult-ip-in-sdp', 'accept', 'both families in SDP'],
  ['4.9', 'ipv4-mapped-ipv6', 'accept', 'mapped addresses'],
  ['4.10', 'ipv6-bug-abnf-3-colons', 'accept', 'the third colon is tolerated'],
  ['4.10', 'ipv6-correct-abnf-2-colons', 'accept', 'as the grammar should be'],
];

function tortureRequest(file: string): SipRequest {
  const message = parsed(readTorture('rfc5118', file));
  if (message.kind !== 'request') throw new Error(`${file} is no request`);
  return message;
}

describe('RFC 5118', () => {
  test.each(TABLE)('%s %s: %s, %s', (_section, file, outcome) => {
    expect(outcomeOf(readTorture('rfc5118', file))).toBe(outcome);
  });

  it('covers all 12 messages of the RFC, each once', () => {
    const folder = fileURLToPath(new URL('../../data/rfc5118', import.meta.url));
    const files = TABLE.map(([, file]) => file);
    expect(files).toHaveLength(12);
    expect([...files].sort()).toEqual(readdirSync(folder).sort());
  });

  it('port-ambiguous and port-unambiguous: where the port is', () => {
    expect(tortureRequest('port-ambiguous').uri).toMatchObject({
      host: '2001:db8::10:5070',
      port: undefined,
    });
    expect(tortureRequest('port-unambiguous').uri).toMatchObject({
      host: '2001:db8::10',
      port: 5070,
    });
  });

  it('via-received-param: the same address with and without brackets', () => {
    for (const form of ['with', 'no']) {
      const { topVia } = tortureRequest(`via-received-param-${form}-delim`);
      expect(topVia.received).toBe('2001:db8::9:255');
      expect(topVia.host).toBe('2001:db8::9:1');
    }
  });

  it('mult-ip-in-header: hosts and ports of three Vias', () => {
    const vias = tortureRequest('mult-ip-in-header').vias;
    expect(vias.map((via) => [via.host, via.port, via.received])).toEqual([
      ['2001:db8::9:1', 6050, undefined],
      ['192.0.2.1', undefined, undefined],
      ['2001:db8::9:255', undefined, '192.0.2.200'],
    ]);
  });

  it('ipv6-bug-abnf-3-colons: leaves with two colons', () => {
    const request = tortureRequest('ipv6-bug-abnf-3-colons');
    expect(request.uri.host).toBe('2001:db8::192.0.2.1');
    expect(`${Buffer.from(serializeMessage(request))}`).toMatch(
      /^OPTIONS sip:user@\[2001:db8::192\.0\.2\.1\] SIP\/2\.0\r\n/,
    );
  });
});
