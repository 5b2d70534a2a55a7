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
