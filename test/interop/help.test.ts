// Shows RFC 5031, 6442.

import { expect, it } from 'vitest';
import { sipMessages } from '../toolkit/measure/sip-trace';
import { Kamailio } from '../toolkit/peers/kamailio';
import { waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

const stage = await Stage.open('help');
const helper = { user: 'helper', password: Kamailio.password('helper') };
const kamailio = await stage.kamailio({ helper: helper.user });
const registrar = kamailio.domain;

/** baresip stands in for the emergency service; it reads multipart bodies in a way of its own. */
const psap = await stage.baresip('psap', { account: { registrar, ...helper } });
await psap.waitForEvent('REGISTER_OK');
const agent = await stage.agent({
  sections: {
    account: {
      uri: `sip:car@${registrar}`,
      registrar: `sip:${registrar}`,
      username: 'car',
      password: Kamailio.password('car'),
    },
    emergency: { calls: ['urn:service:sos'] },
  },
});

it('finds who helps by way of kamailio, which asks for digest, and tells where the car is', async () => {
  await agent.agent.json('position', '37.5665', '-126.978', '38', '12');
  const datagrams = await stage.captured('call', async () => {
    await agent.agent.json('emergency');
    await psap.waitForEvent('CALL_ESTABLISHED');
    await waitUntil('help to be found', async () =>
      /"state":"confirmed","to":"urn:service:sos"/.test(
        JSON.stringify(await agent.agent.json('status')),
      ),
    );
    await agent.untilHears();
    await agent.hangUpAll();
  });
  const [invite] = sipMessages(datagrams).filter(
    ({ method, text }) => method === 'INVITE' && text.includes('sip:helper@'),
  );
  expect(invite?.text).toContain('To: <urn:service:sos>');
  expect(invite?.text).toMatch(/Geolocation: <cid:[0-9a-f]+@127\.0\.0\.1>/);
  expect(invite?.text).toContain('<gml:pos>37.5665 -126.978</gml:pos>');
});
