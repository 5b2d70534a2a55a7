// Shows RFC 2782, 3263, 4168.

import { describe, expect, it } from 'vitest';
import { parseSipUri } from '../../../src/sip/message';
import { type AddressFamily, type Lookup, Resolver } from '../../../src/sip/resolve';
import type { Pointer, PointerLookup } from '../../../src/sip/resolve/naptr';
import { inOrderOfService, type ServiceLookup } from '../../../src/sip/resolve/services';
import type { Destination, TransportProtocol } from '../../../src/sip/transport';
import { seededRandom } from '../../support/seeded-random';
import { VirtualClock } from '../../support/virtual-clock';

interface Options {
  readonly families?: readonly [AddressFamily, ...AddressFamily[]];
  readonly lookup?: Lookup;
  readonly services?: ServiceLookup;
  readonly pointers?: PointerLookup;
  readonly protocols?: readonly TransportProtocol[];
  readonly heardFrom?: Destination;
}

const create = (clock: VirtualClock, options: Options = {}): Resolver =>
  new Resolver({
    families: options.families ?? [4],
    lookup: options.lookup ?? (() => Promise.reject(new Error('ENOTFOUND'))),
    services: options.services ?? (() => Promise.reject(new Error('ENODATA'))),
    pointers: options.pointers ?? (() => Promise.reject(new Error('ENODATA'))),
    protocols: options.protocols ?? ['UDP'],
    clock,
    random: seededRandom(1),
  });

const resolve = async (uri: string, options: Options = {}) => {
  const clock = new VirtualClock();
  const results: string[] = [];
  create(clock, options).resolve(
    parseSipUri(uri),
    (result) =>
      results.push(
        result.kind === 'failure'
          ? result.reason
          : result.list
              .map(({ protocol, remote }) => `${protocol} ${remote.address} ${remote.port}`)
              .join(', '),
      ),
    options.heardFrom,
  );
  const atOnce = results.length;
  for (let i = 0; i < 5; i++) {
    await new Promise((done) => setImmediate(done));
    clock.advance(i * 1000);
  }
  return { atOnce, results };
};

describe('next hop of a URI', () => {
  it.each([
    ['sip:10.0.0.1', 'UDP 10.0.0.1 5060'],
    ['sip:bob@10.0.0.1:5080', 'UDP 10.0.0.1 5080'],
    ['sip:bob@10.0.0.1;transport=UDP', 'UDP 10.0.0.1 5060'],
    ['sip:bob@example.org;maddr=10.0.0.7', 'UDP 10.0.0.7 5060'],
  ])('%s is %s, at once', async (uri, expected) => {
    expect(await resolve(uri)).toEqual({ atOnce: 1, results: [expected] });
  });

  it('is looked up for a name, and every address taken in order', async () => {
    const lookup: Lookup = async (host) => (host === 'pbx.example' ? ['10.1.1.1', '10.1.1.2'] : []);
    expect(await resolve('sip:bob@pbx.example:5070', { lookup })).toEqual({
      atOnce: 0,
      results: ['UDP 10.1.1.1 5070, UDP 10.1.1.2 5070'],
    });
  });

  it('is an IPv6 address where the agent listens on one', async () => {
    expect((await resolve('sip:[2001:db8::1]', { families: [6] })).results).toEqual([
      'UDP 2001:db8::1 5060',
    ]);
  });

  it.each([
    ['sip:[2001:db8::1]', 'listens on IPv4 only'],
    ['sips:10.0.0.1', 'only UDP'],
    ['sip:10.0.0.1;transport=tls', 'only UDP'],
    ['sip:nowhere.example', 'no address for nowhere.example: ENOTFOUND'],
  ])('%s fails: %s', async (uri, reason) => {
    expect((await resolve(uri)).results).toEqual([expect.stringContaining(reason)]);
  });

  it('comes behind its siblings for five minutes after it has not served', async () => {
    const clock = new VirtualClock();
    const resolver = create(clock, {
      lookup: async () => ['10.1.1.1', '10.1.1.2', '10.1.1.3'],
    });
    const order = async (): Promise<string> => {
      let found = '';
      resolver.resolve(parseSipUri('sip:pbx.example:5060'), (result) => {
        if (result.kind === 'destinations') {
          found = result.list.map(({ remote }) => remote.address.slice(-1)).join('');
        }
      });
      await new Promise((done) => setImmediate(done));
      clock.advance(0);
      return found;
    };
    expect(await order()).toBe('123');
    resolver.failures.add({ protocol: 'UDP', remote: { address: '10.1.1.1', port: 5060 } });
    expect(await order()).toBe('231');
    // Another port of the same host is another element.
    resolver.failures.add({ protocol: 'UDP', remote: { address: '10.1.1.2', port: 5080 } });
    expect(await order()).toBe('231');
    clock.advance(300_001);
    expect(await order()).toBe('123');
  });

  it('fails for a name without addresses and a look-up that throws', async () => {
    const thrower: Lookup = () => {
      throw new Error('broken');
    };
    expect((await resolve('sip:x.example', { lookup: async () => [] })).results).toHaveLength(1);
    expect((await resolve('sip:x.example', { lookup: thrower })).results[0]).toContain('broken');
  });
});

describe('a transport', () => {
  const both = ['UDP', 'TCP'] as const;

  it.each([
    ['sip:10.0.0.1;transport=tcp', both, 'TCP 10.0.0.1 5060'],
    ['sip:10.0.0.1;transport=TCP', both, 'TCP 10.0.0.1 5060'],
    ['sip:10.0.0.1', both, 'UDP 10.0.0.1 5060'],
    ['sip:10.0.0.1', ['TCP', 'UDP'], 'TCP 10.0.0.1 5060'],
    ['sip:10.0.0.1;transport=udp', ['TCP', 'UDP'], 'UDP 10.0.0.1 5060'],
    ['sip:10.0.0.1', ['TCP'], 'TCP 10.0.0.1 5060'],
  ] as const)('is the one that is named, or ours: %s of %j', async (uri, protocols, expected) => {
    expect((await resolve(uri, { protocols })).results).toEqual([expected]);
  });

  it.each([
    ['sips:10.0.0.1', 'TLS 10.0.0.1 5061'],
    ['sips:10.0.0.1:5071;transport=tcp', 'TLS 10.0.0.1 5071'],
    ['sip:10.0.0.1;transport=tls', 'TLS 10.0.0.1 5061'],
    ['sip:10.0.0.1', 'UDP 10.0.0.1 5060'],
  ])('is TLS where it is asked for: %s is %s', async (uri, expected) => {
    const protocols = ['UDP', 'TCP', 'TLS'] as const;
    expect((await resolve(uri, { protocols })).results).toEqual([expected]);
  });

  it('is never another one in the place of TLS', async () => {
    const heardFrom: Destination = {
      protocol: 'UDP',
      remote: { address: '203.0.113.7', port: 31_000 },
    };
    const options = { protocols: ['UDP', 'TLS'] as const, heardFrom };
    for (const uri of ['sips:x@198.51.100.1', 'sip:x@198.51.100.1;transport=tls']) {
      expect((await resolve(uri, options)).results).toEqual(['TLS 198.51.100.1 5061']);
    }
    expect((await resolve('sips:x@10.0.0.1;transport=udp', options)).results).toEqual([
      expect.stringContaining('cannot reach'),
    ]);
  });

  it('of TLS has the name that the certificate is to be for', async () => {
    const names: (string | undefined)[] = [];
    const lookup: Lookup = async () => ['10.1.1.1'];
    const services: ServiceLookup = async (name) => {
      expect(name).toBe('_sips._tcp.pbx.example');
      return [{ name: 'edge.example', port: 5071, priority: 1, weight: 1 }];
    };
    const clock = new VirtualClock();
    const resolver = create(clock, { protocols: ['TLS'], lookup, services });
    for (const uri of ['sips:pbx.example', 'sips:pbx.example:5061', 'sips:10.1.1.1']) {
      resolver.resolve(parseSipUri(uri), (result) => {
        if (result.kind === 'destinations') names.push(result.list[0].serverName);
      });
      await new Promise((done) => setImmediate(done));
      clock.advance(0);
    }
    // RFC 5922 §7.3: the domain that was asked for, not the host that SRV names.
    expect(names).toEqual(['pbx.example', 'pbx.example', undefined]);
  });

  it('that is not spoken here is named in the failure', async () => {
    expect((await resolve('sip:10.0.0.1;transport=ws', { protocols: both })).results).toEqual([
      'cannot reach sip:10.0.0.1;transport=ws: only UDP and TCP is spoken here',
    ]);
  });
});

describe('within a dialog', () => {
  const heardFrom: Destination = {
    protocol: 'UDP',
    remote: { address: '203.0.113.7', port: 31_000 },
  };
  const SOURCE = 'UDP 203.0.113.7 31000';

  it.each([
    ['the same address is one', 'sip:x@203.0.113.7:31000', SOURCE],
    ['a public Contact comes first', 'sip:x@198.51.100.1', `UDP 198.51.100.1 5060, ${SOURCE}`],
    ['a private Contact comes behind', 'sip:x@192.168.1.4', `${SOURCE}, UDP 192.168.1.4 5060`],
    ['so does one of a carrier', 'sip:x@100.64.9.9', `${SOURCE}, UDP 100.64.9.9 5060`],
    ['so does one of 172.16/12', 'sip:x@172.31.0.1', `${SOURCE}, UDP 172.31.0.1 5060`],
    ['172.32 is public', 'sip:x@172.32.0.1', `UDP 172.32.0.1 5060, ${SOURCE}`],
    [
      'another transport is replaced',
      'sip:x@198.51.100.1;transport=tcp',
      `UDP 198.51.100.1 5060, ${SOURCE}`,
    ],
    ['sips too', 'sips:x@198.51.100.1', `UDP 198.51.100.1 5060, ${SOURCE}`],
    ['no address of anybody', 'sip:x@0.0.0.0', SOURCE],
    ['port 0', 'sip:x@198.51.100.1:0', SOURCE],
    ['another family', 'sip:x@[2001:db8::1]', SOURCE],
    ['a name that nobody knows', 'sip:x@nowhere.example', SOURCE],
  ])('the peer is reached where it spoke from: %s', async (_, uri, expected) => {
    expect((await resolve(uri, { heardFrom })).results).toEqual([expected]);
  });

  it.each([
    ...['10.0.0.1', '10.255.255.255', '192.168.0.1', '172.16.0.1', '172.19.9.9', '172.20.0.1'],
    ...['172.29.0.1', '172.30.0.1', '172.31.255.255', '100.64.0.1', '100.69.0.1', '100.70.0.1'],
    ...['100.99.0.1', '100.100.0.1', '100.119.0.1', '100.120.0.1', '100.127.255.255'],
    ...['127.0.0.1', '169.254.1.1'],
  ])('%s is an address of a private network, a cable or a machine', async (address) => {
    const { results } = await resolve(`sip:x@${address}`, { heardFrom });
    expect(results).toEqual([`${SOURCE}, UDP ${address} 5060`]);
  });

  it.each([
    ...['11.0.0.1', '110.0.0.1', '9.10.0.1', '192.169.0.1', '192.16.8.1', '172.15.0.1'],
    ...['172.1.0.1', '172.160.0.1', '172.32.0.1', '100.63.255.255', '100.6.0.1', '100.128.0.1'],
    ...['100.130.0.1', '8.127.0.1', '126.0.0.1', '169.253.1.1', '8.169.254.1'],
  ])('%s is one of the public one', async (address) => {
    const { results } = await resolve(`sip:x@${address}`, { heardFrom });
    expect(results).toEqual([`UDP ${address} 5060, ${SOURCE}`]);
  });

  it.each([
    ...[
      ['fd00::1', true],
      ['fc12::1', true],
      ['fe80::1', true],
      ['febf::1', true],
    ],
    ...[
      ['::1', true],
      ['2001:db8::1', false],
      ['fec0::1', false],
      ['2001:db8::fe8', false],
    ],
  ] as const)('%s: private is %s', async (address, isPrivate) => {
    const remote = { address: '2001:db8::9', port: 31_000 };
    const source = 'UDP 2001:db8::9 31000';
    const options = { heardFrom: { protocol: 'UDP', remote }, families: [6] } as const;
    const { results } = await resolve(`sip:x@[${address}]`, options);
    const contact = `UDP ${address} 5060`;
    expect(results).toEqual([isPrivate ? `${source}, ${contact}` : `${contact}, ${source}`]);
  });

  it('a Contact that names no transport means the one that the peer speaks', async () => {
    const connected: Destination = { protocol: 'TCP', remote: heardFrom.remote };
    const options = { heardFrom: connected, protocols: ['UDP', 'TCP'] as const };
    expect((await resolve('sip:x@198.51.100.1', options)).results).toEqual([
      'TCP 198.51.100.1 5060, TCP 203.0.113.7 31000',
    ]);
    expect((await resolve('sip:x@198.51.100.1;transport=udp', options)).results).toEqual([
      'UDP 198.51.100.1 5060, TCP 203.0.113.7 31000',
    ]);
  });

  it('two private networks are one to us', async () => {
    const remote = { address: '10.0.0.9', port: 5060 };
    const found = await resolve('sip:x@192.168.1.4', { heardFrom: { protocol: 'UDP', remote } });
    expect(found.results).toEqual(['UDP 192.168.1.4 5060, UDP 10.0.0.9 5060']);
  });
});

describe('SRV records', () => {
  const HOSTS: Readonly<Record<string, string[]>> = {
    'a.example': ['10.0.0.1'],
    'b.example': ['10.0.0.2', '10.0.0.3'],
    'pbx.example': ['10.9.9.9'],
  };
  const lookup: Lookup = async (host) => {
    const found = HOSTS[host];
    if (!found) throw new Error('ENOTFOUND');
    return found;
  };
  const record = (name: string, priority = 1, weight = 1, port = 5070) => ({
    name,
    port,
    priority,
    weight,
  });
  const zone =
    (records: Readonly<Record<string, ReturnType<typeof record>[]>>): ServiceLookup =>
    async (name) => {
      const found = records[name];
      if (!found) throw new Error('ENODATA');
      return found;
    };

  it('name hosts and ports, by priority, with all their addresses', async () => {
    const services = zone({
      '_sip._udp.pbx.example': [record('b.example', 2), record('a.example', 1, 1, 5080)],
    });
    expect((await resolve('sip:pbx.example', { lookup, services })).results).toEqual([
      'UDP 10.0.0.1 5080, UDP 10.0.0.2 5070, UDP 10.0.0.3 5070',
    ]);
  });

  it('are asked for each transport spoken, and only the one that is named', async () => {
    const services = zone({
      '_sip._udp.pbx.example': [record('a.example')],
      '_sip._tcp.pbx.example': [record('b.example')],
    });
    const protocols = ['UDP', 'TCP'] as const;
    const of = async (uri: string) =>
      (await resolve(uri, { lookup, services, protocols })).results[0];
    expect(await of('sip:pbx.example')).toBe(
      'UDP 10.0.0.1 5070, TCP 10.0.0.2 5070, TCP 10.0.0.3 5070',
    );
    expect(await of('sip:pbx.example;transport=tcp')).toBe('TCP 10.0.0.2 5070, TCP 10.0.0.3 5070');
  });

  it.each([
    ['there are none', zone({})],
    ['their hosts are not found', zone({ '_sip._udp.pbx.example': [record('nowhere.example')] })],
    ['nobody answers', () => new Promise<never>(() => undefined)],
  ])('leave the addresses of the name where %s', async (_, services) => {
    expect((await resolve('sip:pbx.example', { lookup, services })).results).toEqual([
      'UDP 10.9.9.9 5060',
    ]);
  });

  it.each(['sip:pbx.example:5062', 'sip:pbx.example;maddr=10.0.0.1', 'sip:pbx', 'sip:pbx.local'])(
    'are not asked for with a port, an address or a name of this network: %s',
    async (uri) => {
      const asked: string[] = [];
      const services: ServiceLookup = async (name) => {
        asked.push(name);
        return [];
      };
      await resolve(uri, { lookup, services });
      expect(asked).toEqual([]);
    },
  );

  it('may say that there is no such service', async () => {
    const services = zone({ '_sip._udp.pbx.example': [record('.', 0, 0, 0)] });
    expect((await resolve('sip:pbx.example', { lookup, services })).results).toEqual([
      'pbx.example offers no SIP by UDP',
    ]);
  });

  it('of one priority are drawn by weight, and none of them twice', () => {
    const random = seededRandom(7);
    const services = [record('heavy', 1, 90), record('light', 1, 10), record('none', 1, 0)];
    const firsts = new Map<string, number>();
    for (let i = 0; i < 1000; i++) {
      const order = inOrderOfService(services, random).map(({ name }) => name);
      expect([...order].sort()).toEqual(['heavy', 'light', 'none']);
      const [first = ''] = order;
      firsts.set(first, (firsts.get(first) ?? 0) + 1);
    }
    expect(firsts.get('heavy')).toBeGreaterThan(850);
    expect(firsts.get('light')).toBeGreaterThan(60);
    expect(firsts.get('none') ?? 0).toBeLessThan(10);
  });

  it('come in a number that is bounded', async () => {
    const many = Array.from({ length: 100 }, (_, i) => record('b.example', i));
    const services = zone({ '_sip._udp.pbx.example': many });
    const { results } = await resolve('sip:pbx.example', { lookup, services });
    expect(results[0]?.split(', ')).toHaveLength(16);
  });
});

describe('NAPTR records (RFC 3263 §4.1)', () => {
  const lookup: Lookup = async () => ['10.0.0.1'];
  const pointer = (service: string, order: number, replacement = service): Pointer => ({
    ...{ order, preference: 1, flags: 'S', service, regexp: '', replacement },
  });
  const protocols = ['UDP', 'TCP'] as const;
  const services: ServiceLookup = async (name) => [
    { name: 'a.example', port: name.startsWith('tcp') ? 5070 : 5080, priority: 1, weight: 1 },
  ];

  it.each<[string, Partial<Pointer>]>([
    ['lead to an address', { flags: 'a' }],
    ['lead to a URI', { flags: 'U' }],
    ['have no flag', { flags: '' }],
    ['have a regular expression', { regexp: '!x!y!' }],
    ['lead to the root', { replacement: '.' }],
    ['lead to nothing', { replacement: '' }],
  ])('that %s are passed over, and the next one counts', async (_, odd) => {
    const pointers = async (): Promise<Pointer[]> => [
      { ...pointer('SIP+D2U', 1, 'udp.example'), ...odd },
      pointer('SIP+D2T', 2, 'tcp.example'),
    ];
    const { results } = await resolve('sip:pbx.example', { lookup, services, pointers, protocols });
    expect(results).toEqual(['TCP 10.0.0.1 5070']);
  });

  it('of one order are taken by preference', async () => {
    const pointers = async (): Promise<Pointer[]> => [
      { ...pointer('SIP+D2U', 1, 'udp.example'), preference: 9 },
      { ...pointer('SIP+D2T', 1, 'tcp.example'), preference: 3 },
    ];
    const { results } = await resolve('sip:pbx.example', { lookup, services, pointers, protocols });
    expect(results).toEqual(['TCP 10.0.0.1 5070, UDP 10.0.0.1 5080']);
  });

  it('order the transports that are spoken here, whatever we like best', async () => {
    const pointers = async (): Promise<Pointer[]> => [
      ...[pointer('SIP+D2U', 3, 'udp.example'), pointer('SIP+D2T', 2, 'tcp.example')],
      ...[pointer('SIPS+D2T', 1, 'tls.example'), pointer('SIP+D2S', 0, 'sctp.example')],
    ];
    const options = { lookup, services, pointers, protocols };
    expect((await resolve('sip:pbx.example', options)).results).toEqual([
      'TCP 10.0.0.1 5070, UDP 10.0.0.1 5080',
    ]);
  });

  it('name SCTP to who speaks it (RFC 4168 §6), and its SRV records are asked for', async () => {
    const asked: string[] = [];
    const options = {
      lookup,
      protocols: ['UDP', 'SCTP'],
      services: async (name: string) => {
        asked.push(name);
        return services(name);
      },
    } as const;
    const pointers = async (): Promise<Pointer[]> => [
      ...[pointer('SIP+D2S', 1, 'tcp.example'), pointer('SIP+D2U', 2, 'udp.example')],
    ];
    expect((await resolve('sip:pbx.example', { ...options, pointers })).results).toEqual([
      'SCTP 10.0.0.1 5070, UDP 10.0.0.1 5080',
    ]);
    const named = await resolve('sip:none.example;transport=sctp', options);
    expect(named.results).toEqual(['SCTP 10.0.0.1 5080']);
    expect(asked).toContain('_sip._sctp.none.example');
  });

  it('say by which transport an address is called that has no SRV records', async () => {
    const pointers = async (): Promise<Pointer[]> => [pointer('SIP+D2T', 1)];
    const found = await resolve('sip:pbx.example', { lookup, pointers, protocols });
    expect(found.results).toEqual(['TCP 10.0.0.1 5060']);
  });

  it('are not asked for where the transport is named, or the peer of a dialog speaks one', async () => {
    const asked: string[] = [];
    const pointers: PointerLookup = async (domain) => {
      asked.push(domain);
      return [];
    };
    const heardFrom: Destination = { protocol: 'TCP', remote: { address: '10.0.0.9', port: 1 } };
    await resolve('sip:pbx.example;transport=tcp', { lookup, pointers, protocols });
    await resolve('sip:pbx.example', { lookup, pointers, protocols, heardFrom });
    await resolve('sip:pbx.example:5060', { lookup, pointers, protocols });
    expect(asked).toEqual([]);
    await resolve('sip:pbx.example', { lookup, pointers, protocols });
    expect(asked).toEqual(['pbx.example']);
  });
});

it('reaches addresses of both families where both are listened on', async () => {
  const options = { families: [6, 4] as const };
  expect((await resolve('sip:[2001:db8::1]', options)).results).toEqual(['UDP 2001:db8::1 5060']);
  expect((await resolve('sip:10.0.0.1', options)).results).toEqual(['UDP 10.0.0.1 5060']);
});
