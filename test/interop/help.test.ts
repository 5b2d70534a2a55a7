// Shows RFC 5031, 5222, 6442, 6881.

import { afterAll, describe, expect, it } from 'vitest';
import { lostServer, mappingTo, say } from '../support/lost-server';
import { sipMessages } from '../toolkit/measure/sip-trace';
import { Kamailio } from '../toolkit/peers/kamailio';
import { waitUntil } from '../toolkit/process/wait';
import { Stage } from './support/stage';

const stage = await Stage.open('help');

/** Telephones stand in for emergency services; neither of them reads a body of several parts, each in a way of its own. */
const [linphonec, baresip] = await Promise.all([
  stage.linphonec('linphonec'),
  stage.baresip('baresip'),
]);
const services = { 'urn:service:sos': linphonec.uri, 'urn:service:sos.fire': baresip.uri };
const { domain } = await stage.kamailio({ services });
/** Another one, of nobody whom the account knows: it has the calls of a service where the car is. */
const esrp = await stage.kamailio({
  algorithm: 'SHA-256',
  services: { 'urn:service:sos.police': baresip.uri },
});
const lost = await lostServer((response) =>
  say(response, mappingTo([`sip:${esrp.domain}`], { expires: 'NO-EXPIRATION' })),
);
afterAll(() => lost.close());
const agent = await stage.agent({
  sections: {
    account: {
      ...{ uri: `sip:car@${domain}`, registrar: `sip:${domain}` },
      ...{ username: 'car', password: Kamailio.password('car') },
    },
    emergency: { calls: ['urn:service:sos'] },
  },
});

/** The INVITEs that come to a telephone in a call for help, which finds it. */
async function callsTo(service: string, uri: string): Promise<string[]> {
  const datagrams = await stage.captured(service.replaceAll(':', '-'), async () => {
    await agent.agent.json('config', 'set', 'emergency.calls', JSON.stringify([service]));
    await agent.agent.json('emergency');
    await waitUntil('help to be found', async () => {
      const { emergency } = Object(await agent.agent.json('status'));
      return emergency?.state === 'confirmed';
    });
    await agent.untilHears(5);
    await agent.hangUpAll();
  });
  const isToIt = new RegExp(`^INVITE ${uri}[; ]`);
  return sipMessages(datagrams)
    .filter(({ start }) => isToIt.test(start))
    .map(({ text }) => text);
}

describe('a call for help by way of kamailio, which asks for digest', () => {
  it('tells where the car is, and goes out once more for linphonec, which answers as if there were no offer', async () => {
    await agent.agent.json('position', '37.5665', '-126.978', '38', '12');
    const invites = await callsTo('urn:service:sos', linphonec.uri);
    const [invite] = invites;
    expect(invite).toContain('To: <urn:service:sos>');
    expect(invite).toMatch(/Geolocation: <cid:[0-9a-f]+@127\.0\.0\.1/);
    expect(invite).toContain('<gml:pos>37.5665 -126.978</gml:pos>');
    expect(invites.map((text) => text.includes('<gml:pos>'))).toEqual([true, false]);
  });

  it('goes out once more for baresip, which says 500', async () => {
    const invites = await callsTo('urn:service:sos.fire', baresip.uri);
    expect(invites.map((text) => text.includes('<gml:pos>'))).toEqual([true, false]);
  });
});

describe('a call for help where a LoST server knows who answers', () => {
  it('goes to that proxy by a route, which has it and asks for no password', async () => {
    await agent.agent.json('config', 'set', 'emergency.lost', lost.url);
    await agent.agent.json('position', '48.1173', '11.5');
    await waitUntil('the answer', () => lost.asked.length > 0);
    const datagrams = await stage.captured('lost', async () => {
      await agent.agent.json('config', 'set', 'emergency.calls', '["urn:service:sos.police"]');
      await agent.agent.json('emergency');
      await waitUntil('help to be found', async () => {
        const { emergency } = Object(await agent.agent.json('status'));
        return emergency?.state === 'confirmed';
      });
      await agent.hangUpAll();
    });
    const [invite] = sipMessages(datagrams).filter(({ start }) => start.startsWith('INVITE '));
    expect(invite?.start).toBe('INVITE urn:service:sos.police SIP/2.0');
    expect(invite?.text).toContain(`Route: <sip:${esrp.domain};lr>`);
    expect(invite?.text).toContain('<gml:pos>48.1173 11.5</gml:pos>');
  });
});
