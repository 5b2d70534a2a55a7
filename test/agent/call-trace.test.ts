import { expect, it } from 'vitest';
import { AgentException } from '../../src/agent';
import { bench, startedBench } from './fakes';

const ALL = { limit: 10, withText: false };

it('tells the messages of a call by its number, and the number of each dialog', async () => {
  const { agent, userAgent } = await startedBench();
  const { call } = agent.call('sip:phone@192.0.2.9');
  const page = agent.trace({ ...ALL, call });
  expect(userAgent.traced).toEqual([{ ...ALL, callIds: ['fake@call'] }]);
  expect(page).toMatchObject({
    dialogs: [{ call, callId: 'fake@call', messages: [{ number: 7 }] }],
    dropped: { other: 3 },
  });
});

it('tells them by a Call-ID, and all of them', async () => {
  const { agent, userAgent } = await startedBench();
  agent.trace({ ...ALL, call: 'x@y', before: 9 });
  const page = agent.trace(ALL);
  expect(userAgent.traced).toEqual([{ ...ALL, before: 9, callIds: ['x@y'] }, ALL]);
  // None of our calls has it.
  expect(page.dialogs[0]).not.toHaveProperty('call');
});

it('says that there was no such call', async () => {
  const { agent } = await startedBench();
  expect(() => agent.trace({ ...ALL, call: 5 })).toThrow(AgentException);
  expect(() => agent.trace({ ...ALL, call: 5 })).toThrow('there was no call 5');
});

it('is empty before the SIP port is open', () => {
  const { agent } = bench();
  expect(agent.trace(ALL)).toEqual({
    dialogs: [],
    dropped: { call: 0, registration: 0, other: 0 },
  });
});
