import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS, exampleOf } from '../../../src/control';
import type { Problem } from '../../../src/schema';
import { isAbout, oddValue, spoiled } from '../../schema/spoiled';
import { openSite, type Site } from './site';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

describe('a command in which one thing is wrong', () => {
  it.each(COMMANDS.map((command) => ({ name: command.name, command })))(
    '$name: 400 lists it, what was found and what was expected',
    async ({ name, command: { schema } }) => {
      const path = `/api/commands/${name.replaceAll(' ', '-')}`;
      await fc.assert(
        fc.asyncProperty(spoiled(schema, exampleOf(name).param ?? {}), async (bad) => {
          const reply = await site.post(path, JSON.stringify(bad.value));
          expect(reply.status).toBe(400);
          const problems: readonly Problem[] = Object(reply.json()).problems;
          expect(
            problems.some((problem) => isAbout(bad, problem)),
            reply.text,
          ).toBe(true);
          for (const { found, expected } of problems) {
            expect([found, expected]).not.toContain('');
            // Whatever was sent, little of it comes back.
            expect(found.length).toBeLessThan(100);
          }
        }),
        { numRuns: 30 },
      );
    },
  );

  it('for a login is refused in words', async () => {
    const closed = await openSite({}, 'secret word');
    await fc.assert(
      fc.asyncProperty(oddValue(), async (value) => {
        closed.clock.advance(60_000);
        const reply = await closed.post('/api/login', JSON.stringify(value));
        expect([reply.status, Object(reply.json()).problems?.length]).toEqual([400, 1]);
      }),
      { numRuns: 50 },
    );
    await closed.close();
  });
});
