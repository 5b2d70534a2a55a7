import { afterEach, describe, expect, it, vi } from 'vitest';
import { STATUS_EXAMPLE } from '../../src/control';
import { Controller } from '../../src/page/model/controller';
import { FIRST_STATE, type PageState } from '../../src/page/model/state';

afterEach(() => vi.unstubAllGlobals());

const event = (type: string, data: unknown): string =>
  `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;

/** A page whose event stream ends after each of `streams`, the last of which stays open. */
async function followed(streams: readonly string[]): Promise<PageState> {
  let state = FIRST_STATE;
  const asked: string[] = [];
  const left = [...streams];
  vi.stubGlobal('window', {
    ...{ addEventListener: () => undefined, setInterval: () => 0, clearInterval: () => undefined },
    ...{ setTimeout: (fire: () => void) => setImmediate(fire), clearTimeout: () => undefined },
  });
  vi.stubGlobal('document', { hidden: false, addEventListener: () => undefined });
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    if (path === 'api/session') return new Response('{"authenticated":true}');
    const text = left.shift();
    return text === undefined ? new Promise(() => undefined) : new Response(text);
  });
  const controller = new Controller((changed) => {
    state = changed;
  });
  await controller.start();
  await expect.poll(() => asked.length).toBe(streams.length + 2);
  return state;
}

describe('a page whose connection was lost', () => {
  it('knows how many events it has missed, when it is told', async () => {
    const status = event('status', STATUS_EXAMPLE);
    expect(
      await followed([status, event('gap', { missed: 3, restarted: false }) + status]),
    ).toMatchObject({ connection: 'lost', missed: 3, status: { pid: STATUS_EXAMPLE.pid } });
  });

  it('has missed nothing when all is told that there was', async () => {
    const status = event('status', STATUS_EXAMPLE);
    expect(await followed([event('gap', { missed: 9 }) + status, status])).toMatchObject({
      missed: 0,
    });
  });
});

/** A page that comes by an invitation, to an agent that answers each path as it is said to. */
async function invited(answers: Readonly<Record<string, readonly Response[]>>) {
  const states: PageState[] = [];
  const asked: string[] = [];
  const timers: (() => void)[] = [];
  const left = Object.fromEntries(Object.entries(answers).map(([path, list]) => [path, [...list]]));
  vi.stubGlobal('window', {
    ...{ addEventListener: () => undefined, setInterval: () => 0, clearInterval: () => undefined },
    ...{ setTimeout: (fire: () => void) => timers.push(fire), clearTimeout: () => undefined },
  });
  vi.stubGlobal('document', { hidden: false, addEventListener: () => undefined });
  vi.stubGlobal('fetch', async (path: string, { body }: { readonly body?: string } = {}) => {
    asked.push([path, body].join(' ').trim());
    return left[path]?.shift() ?? new Promise(() => undefined);
  });
  const controller = new Controller((state) => states.push(state));
  await controller.start('a-token');
  return { controller, asked, timers, now: () => states[states.length - 1] ?? FIRST_STATE };
}

const answer = (status: number, body?: unknown, headers = {}): Response =>
  new Response(body === undefined ? null : JSON.stringify(body), { status, headers });
const stranger = () => answer(200, { authenticated: false, needsPassword: true });
const guest = () =>
  answer(200, { authenticated: true, needsPassword: true, guest: true, leftS: 600 });
const refusal = () => answer(401, { reason: 'used up' });
const REDEEMED = 'api/invitation {"token":"a-token"}';

describe('a page that comes by an invitation', () => {
  it('uses it up, and asks for the guest’s calls each second', async () => {
    const page = await invited({
      'api/session': [stranger(), guest()],
      'api/invitation': [answer(204)],
      'api/call': [answer(200, { calls: [{ call: 7, state: 'active' }, { call: 'x' }] })],
    });
    expect(page.asked).toEqual(['api/session', REDEEMED, 'api/session', 'api/call']);
    expect(page.now().guest?.calls).toEqual([{ call: 7, state: 'active' }]);
    const leftMs = Number(page.now().guest?.until) - Date.now();
    expect(Math.abs(leftMs - 600_000)).toBeLessThan(60_000);
    page.timers.pop()?.();
    expect(page.asked.slice(4)).toEqual(['api/call']);
  });

  it.each([
    [refusal(), { kind: 'refused' }],
    [answer(429, { reason: 'too many' }, { 'retry-after': '8' }), { kind: 'wait', seconds: 8 }],
    [answer(500, { reason: 'internal error' }), { kind: 'failed', reason: 'internal error' }],
  ])('asks for the password when it is not let in, and says why', async (reply, invitation) => {
    const page = await invited({
      'api/session': [stranger(), stranger()],
      'api/invitation': [reply],
    });
    expect(page.now()).toMatchObject({ connection: 'login', invitation });
    expect(page.asked).toHaveLength(3);
  });

  it('leaves it unused where somebody is logged in', async () => {
    const page = await invited({
      'api/session': [answer(200, { authenticated: true, needsPassword: true })],
    });
    expect(page.asked).toEqual(['api/session', 'api/events?since=0']);
    expect(page.now().guest).toBeUndefined();
  });

  it('stays what it is where a guest opens one that is used up', async () => {
    const page = await invited({
      'api/session': [guest(), guest()],
      'api/invitation': [refusal()],
      'api/call': [answer(200, { calls: [] })],
    });
    expect(page.now()).toMatchObject({ connection: 'live', guest: { calls: [] } });
  });

  it('says that the agent is away, and that the time is over', async () => {
    const page = await invited({
      'api/session': [stranger(), guest(), stranger()],
      'api/invitation': [answer(204)],
      'api/call': [answer(200, { calls: [] }), answer(502), refusal()],
    });
    page.timers.pop()?.();
    await expect.poll(() => page.now().connection).toBe('lost');
    page.timers.pop()?.();
    await expect.poll(() => page.now().connection).toBe('login');
    expect(page.now().invitation).toEqual({ kind: 'over' });
  });

  it('says nothing of its time to a guest who leaves', async () => {
    const page = await invited({
      'api/session': [stranger(), guest()],
      'api/invitation': [answer(204)],
      'api/call': [answer(200, { calls: [] })],
      'api/logout': [answer(204)],
    });
    await page.controller.logOut();
    expect(page.now()).toMatchObject({ connection: 'login', invitation: undefined });
  });
});
