import { describe, expect, it } from 'vitest';
import { Kamailio } from '../toolkit/peers/kamailio';
import { waitUntil } from '../toolkit/process/wait';
import { Stage, type TestAgent } from './support/stage';

const stage = await Stage.open('tcp');

function untilRegistered(agent: TestAgent): Promise<unknown> {
  return waitUntil(
    'a registration',
    async () => (await agent.status()).registration?.state === 'registered',
    45_000,
    250,
  );
}

/** The agent has no UDP socket in these: what comes about does so over TCP. */
describe('over TCP alone', () => {
  it('calls baresip and is called, holds and is held', async () => {
    const agent = await stage.agent({ name: 'agent-direct', tcp: true });
    const phone = await stage.baresip('desk', { transport: 'tcp' });
    await agent.call(`${phone.uri};transport=tcp`);
    await agent.until('active');
    await agent.untilHears();
    await agent.hold();
    await agent.until('held');
    await agent.resume();
    await agent.until('active');
    await agent.untilHears();
    await agent.hangup();
    expect(await agent.untilIdle()).toBe('hung up here');

    await phone.dial(agent.uri);
    await agent.until('active');
    await phone.hold();
    await agent.until('held');
    await phone.resume();
    await agent.until('active');
    await agent.untilHears();
    await phone.hangup();
    expect(await agent.untilIdle()).toBe('hung up by the far end');
    await agent.stop();
  });

  it('registers at kamailio, is called and calls through it, and again when it has been restarted', async () => {
    const port = stage.ports.next();
    const kamailio = await stage.kamailio({ port, tcp: true });
    const agent = await stage.agent({
      name: 'agent-registered',
      tcp: true,
      sections: {
        account: {
          uri: `sip:car@${kamailio.domain}`,
          registrar: `sip:${kamailio.domain};transport=tcp`,
          username: 'car',
          password: Kamailio.password('car'),
          expires: 60,
        },
      },
    });
    await untilRegistered(agent);
    const phone = await stage.baresip('home', {
      transport: 'tcp',
      account: {
        registrar: kamailio.domain,
        user: 'home',
        password: Kamailio.password('home'),
      },
    });
    await phone.process.waitFor(/200 OK .*\[1 binding\]/);
    await agent.call(`sip:home@${kamailio.domain}`);
    await agent.until('active');
    await agent.untilHears();
    await agent.hangup();
    expect(await agent.untilIdle()).toBe('hung up here');
    await phone.dial(`sip:car@${kamailio.domain}`);
    await agent.until('active');
    await agent.untilHears();
    await phone.hangup();
    expect(await agent.untilIdle()).toBe('hung up by the far end');

    // The connection closes, and with the registrar's memory the binding is gone.
    await kamailio.stop();
    await agent.untilProblem(/registration/, 45_000);
    await stage.kamailio({ port, tcp: true });
    // By itself it would take its time, as one of ten thousand.
    expect((await agent.agent.run('register')).code).toBe(0);
    await untilRegistered(agent);
    const caller = await stage.baresip('caller', {
      account: {
        registrar: kamailio.domain,
        user: 'caller',
        password: Kamailio.password('caller'),
      },
    });
    await caller.process.waitFor(/200 OK .*\[1 binding\]/);
    await caller.dial(`sip:car@${kamailio.domain}`);
    await agent.until('active');
    await agent.untilHears();
    await agent.hangup();
    expect(await agent.untilIdle()).toBe('hung up here');
    await agent.stop();
  });
});
