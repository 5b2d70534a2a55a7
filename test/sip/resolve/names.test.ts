// Shows RFC 8305.

import { describe, expect, it } from 'vitest';
import { type NameServers, Names } from '../../../src/sip/resolve/names';
import { VirtualClock } from '../../support/virtual-clock';

const flush = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const failing = (code: string): Promise<never> =>
  Promise.reject(Object.assign(new Error(code), { code }));

const set = (servers: Partial<NameServers>, families: readonly (4 | 6)[] = [4]) => {
  const clock = new VirtualClock();
  const state = { ...servers };
  const names = new Names(
    {
      lookup: (...asked) => (state.lookup ?? (() => failing('ENOTFOUND')))(...asked),
      services: (...asked) => (state.services ?? (() => failing('ENODATA')))(...asked),
      pointers: (...asked) => (state.pointers ?? (() => failing('ENODATA')))(...asked),
    },
    families,
    clock,
  );
  return { clock, state, names };
};

describe('addresses of a host', () => {
  it('of both families come in turns, the preferred one first (RFC 8305 §4)', async () => {
    const lookup = async (_: string, family: 4 | 6): Promise<string[]> =>
      family === 6 ? ['2001:db8::1', '2001:db8::2'] : ['10.0.0.1', '10.0.0.2', '10.0.0.3'];
    const { names } = set({ lookup }, [6, 4]);
    expect(await names.addresses('pbx.example')).toEqual([
      ...['2001:db8::1', '10.0.0.1', '2001:db8::2', '10.0.0.2', '10.0.0.3'],
    ]);
  });

  it('of one family are enough', async () => {
    const lookup = (_: string, family: 4 | 6): Promise<string[]> =>
      family === 6 ? failing('ENODATA') : Promise.resolve(['10.0.0.1']);
    expect(await set({ lookup }, [6, 4]).names.addresses('pbx.example')).toEqual(['10.0.0.1']);
  });

  it('are what they should be, and few', async () => {
    const many = Array.from({ length: 100 }, (_, i) => `10.0.1.${i}`);
    const lookup = async (): Promise<string[]> => [
      '0.0.0.0',
      'x',
      '::1',
      '10.0.0.1',
      '10.0.0.1',
      ...many,
    ];
    const found = await set({ lookup }).names.addresses('pbx.example');
    expect(found[0]).toBe('10.0.0.1');
    expect(found).toHaveLength(7);
  });

  it.each(['EAI_AGAIN', 'ETIMEOUT', 'ESERVFAIL', 'ECONNREFUSED'])(
    'are those of before while no name server answers: %s',
    async (code) => {
      const { names, state, clock } = set({ lookup: async () => ['10.0.0.1'] });
      await names.addresses('PBX.example');
      state.lookup = () => failing(code);
      clock.advance(80_000_000);
      expect(await names.addresses('pbx.example')).toEqual(['10.0.0.1']);
      clock.advance(10_000_000);
      await expect(names.addresses('pbx.example')).rejects.toThrow(code);
    },
  );

  it('are gone when a name server says so', async () => {
    const { names, state } = set({ lookup: async () => ['10.0.0.1'] });
    await names.addresses('pbx.example');
    state.lookup = () => failing('ENOTFOUND');
    await expect(names.addresses('pbx.example')).rejects.toThrow('ENOTFOUND');
    state.lookup = () => failing('EAI_AGAIN');
    await expect(names.addresses('pbx.example')).rejects.toThrow('EAI_AGAIN');
  });

  it('are waited for ten seconds, and then those of before are taken', async () => {
    const { names, state, clock } = set({ lookup: async () => ['10.0.0.1'] });
    await names.addresses('pbx.example');
    state.lookup = () => new Promise(() => undefined);
    const asked = names.addresses('pbx.example');
    const unknown = names.addresses('other.example').catch((error: Error) => error.message);
    clock.advance(10_000);
    await flush();
    expect(await asked).toEqual(['10.0.0.1']);
    expect(await unknown).toBe('no answer within 10 s');
  });
});

describe('records that most names do not have', () => {
  it('are waited for a second and a half', async () => {
    const { names, clock } = set({ services: () => new Promise(() => undefined) });
    let found: unknown;
    void names.services('_sip._udp.pbx.example').then((services) => {
      found = services;
    });
    clock.advance(1499);
    await flush();
    expect(found).toBeUndefined();
    clock.advance(1);
    await flush();
    expect(found).toEqual([]);
  });

  it('are those of before while no name server answers', async () => {
    const record = { name: 'a.example', port: 5060, priority: 1, weight: 1 };
    const { names, state } = set({ services: async () => [record] });
    await names.services('_sip._udp.pbx.example');
    state.services = () => failing('ETIMEOUT');
    expect(await names.services('_sip._udp.pbx.example')).toEqual([record]);
    state.services = () => failing('ENODATA');
    expect(await names.services('_sip._udp.pbx.example')).toEqual([]);
  });
});
