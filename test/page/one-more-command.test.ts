import { expect, it, vi } from 'vitest';
import { listedCommands } from '../../src/page/api/requests';
import { controlFor, entriesOf } from '../../src/page/forms/schema';
import { titleOf } from '../../src/page/forms/titles';
import { openSite } from '../control/web/site';

// One declaration more, and nothing else; test/control/one-more-command.test.ts finds it on the other surfaces.
vi.mock('../../src/control/commands', async (original) =>
  (await import('../support/one-more-command')).withOneMore(
    await original<typeof import('../../src/control/commands')>(),
  ),
);

it('one more command has a form on the page, with a control for what it takes', async () => {
  const site = await openSite();
  vi.stubGlobal('fetch', async (path: string) => {
    const { status, text } = await site.ask(`/${path}`);
    return new Response(text, { status });
  });
  const command = (await listedCommands()).find(({ name }) => name === 'tea make');
  vi.unstubAllGlobals();
  await site.close();
  expect(titleOf(command?.name ?? '')).toBe('Tea make');
  const entries = entriesOf(command?.param ?? {});
  expect(entries.map(({ name, required }) => [name, required])).toEqual([
    ['kind', true],
    ['cups', false],
  ]);
  expect(entries.map(({ schema }) => controlFor(schema))).toEqual([
    { kind: 'choice', options: ['green', 'black'] },
    { kind: 'number', minimum: 1, maximum: 6 },
  ]);
});
