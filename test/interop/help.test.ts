// Shows RFC 5031, 6442.

import { describe, expect, it } from 'vitest';
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
