// Shows RFC 3262, 3311, 5407.

import { afterEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../toolkit/process/wait';
import {
  BYE_CROSSES_REINVITE,
  BYE_WITHOUT_ACK,
  CANCEL_CROSSES_200,
  LATE_FORK,
  OFFERED_BY_RELIABLE_RINGING,
  UPDATED_BEFORE_ANSWERED,
} from './support/hard-cases';
import { Stage } from './support/stage';

const stage = await Stage.open('hard-cases');
const sipPort = stage.ports.next();
const agent = await stage.agent({
  sipPort,
  autoAnswer: false,
  sections: { sip: { address: '127.0.0.1', port: sipPort, reliableProvisional: true } },
});
const target = `127.0.0.1:${sipPort}`;

afterEach(() => agent.hangUpAll());

/** Calls sipp, which plays `scenario`. */
async function call(name: string, scenario: string) {
  const port = stage.ports.next();
  const sipp = stage.sipp({ name, scenario, port });
  await agent.call(`sip:sipp@127.0.0.1:${port}`);
  return sipp;
}

describe('sipp is called', () => {
  it('and answers by a reliable 183, offers anew by UPDATE, and is answered', async () => {
    const sipp = await call('update', UPDATED_BEFORE_ANSWERED);
    await agent.until('active');
    await agent.hangup();
    await sipp.finished();
    await agent.untilIdle();
  });

  it('and a second fork answers late: acknowledged and ended, and the first goes on', async () => {
    const sipp = await call('late-fork', LATE_FORK);
    await agent.until('active');
    await waitUntil('the second one to be ended', async () =>
      JSON.stringify(await agent.agent.json('trace')).includes('BYE sip:two@'),
    );
    expect((await agent.status()).calls).toHaveLength(1);
    await agent.hangup();
    await sipp.finished();
    await agent.untilIdle();
  });

  it('and answers while our CANCEL is on its way: acknowledged and ended', async () => {
    const sipp = await call('cancel', CANCEL_CROSSES_200);
    await agent.until('ringing');
    await agent.hangup();
    await sipp.finished();
    expect(await agent.untilIdle()).toBe('given up here');
  });

  it('and hangs up while our re-INVITE is on its way', async () => {
    const sipp = await call('reinvite', BYE_CROSSES_REINVITE);
    await agent.until('active');
    await expect(agent.hold()).rejects.toThrow();
    await sipp.finished();
    expect(await agent.untilIdle()).toBe('hung up by the far end');
  });
});

describe('sipp calls', () => {
  it('without an offer and demands reliable ringing: ours is in the 180, its answer in the PRACK', async () => {
    const sipp = stage.sipp({ name: 'reliable', scenario: OFFERED_BY_RELIABLE_RINGING, target });
    await agent.until('incoming');
    await agent.answer();
    await sipp.finished();
    await agent.untilIdle();
  });

  it('and hangs up without an ACK: the 200 is repeated no more', async () => {
    const sipp = stage.sipp({ name: 'no-ack', scenario: BYE_WITHOUT_ACK, target });
    await agent.until('incoming');
    await agent.answer();
    await sipp.finished();
    await agent.untilIdle();
  });
});
