import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMAND_MESSAGES, exampleOf, MAX_REQUEST_BYTES } from '../../../src/control';
import { oddValue, spoiled } from '../../schema/spoiled';
import { startedDesk } from './desk';

describe('a request in which one thing is wrong', () => {
  it.each(COMMAND_MESSAGES.map(({ id, name, command }) => ({ id, name, command })))(
    '$name: -25 names it, what was found and what was expected',
    async ({ id, command }) => {
      const { send, start, clock } = await startedDesk();
      const token = await start();
      await fc.assert(
        fc.asyncProperty(
          spoiled(command.schema, exampleOf(command.name).param ?? {}),
          async (bad) => {
            clock.advance(1000);
            const reply = await send({ token, msg_id: id, param: bad.value, id: 'mine' });
            const field = bad.path || 'param';
            expect(reply).toMatchObject({ rval: -25, msg_id: id, id: 'mine' });
            expect(reply?.reason?.startsWith(`${reply.param}: found `), reply?.reason).toBe(true);
            expect(`${reply?.param}[`.startsWith(`${field}[`)).toBe(true);
            expect(reply?.reason).toContain(`, expected ${bad.expected}`);
          },
        ),
      );
    },
  );

  it('in its frame is answered in words, whatever it is', async () => {
    const { send, start, clock } = await startedDesk();
    const token = await start();
    const member = fc.constantFrom('token', 'msg_id', 'id', 'page', 'heartbeat', '__proto__', 'x');
    await fc.assert(
      fc.asyncProperty(member, oddValue(), async (name, value) => {
        clock.advance(1000);
        const request = Object.fromEntries([
          ...Object.entries({ token, msg_id: 2560 }),
          [name, value],
        ]);
        const reply = await send(request);
        expect([0, -4, -23, -25]).toContain(reply?.rval);
        expect(reply?.rval === 0 || (reply?.reason ?? '').length > 0).toBe(true);
      }),
    );
  });

  it('that is too long is not looked at', async () => {
    const { send, start } = await startedDesk();
    const token = await start();
    const param = { uri: `sip:${'a'.repeat(MAX_REQUEST_BYTES)}@example.org` };
    expect(await send({ token, msg_id: 2561, param })).toMatchObject({
      rval: -7,
      reason: `longer than ${MAX_REQUEST_BYTES - 1} bytes`,
    });
  });
});
