import { expect, it } from 'vitest';
import { waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

const stage = await Stage.open('keys');

it('presses what follows the number when baresip has answered, group by group', async () => {
  const agent = await stage.agent();
  const phone = await stage.baresip('room', { autoAnswer: false });
  const pressed = (): string =>
    phone.events.map(({ type, param }) => (type === 'CALL_DTMF_START' ? param : '')).join('');
  await agent.call(`${phone.uri},,12#,A`);
  await phone.waitForEvent('CALL_INCOMING');
  expect(pressed()).toBe('');
  await phone.accept();
  await agent.until('active');
  await waitUntil('all four keys', () => pressed().length >= 4, 20_000);
  expect(pressed()).toBe('12#A');
  const { calls } = await agent.status();
  // The number is called, without what follows it.
  expect(calls).toMatchObject([{ remote: phone.uri, agreed: { keys: 'rtp' } }]);
  await agent.hangup();
  await agent.untilIdle();
  await agent.stop();
});
