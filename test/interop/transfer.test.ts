// Shows RFC 3515, 3891, 5589.

import { afterEach, describe, expect, it } from 'vitest';
import { sipMessages } from '../toolkit/measure/sip-trace';
import { waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

const stage = await Stage.open('transfer');
const phone = await stage.baresip('phone');
const office = await stage.linphonec('office');
const agentPort = stage.ports.next();
const agent = await stage.agent({
  sipPort: agentPort,
  sections: { policy: { autoAnswer: true, transfersFrom: ['127.0.0.1'] } },
});

afterEach(() => agent.hangUpAll());

const control = (...words: string[]): Promise<unknown> => agent.agent.json(...words);

async function callsWith(uri: string): Promise<void> {
  await waitUntil(`a call with ${uri} that is up`, async () =>
    (await agent.status()).calls.some(
      ({ remote, state }) => remote.startsWith(uri) && state === 'active',
    ),
  );
}

describe('a transfer', () => {
  it('of baresip to linphonec ends our call when they talk', async () => {
    const datagrams = await stage.captured('blind', async () => {
      await agent.call(phone.uri);
      await agent.until('active');
      await control('transfer', office.uri);
      expect(await agent.untilIdle()).toBe(`transferred to ${office.uri}`);
      await phone.hangup();
    });
    const told = sipMessages(datagrams).filter(({ method }) => method === 'NOTIFY');
    expect(told.at(-1)?.text).toMatch(/^SIP\/2\.0 200/m);
    office.hangup();
  });

  it('that baresip asks for is followed: we talk to linphonec', async () => {
    await agent.call(phone.uri);
    await agent.until('active');
    await phone.command('transfer', office.uri);
    await callsWith(office.uri);
    await waitUntil('baresip has left', async () => (await agent.status()).calls.length === 1);
    await agent.untilHears();
    await agent.hangUpAll();
  });

  // Baresip 1.0 takes a REFER with Replaces, and then fails over it.
  it('attended, of one linphonec to the other, connects the two', async () => {
    const home = await stage.linphonec('home', { record: false });
    await agent.call(office.uri);
    await agent.until('active');
    await agent.hold();
    await agent.until('held');
    await agent.call(home.uri);
    await callsWith(home.uri);
    const { calls } = await agent.status();
    const held = calls.find(({ state }) => state === 'held')?.call;
    await control('transfer', 'to-call', `${held}`);
    expect(await agent.untilIdle()).toMatch(/^(transferred to|hung up by the far end)/);
    home.hangup();
  });
});
