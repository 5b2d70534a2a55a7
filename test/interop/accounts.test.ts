import { describe, expect, it } from 'vitest';
import { Kamailio } from '../toolkit/peers/kamailio';
import { waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

const stage = await Stage.open('accounts');

describe('two accounts at one kamailio', () => {
  it('are registered at once, called each by its own name, and called out by', async () => {
    const kamailio = await stage.kamailio({});
    const { domain } = kamailio;
    const accounts = ['car', 'van'].map((user) => ({
      ...{ name: user, uri: `sip:${user}@${domain}`, registrar: `sip:${domain}` },
      ...{ username: user, password: Kamailio.password(user) },
    }));
    const [agent, phone] = await Promise.all([
      stage.agent({ name: 'agent-both', sections: { accounts } }),
      stage.baresip('home', {
        account: { registrar: domain, user: 'home', password: Kamailio.password('home') },
      }),
    ]);
    await waitUntil('both registrations', async () => {
      const { accounts: all } = await agent.status();
      return all?.length === 2 && all.every((one) => one.registration?.state === 'registered');
    });
    await phone.process.waitFor(/200 OK .*\[1 binding\]/);
    for (const name of ['car', 'van']) {
      await phone.dial(`sip:${name}@${domain}`);
      expect(await agent.until('active')).toMatchObject({ account: name });
      await phone.hangup();
      await agent.untilIdle();
    }
    await agent.agent.json('call', '--account', 'van', `sip:home@${domain}`);
    expect(await agent.until('active')).toMatchObject({ account: 'van', direction: 'outgoing' });
    await agent.hangup();
    await agent.untilIdle();
    const told = (await agent.status()).recent.map(({ account, direction }) => [
      account,
      direction,
    ]);
    expect(told).toEqual([
      ['van', 'outgoing'],
      ['van', 'incoming'],
      ['car', 'incoming'],
    ]);
    await agent.stop();
  });
});
