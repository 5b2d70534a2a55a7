import { describe, expect, it } from 'vitest';
import { parseSipUri } from '../../../src/sip/message';
import { type AddressFamily, type Lookup, Resolver } from '../../../src/sip/resolve';
import { VirtualClock } from '../../support/virtual-clock';

const resolve = async (
  uri: string,
  { family = 4, lookup }: { family?: AddressFamily; lookup?: Lookup } = {},
) => {
  const clock = new VirtualClock();
  const results: string[] = [];
  new Resolver(lookup ?? (() => Promise.reject(new Error('ENOTFOUND'))), family, clock).resolve(
    parseSipUri(uri),
    (result) =>
      results.push(
        result.kind === 'failure'
          ? result.reason
          : result.list
              .map(({ protocol, remote }) => `${protocol} ${remote.address} ${remote.port}`)
              .join(', '),
      ),
  );
  const atOnce = results.length;
  await new Promise((done) => setImmediate(done));
  clock.advance(0);
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
    expect((await resolve('sip:[2001:db8::1]', { family: 6 })).results).toEqual([
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
    const resolver = new Resolver(async () => ['10.1.1.1', '10.1.1.2', '10.1.1.3'], 4, clock);
    const order = async (): Promise<string> => {
      let found = '';
      resolver.resolve(parseSipUri('sip:pbx.example'), (result) => {
        if (result.kind === 'destinations') {
          found = result.list.map(({ remote }) => remote.address.slice(-1)).join('');
        }
      });
      await new Promise((done) => setImmediate(done));
      clock.advance(0);
      return found;
    };
    expect(await order()).toBe('123');
    resolver.shun({ protocol: 'UDP', remote: { address: '10.1.1.1', port: 5060 } });
    expect(await order()).toBe('231');
    // Another port of the same host is another element.
    resolver.shun({ protocol: 'UDP', remote: { address: '10.1.1.2', port: 5080 } });
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
