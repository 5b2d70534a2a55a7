import { describe, expect, it } from 'vitest';
import { Kamailio } from '../toolkit/peers/kamailio';
import { Stage } from './support/stage';

const stage = await Stage.open('forking');

describe('kamailio', () => {
  it('rings two phones of one address: who answers talks, and the other rings no more', async () => {
    const kamailio = await stage.kamailio({});
    const agent = await stage.agent({
      name: 'agent-fork',
      sections: {
        account: {
          ...{ uri: `sip:car@${kamailio.domain}`, registrar: `sip:${kamailio.domain}` },
          ...{ username: 'car', password: Kamailio.password('car') },
        },
      },
    });
    const [user, registrar] = ['both', kamailio.domain];
    const login = { registrar, user, password: Kamailio.password(user) };
    const options = { account: login, autoAnswer: false };
    const quiet = await stage.baresip('quiet', options);
    const quick = await stage.baresip('quick', options);
    for (const phone of [quiet, quick]) await phone.process.waitFor(/200 OK .*\[\d bindings?\]/);
    await agent.call(`sip:both@${registrar}`);
    await Promise.all([quiet, quick].map((phone) => phone.waitForEvent('CALL_INCOMING')));
    await quick.accept();
    await agent.until('active');
    expect((await quiet.waitForEvent('CALL_CLOSED')).param).not.toMatch(/^5/);
    await agent.untilHears();
    expect((await agent.status()).calls).toHaveLength(1);
    await quick.hangup();
    expect(await agent.untilIdle()).toBe('hung up by the far end');
    await kamailio.stop();
  });
});
