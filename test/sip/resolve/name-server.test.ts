// Shows RFC 3263.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/platform';
import { parseSipUri } from '../../../src/sip/message';
import { Resolver, systemRecords } from '../../../src/sip/resolve';
import { seededRandom } from '../../support/seeded-random';
import { cname, NameServer, naptr, srv } from '../support/name-server';

/** Records by real datagrams of a name server that we have made; hosts' addresses are given. */
let server: NameServer;
beforeEach(async () => {
  server = await NameServer.open();
});
afterEach(() => server.close());

const HOSTS: Readonly<Record<string, string>> = {
  'pbx.example': '10.9.9.9',
  'a.example': '10.0.0.1',
  'b.example': '10.0.0.2',
};

function resolve(uri: string): Promise<string> {
  const resolver = new Resolver({
    lookup: async (host) => {
      const address = HOSTS[host.toLowerCase()];
      if (address === undefined) throw new Error('ENOTFOUND');
      return [address];
    },
    ...systemRecords([server.address], 60),
    families: [4],
    protocols: ['UDP', 'TCP', 'TLS'],
    clock: systemClock,
    random: seededRandom(1),
  });
  return new Promise((done) =>
    resolver.resolve(parseSipUri(uri), (result) =>
      done(
        result.kind === 'failure'
          ? result.reason
          : result.list
              .map(({ protocol, remote }) => `${protocol} ${remote.address} ${remote.port}`)
              .join(', '),
      ),
    ),
  );
}

const ADDRESS_ALONE = 'UDP 10.9.9.9 5060';

describe('a name server', () => {
  it('that points to TLS first and to TCP then is followed (RFC 3263 §4.1)', async () => {
    server.answer = (name, type) => {
      switch (`${type} ${name}`) {
        case 'NAPTR pbx.example':
          return [
            naptr(name, 'SIP+D2T', '_sip._tcp.pbx.example', { order: 2 }),
            naptr(name, 'SIPS+D2T', '_sips._tcp.edge.example', { order: 1, preference: 5 }),
            naptr(name, 'SIP+D2S', '_sip._sctp.pbx.example', { order: 1 }),
          ];
        case 'SRV _sips._tcp.edge.example':
          return [srv(name, 'b.example', { port: 5071 })];
        case 'SRV _sip._tcp.pbx.example':
          return [srv(name, 'a.example', { port: 5070 })];
        default:
          return [];
      }
    };
    expect(await resolve('sip:pbx.example')).toBe('TLS 10.0.0.2 5071, TCP 10.0.0.1 5070');
    // What is named leaves the domain no choice.
    expect(await resolve('sip:pbx.example;transport=tcp')).toBe('TCP 10.0.0.1 5070');
    expect(await resolve('sips:pbx.example')).toBe('TLS 10.0.0.2 5071');
  });

  it('that is asked for a port finds no ear', async () => {
    expect(await resolve('sip:pbx.example:5060')).toBe(ADDRESS_ALONE);
    expect(server.asked).toEqual([]);
  });

  it('that has nothing leaves the address', async () => {
    expect(await resolve('sip:pbx.example')).toBe(ADDRESS_ALONE);
    expect(server.asked).toContain('NAPTR pbx.example');
  });

  it('that is dead does, too', async () => {
    server.answer = () => undefined;
    expect(await resolve('sip:pbx.example')).toBe(ADDRESS_ALONE);
  });

  it.each([
    ['goes round in circles', (name: string) => [cname(name, name)]],
    ['names port 0', (name: string) => [srv(name, 'b.example', { port: 0 })]],
    ['names hosts that nobody knows', (name: string) => [srv(name, 'nowhere.example')]],
    ['points nowhere', (name: string) => [naptr(name, 'SIP+D2U', '.')]],
    [
      'points by a regular expression',
      (name: string) => [naptr(name, 'SIP+D2U', '_sip._udp.b.example', { regexp: '!x!y!' })],
    ],
    [
      'points to addresses',
      (name: string) => [naptr(name, 'SIP+D2U', 'b.example', { flags: 'a' })],
    ],
  ] as const)('that %s leaves the address', async (_, lie) => {
    server.answer = (name) => lie(name);
    expect(await resolve('sip:pbx.example;x=y')).toBe(ADDRESS_ALONE);
  });

  it('that answers another question than was asked is not heard', async () => {
    server.pretends = '_sip._udp.evil.example';
    server.answer = (name) => [srv(name, 'b.example')];
    expect(await resolve('sip:pbx.example')).toBe(ADDRESS_ALONE);
  });

  it('whose answers are good for no time, or for ever, is asked anew', async () => {
    for (const ttl of [0, 2 ** 32 - 1]) {
      const hosts = ['a.example', 'b.example'];
      server.answer = (name, type) =>
        type === 'SRV' && name.startsWith('_sip._udp.') ? [srv(name, hosts[0] ?? '', { ttl })] : [];
      expect(await resolve('sip:pbx.example')).toBe('UDP 10.0.0.1 5060');
      hosts.shift();
      expect(await resolve('sip:pbx.example')).toBe('UDP 10.0.0.2 5060');
    }
  });
});
