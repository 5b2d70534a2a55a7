import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Login } from '../../../src/control/web/login';
import { parseRecord } from '../../../src/platform';
import { VirtualClock } from '../../support/virtual-clock';
import { cheapRecord } from './site';

const running = vi.hoisted(() => ({ now: 0, most: 0 }));
vi.mock('../../../src/platform/password-record', async (original) => {
  const actual = await original<typeof import('../../../src/platform/password-record')>();
  const isPassword: typeof actual.isPassword = async (record, password) => {
    running.now += 1;
    running.most = Math.max(running.most, running.now);
    const result = await actual.isPassword(record, password);
    running.now -= 1;
    return result;
  };
  return { ...actual, isPassword };
});

const record = parseRecord(cheapRecord('right')) ?? expect.fail('no record');
let clock: VirtualClock;
let login: Login;
beforeEach(() => {
  clock = new VirtualClock();
  login = new Login(clock);
});

const from = (host: number): string => `198.51.100.${host}`;

describe('many who guess', () => {
  it('have twenty attempts at first and one in three seconds then', async () => {
    for (let host = 0; host < 20; host++) {
      expect(await login.attempt('wrong', record, from(host))).toBe('wrong');
    }
    expect(await login.attempt('right', record, from(100))).toEqual({ retryAfterS: 3 });
    clock.advance(3000);
    expect(await login.attempt('right', record, from(100))).toBe('right');
    expect(await login.attempt('right', record, from(101))).toEqual({ retryAfterS: 3 });
  });

  it('do not keep out whoever has been here before', async () => {
    expect(await login.attempt('right', record, from(200))).toBe('right');
    for (let host = 0; host < 19; host++) await login.attempt('wrong', record, from(host));
    expect(await login.attempt('right', record, from(101))).toEqual({ retryAfterS: 3 });
    expect(await login.attempt('right', record, from(200))).toBe('right');
  });

  it('are one where they have one IPv6 network', async () => {
    const host = (last: number): string => `2001:db8:0:7::${last}`;
    for (const last of [1, 2, 3]) await login.attempt('wrong', record, host(last));
    expect(await login.attempt('right', record, host(4))).toEqual({ retryAfterS: 1 });
    expect(await login.attempt('right', record, '2001:db8:0:8::1')).toBe('right');
  });

  it('at once are compared one after the other, and few wait', async () => {
    running.most = 0;
    const attempts = Array.from({ length: 10 }, (_, host) =>
      login.attempt('right', record, from(host)),
    );
    const results = await Promise.all(attempts);
    expect(results.filter((result) => result === 'right')).toHaveLength(4);
    expect(results.slice(4)).toEqual(Array(6).fill({ retryAfterS: 1 }));
    expect(running.most).toBe(1);
  });

  it('at once from one place are counted before they are compared', async () => {
    const attempts = ['a', 'b', 'c', 'right'].map((word) => login.attempt(word, record, from(1)));
    expect(await Promise.all(attempts)).toEqual([
      ...['wrong', 'wrong', 'wrong'],
      { retryAfterS: 1 },
    ]);
  });
});
