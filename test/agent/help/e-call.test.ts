// Shows RFC 8147.

import { describe, expect, it } from 'vitest';
import type { EmergencySettings } from '../../../src/agent';
import type { InfoParts, InviteOptions } from '../../../src/sip';
import { splitMultipart } from '../../../src/sip/message/multipart';
import { startedBench } from '../fakes';
import { readMsd } from './msd-reader';

const CAR = { vin: 'WM9VDSVDSYA123456', vehicleType: 'M1', propulsion: ['electric'] };
const control = (inside: string): string =>
  `<EmergencyCallData.Control>${inside}</EmergencyCallData.Control>`;
const SEND = '<request action="send-data" datatype="eCall.MSD"/>';

/** Of what goes along with a call, or by INFO, the parts by their types. */
const partsOf = ({ contentType, content }: InfoParts['body']): Map<string, Buffer> =>
  new Map(
    splitMultipart(Buffer.from(content), /boundary=(\w+)/.exec(contentType)?.[1])?.map((part) => [
      part.fields.get('Content-Type') ?? '',
      part.content,
    ]),
  );

const MSD = 'application/EmergencyCallData.eCall.MSD';
const dataOf = (options: InviteOptions | undefined) => {
  const description = { contentType: 'application/sdp', content: 'v=0' };
  const parts = options?.enclosing && partsOf(options.enclosing.with(description).body);
  const data = parts?.get(MSD);
  return {
    msd: data && readMsd(data),
    location: parts?.get('application/pidf+xml')?.toString(),
  };
};

async function eCalling(
  parts: Partial<EmergencySettings> = {},
  isAutomatic = false,
  fix: object = { accuracy: 10 },
) {
  const emergency: EmergencySettings = {
    calls: ['urn:service:sos.ecall'],
    ...{ ringSeconds: 30, confirmSeconds: 20, rounds: 2, callBackMinutes: 60, eCall: CAR },
    ...parts,
  };
  const account = { uri: 'sip:car@example.org', registrar: 'sip:192.0.2.1' };
  const all = await startedBench({ account, emergency });
  // As long as the agent's own takes to load.
  await Promise.all([
    import('../../../src/agent/help/kit'),
    import('../../../src/sip/invite/enclosures'),
  ]);
  await all.agent.helpData.tell({ latitude: 48, longitude: 11.5, heading: 90, ...fix });
  all.agent.startEmergency(isAutomatic);
  const session = all.userAgent.sessions.at(-1);
  const { target = '', options } = all.userAgent.invited.at(-1) ?? {};
  if (!session) throw new Error('nobody was called');
  return { ...all, session, target, ...dataOf(options) };
}

describe('eCall', () => {
  it('names who calls, and tells the car and where it is', async () => {
    const byHand = await eCalling();
    expect(byHand.target).toBe('urn:service:sos.ecall.manual');
    expect(byHand.location).toContain('48 11.5');
    expect(byHand.msd).toMatchObject({
      ...{ vin: CAR.vin, id: 1, automatic: false, test: false, trusted: true },
      ...{ latitude: 172_800_000, longitude: 41_400_000, direction: 45 },
      timestamp: Math.floor(byHand.clock.wallTime().getTime() / 1000),
    });
    const byCar = await eCalling({}, true);
    expect(byCar.target).toBe('urn:service:sos.ecall.automatic');
    expect(byCar.msd).toMatchObject({ automatic: true });
  });

  it('is a test where that service is called', async () => {
    const { target, msd } = await eCalling({ calls: ['urn:service:test.sos.ecall'] }, true);
    expect(target).toBe('urn:service:test.sos.ecall');
    expect(msd).toMatchObject({ test: true });
  });

  it.each([
    ['is not exact', { accuracy: 151 }, 0],
    ['is not known how exact', {}, 0],
    ['is old', { accuracy: 10 }, 61_000],
  ])('trusts no position that %s', async (_, fix, ms) => {
    const calls = ['home', 'urn:service:sos.ecall'];
    const all = await eCalling({ calls, ringSeconds: 100 }, false, fix);
    all.clock.advance(ms);
    all.session.end({ by: 'remote', status: 486, reason: '' });
    all.clock.advance(1000);
    expect(dataOf(all.userAgent.invited.at(-1)?.options).msd).toMatchObject({
      trusted: false,
      latitude: 172_800_000,
    });
  });

  it('is certified by nobody, and says how its data get on', async () => {
    const all = await eCalling();
    const eCall = () => all.agent.status().emergency?.eCall;
    expect(eCall()).toEqual({ certified: false, data: 'sent', updates: 0 });
    all.session.events.emit('control', control('<ack received="true" ref="a"/>'), 'b');
    expect(eCall()).toEqual({ certified: false, data: 'received', updates: 0 });
    all.session.pickUp();
    all.session.end({ by: 'remote', status: 200, reason: '' });
    expect(all.agent.status().emergency).toMatchObject({
      state: 'ended',
      eCall: { data: 'received' },
    });
    const refused = await eCalling();
    refused.session.events.emit('control', control('<ack received="false" ref="a"/>'), 'b');
    expect(refused.agent.status().emergency?.eCall?.data).toBe('refused');
  });

  it('sends its data anew when it is asked to, as they are then', async () => {
    const all = await eCalling();
    all.session.pickUp();
    await all.agent.helpData.tell({ latitude: 49, longitude: 12 });
    all.session.events.emit('control', control(SEND), 'b');
    const [info] = all.session.informed;
    const told = info && partsOf(info.body).get(MSD);
    expect(told && readMsd(told)).toMatchObject({ id: 2, latitude: 176_400_000, trusted: false });
    expect(all.agent.status().emergency?.eCall?.updates).toBe(1);
  });

  it('says that it does nothing else', async () => {
    const all = await eCalling();
    all.session.pickUp();
    all.session.events.emit('control', control('<request action="lamp"/>'), 'b@c');
    const [info] = all.session.informed;
    const told = info && partsOf(info.body).get('application/EmergencyCallData.Control+xml');
    expect(String(told)).toContain('<ack ref="b@c"><actionResult action="lamp" success="false"');
    expect(all.agent.status().emergency?.eCall?.updates).toBe(0);
  });

  it('says that it has no other data', async () => {
    const all = await eCalling();
    all.session.pickUp();
    const other = '<request action="send-data" datatype="VEDS"/>';
    all.session.events.emit('control', control(other), 'b@c');
    const [info] = all.session.informed;
    expect(String(info?.body.content)).toContain(
      '<actionResult action="send-data" success="false" reason="data-unsupported"/>',
    );
  });

  it('says with the call what it may be asked for', async () => {
    const { userAgent } = await eCalling();
    const description = { contentType: 'application/sdp', content: 'v=0' };
    const { headers, body } = userAgent.invited.at(-1)?.options?.enclosing?.with(description) ?? {};
    const told = body && partsOf(body).get('application/EmergencyCallData.Control+xml');
    expect(String(told)).toContain('<capabilities><request action="send-data"');
    const named = headers?.filter(([name]) => name === 'Call-Info').map(([, value]) => value);
    expect(named).toEqual([
      expect.stringMatching(/^<cid:.*>;purpose=EmergencyCallData\.eCall\.MSD$/),
      expect.stringMatching(/^<cid:.*>;purpose=EmergencyCallData\.Control$/),
    ]);
    expect(Object.fromEntries(headers ?? []).Accept).toBe(
      'application/sdp, application/pidf+xml, application/EmergencyCallData.Control+xml',
    );
  });

  it('goes on when it is told what cannot be read', async () => {
    const all = await eCalling();
    all.session.pickUp();
    all.session.events.emit('control', '<EmergencyCallData.Control><ack received="true"', 'b@c');
    expect(all.agent.status().emergency?.eCall?.data).toBe('sent');
    all.session.events.emit('control', control('<ack received="true" ref="a"/>'), 'b@c');
    expect(all.agent.status().emergency?.eCall?.data).toBe('received');
  });

  it('has no data for other services, and none where no car is configured', async () => {
    expect((await eCalling({ calls: ['urn:service:sos'] })).msd).toBeUndefined();
    const all = await startedBench({
      account: { uri: 'sip:car@example.org' },
      emergency: {
        calls: ['urn:service:sos.ecall'],
        ...{ ringSeconds: 30, confirmSeconds: 20, rounds: 2, callBackMinutes: 60 },
      },
    });
    all.agent.startEmergency();
    expect(all.userAgent.invited.at(-1)).toMatchObject({ target: 'urn:service:sos.ecall.manual' });
    expect(all.userAgent.invited.at(-1)?.options).toBeUndefined();
  });
});
