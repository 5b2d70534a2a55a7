import { describe, expect, it } from 'vitest';
import { type Finding, HostNames } from '../../src/agent/host-names';
import { silentLogger } from '../../src/platform';
import { VirtualClock } from '../support/virtual-clock';

const NEVER = new Promise<never>(() => undefined);

function setUp(lookup: (host: string) => Promise<readonly string[]>) {
  const clock = new VirtualClock();
  const asked: string[] = [];
  const names = new HostNames(
    (host, family) => {
      asked.push(`${host} ${family}`);
      return lookup(host);
    },
    clock,
    silentLogger,
  );
  const found: Finding[] = [];
  const find = (host: string): void => names.find(host, 4, (finding) => found.push(finding));
  /** Lets promises and the clock go on. */
  const pass = async (ms: number): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    clock.advance(ms);
  };
  return { names, clock, asked, found, find, pass };
}

describe('a host name of a description', () => {
  it('is looked up once for all who ask, and kept for as long as anything rings', async () => {
    const { names, asked, found, find, pass } = setUp(async () => ['192.0.2.7', '192.0.2.8']);
    find('phone.example.org');
    find('Phone.Example.ORG');
    expect(found).toEqual([]);
    await pass(1);
    expect(found).toEqual([{ address: '192.0.2.7' }, { address: '192.0.2.7' }]);
    find('phone.example.org');
    expect(found).toHaveLength(3);
    expect(names.known('phone.example.org', 4)).toBe('192.0.2.7');
    expect(names.known('phone.example.org', 6)).toBeUndefined();
    await pass(200_000);
    expect(names.known('phone.example.org', 4)).toBeUndefined();
    expect(asked).toEqual(['phone.example.org 4']);
  });

  it.each<[string, () => Promise<readonly string[]>, string]>([
    ['fails', () => Promise.reject(new Error('ENOTFOUND')), 'no address for x.test: ENOTFOUND'],
    ['finds nothing', async () => [], 'no address for x.test'],
    [
      'throws',
      () => {
        throw new Error('odd');
      },
      'no address for x.test: odd',
    ],
  ])('a look-up that %s says so', async (_case, lookup, failure) => {
    const { found, find, pass } = setUp(lookup);
    find('x.test');
    await pass(1);
    expect(found).toEqual([{ failure }]);
  });

  it('is not waited for longer than three seconds, and what comes later is kept', async () => {
    let answer: (addresses: string[]) => void = () => undefined;
    const { names, found, find, pass } = setUp(
      () => new Promise<string[]>((resolve) => (answer = resolve)),
    );
    find('slow.test');
    await pass(2999);
    expect(found).toEqual([]);
    await pass(1);
    expect(found).toEqual([{ failure: 'no address for slow.test within 3 s' }]);
    answer(['192.0.2.7']);
    await pass(1);
    expect(found).toHaveLength(1);
    expect(names.known('slow.test', 4)).toBe('192.0.2.7');
  });

  it('waits for no thread: with two look-ups that hang the next fails at once', async () => {
    const { asked, found, find, pass } = setUp(() => NEVER);
    for (const host of ['a.test', 'b.test']) find(host);
    await pass(5000);
    find('c.test');
    expect(found[2]).toEqual({ failure: 'no address for c.test: other look-ups do not end' });
    await pass(1);
    expect(asked).toEqual(['a.test 4', 'b.test 4']);
  });

  it('is kept among few', async () => {
    const { names, find, pass } = setUp(async () => ['192.0.2.7']);
    for (let number = 0; number < 40; number += 1) {
      find(`h${number}.test`);
      await pass(1);
    }
    expect(names.known('h7.test', 4)).toBeUndefined();
    expect(names.known('h8.test', 4)).toBe('192.0.2.7');
  });
});
