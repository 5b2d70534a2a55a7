// Shows RFC 6086, 7852, 8147.

import { describe, expect, it } from 'vitest';
import {
  carDataEnclosure,
  Enclosures,
  infoByPackage,
  locationEnclosure,
} from '../../../src/sip/invite/enclosures';
import type { SipRequest } from '../../../src/sip/message';
import { seededRandom } from '../../support/seeded-random';
import { World } from '../support/world';

const MSD = 'application/EmergencyCallData.eCall.MSD';
const CONTROL = 'application/EmergencyCallData.Control+xml';
const DATA = Uint8Array.of(2, 3, 0x0d, 0x0a, 0xff, 0x2d, 0x2d);
const ACK =
  '<EmergencyCallData.Control><ack received="true" ref="a@b"/></EmergencyCallData.Control>';

/** A multipart body with a control document, as a stand-in for an emergency service sends it. */
const controlBody = (document: string) => ({
  contentType: 'multipart/mixed;boundary=zz',
  content: [
    '--zz\r\nContent-Type: application/sdp\r\n\r\nanswer of peer',
    `--zz\r\nContent-Disposition: by-reference\r\nContent-Type: ${CONTROL}\r\nContent-ID: <3456@psap.example>\r\n\r\n${document}`,
    '--zz--\r\n',
  ].join('\r\n'),
});

const setUp = () => {
  const world = new World();
  const alice = world.phone('alice');
  const psap = world.peer(alice);
  const all = [
    locationEnclosure('<presence/>', 'place@example.org'),
    carDataEnclosure(DATA, 'car@example.org'),
  ];
  const call = alice.call(
    'urn:service:sos.ecall.automatic',
    { registrar: 'sip:10.0.0.2' },
    { enclosing: new Enclosures(all, seededRandom()) },
  );
  const heard: string[] = [];
  call.session.events.on('control', (document, reference) =>
    heard.push(`${reference} ${document}`),
  );
  world.run(100);
  return { world, psap, heard, ...call };
};

const answered = () => {
  const all = setUp();
  const invite = all.psap.request('INVITE');
  const ok = all.psap.answer(invite, 200, {
    contact: all.psap.contact(),
    body: controlBody(ACK),
  });
  all.world.run(100);
  const info = (headers: readonly (readonly [string, string])[], document: string) => {
    all.psap.send(
      all.psap.withinTheirs(invite, 'peertag', 'INFO', all.psap.received.length + 1, {
        headers,
        body: controlBody(document),
      }),
    );
    all.world.run(100);
  };
  return { ...all, invite, ok, info };
};

const referenceIn = (request: SipRequest, purpose: string): string | undefined =>
  request
    .getAll('Call-Info')
    .flatMap((value) => /^<cid:([^>]+)>;purpose=(.*)$/.exec(value)?.slice(1) ?? [])
    .reduce<string | undefined>(
      (found, word, place, all) => (word === purpose ? all[place - 1] : found),
      undefined,
    );

describe('data of the car', () => {
  it('go along with the call, beside description and position', () => {
    const { psap } = setUp();
    const invite = psap.request('INVITE');
    expect(String(invite.uri)).toBe('urn:service:sos.ecall.automatic');
    expect(invite.get('Recv-Info')).toBe('EmergencyCallData.eCall.MSD');
    expect(invite.get('Accept')).toBe(`application/sdp, application/pidf+xml, ${CONTROL}`);
    const { understood } = invite.bodyParts([MSD]);
    expect(understood.map(({ content, id }) => [Uint8Array.from(content), id])).toEqual([
      [DATA, referenceIn(invite, 'EmergencyCallData.eCall.MSD')],
    ]);
    expect(invite.description).toBe('offer 1 of alice');
    expect(invite.bodyParts(['application/pidf+xml']).understood).toHaveLength(1);
  });

  it('stay where only the position is not taken (424), and go where several parts are not (415)', () => {
    const { world, psap } = setUp();
    psap.answer(psap.request('INVITE'), 424);
    world.run(100);
    const second = psap.request('INVITE');
    expect([second.has('Geolocation'), second.bodyParts([MSD]).understood.length]).toEqual([
      false,
      1,
    ]);
    psap.answer(second, 415);
    world.run(100);
    const third = psap.request('INVITE');
    expect(third.contentType?.type).toBe('application/sdp');
    expect(third.has('Call-Info') || third.has('Recv-Info')).toBe(false);
  });

  it('are acknowledged by the answer', () => {
    const { heard, diary } = answered();
    expect(diary.entries).toEqual(['confirmed']);
    expect(heard).toEqual([`3456@psap.example ${ACK}`]);
  });

  it('are acknowledged while it rings, too', () => {
    const { world, psap, heard } = setUp();
    psap.answer(psap.request('INVITE'), 183, { body: controlBody(ACK) });
    world.run(100);
    expect(heard).toEqual([`3456@psap.example ${ACK}`]);
  });

  it('are asked for by INFO of their package alone', () => {
    const { psap, info, heard } = answered();
    heard.length = 0;
    info([['Info-Package', 'EmergencyCallData.eCall.MSD']], '<request/>');
    expect(psap.response(200).cseq.method).toBe('INFO');
    expect(heard).toEqual(['3456@psap.example <request/>']);
    info([['Info-Package', 'foo']], '<other/>');
    expect(psap.response(469).get('Recv-Info')).toBe('EmergencyCallData.eCall.MSD');
    expect(heard).toHaveLength(1);
  });

  it('are asked for in vain in other calls', () => {
    const world = new World();
    const alice = world.phone('alice');
    const peer = world.peer(alice);
    const { session } = alice.call('sip:bob@10.0.0.2');
    const heard: string[] = [];
    session.events.on('control', (document) => heard.push(document));
    world.run(100);
    const invite = peer.request('INVITE');
    peer.answer(invite, 200, { contact: peer.contact(), body: controlBody(ACK) });
    world.run(100);
    peer.send(
      peer.withinTheirs(invite, 'peertag', 'INFO', 7, {
        headers: [['Info-Package', 'EmergencyCallData.eCall.MSD']],
        body: controlBody('<request/>'),
      }),
    );
    world.run(100);
    expect(peer.response(469).get('Recv-Info')).toBe('');
    expect(heard).toEqual([]);
  });

  it.each<[string, Uint8Array | string, string, string]>([
    ['anew', Uint8Array.of(2, 1, 0), MSD, 'EmergencyCallData.eCall.MSD'],
    ['as a refusal', '<ack/>', CONTROL, 'EmergencyCallData.Control'],
  ])('go out %s by INFO', async (_, told, type, purpose) => {
    const { world, psap, session } = answered();
    const parts = infoByPackage(told, 'example.org', seededRandom());
    const taken = session.inform(parts);
    world.run(100);
    const info = psap.request('INFO');
    expect(info.get('Info-Package')).toBe('EmergencyCallData.eCall.MSD');
    expect(info.get('Content-Disposition')).toBe('Info-Package');
    const { understood } = info.bodyParts([type]);
    expect(understood.map(({ content, id }) => [content, id])).toEqual([
      [Buffer.from(told), referenceIn(info, purpose)],
    ]);
    psap.answer(info, 200);
    world.run(100);
    expect(await taken).toBe(true);
    const refused = session.inform(parts);
    world.run(100);
    psap.answer(psap.request('INFO'), 469);
    world.run(100);
    expect(await refused).toBe(false);
    session.hangup();
    expect(await session.inform(parts)).toBe(false);
  });
});
