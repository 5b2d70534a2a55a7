// Shows RFC 5031, 6442, 6881, 7090.

import { describe, expect, it } from 'vitest';
import type { SipAccount } from '../../../src/sip/account';
import { Enclosures, locationEnclosure } from '../../../src/sip/invite/enclosures';
import type { SipRequest } from '../../../src/sip/message';
import type { InviteOptions } from '../../../src/sip/user-agent';
import { seededRandom } from '../../support/seeded-random';
import { ring, World } from '../support/world';

const LOCATION = '<presence xmlns="urn:ietf:params:xml:ns:pidf"/>';
const REGISTRAR = 'sip:10.0.0.2';

const located = (): InviteOptions => ({
  enclosing: new Enclosures([locationEnclosure(LOCATION, 'abc@example.org')], seededRandom()),
});

/** alice calls for help; the peer is her server, and passes the call to nobody. */
const setUp = (
  target = 'urn:service:sos',
  account: Partial<SipAccount> = { registrar: REGISTRAR },
  options: InviteOptions = located(),
) => {
  const world = new World();
  const alice = world.phone('alice', { lookup: async () => ['10.0.0.2'] });
  const server = world.peer(alice);
  const call = alice.call(target, account, options);
  world.run(100);
  return { world, alice, server, ...call };
};

const typesOf = ({ contentType, body }: SipRequest): string[] => {
  const text = Buffer.from(body).toString();
  const inner = [...text.matchAll(/^Content-Type: (.*)\r$/gm)].map(([, type]) => `${type}`);
  return [contentType?.type ?? 'none', ...inner];
};

describe('a call to urn:service:sos', () => {
  it('goes by the account’s server, which finds whom it is for', () => {
    const { server } = setUp();
    const invite = server.request('INVITE');
    expect(String(invite.uri)).toBe('urn:service:sos');
    expect(String(invite.to)).toBe('<urn:service:sos>');
    expect(String(invite.from.uri)).toBe('sip:alice@example.org');
    expect(invite.routes.map(String)).toEqual(['<sip:10.0.0.2;lr>']);
    expect(invite.has('Privacy')).toBe(false);
  });

  it.each<[string, Partial<SipAccount>, string]>([
    [
      'its proxy, where there is one',
      { registrar: 'sip:10.9.9.9', outboundProxy: REGISTRAR },
      '<sip:10.0.0.2;lr>',
    ],
    ['its domain, where nothing else is known', {}, '<sip:example.org;lr>'],
  ])('goes by %s', async (_, account, route) => {
    const { world, server } = setUp('urn:service:sos.police', account);
    await world.settle(500);
    const invite = server.request('INVITE');
    expect(String(invite.uri)).toBe('urn:service:sos.police');
    expect(invite.routes.map(String)).toEqual([route]);
  });

  it.each<[string, Partial<SipAccount>, string[]]>([
    [
      'straight, where the account has no way of its own',
      { registrar: 'sip:10.9.9.9' },
      ['<sip:psap@10.0.0.2:5060;lr>'],
    ],
    [
      'by its proxy',
      { registrar: 'sip:10.9.9.9', outboundProxy: REGISTRAR },
      ['<sip:10.0.0.2;lr>', '<sip:psap@10.0.0.2:5060;lr>'],
    ],
  ])('goes to who answers for it, where that is known: %s', (_, account, routes) => {
    const { server } = setUp('urn:service:sos', account, {
      ...located(),
      route: 'sip:psap@10.0.0.2:5060',
    });
    const invite = server.request('INVITE');
    expect(String(invite.uri)).toBe('urn:service:sos');
    expect(String(invite.to)).toBe('<urn:service:sos>');
    expect(invite.routes.map(String)).toEqual(routes);
    expect(invite.get('Geolocation')).toBe('<cid:abc@example.org>');
  });

  it('gives the password of the account to nobody else who answers for it', () => {
    const { world, server, diary } = setUp(
      'urn:service:sos',
      { registrar: 'sip:10.9.9.9', username: 'alice', password: 'secret' },
      { route: 'sip:psap@10.0.0.2' },
    );
    const headers = [
      ['WWW-Authenticate', 'Digest realm="example.org", nonce="n", qop="auth"'],
    ] as const;
    server.answer(server.request('INVITE'), 401, { headers });
    world.run(100);
    expect(server.methods).toEqual(['INVITE', 'ACK']);
    expect(diary.end).toMatchObject({ by: 'remote', status: 401 });
  });

  it('tells where the caller is, beside the session description', () => {
    const { server } = setUp();
    const invite = server.request('INVITE');
    expect(invite.get('Geolocation')).toBe('<cid:abc@example.org>');
    expect(invite.get('Geolocation-Routing')).toBe('yes');
    expect(invite.get('Accept')).toBe('application/sdp, application/pidf+xml');
    expect(typesOf(invite)).toEqual(['multipart/mixed', 'application/sdp', 'application/pidf+xml']);
    expect(invite.description).toBe('offer 1 of alice');
    const { understood } = invite.bodyParts(['application/pidf+xml']);
    expect(understood.map(({ content }) => content.toString())).toEqual([LOCATION]);
    const text = Buffer.from(invite.body).toString();
    expect(text).toContain('\r\nContent-ID: <abc@example.org>\r\n');
    expect(text).toContain('\r\nContent-Disposition: by-reference;handling=optional\r\n');
    expect(text.endsWith('--\r\n')).toBe(true);
  });

  it('says nothing of it where it is not known', () => {
    const { server } = setUp('urn:service:sos', { registrar: REGISTRAR }, {});
    const invite = server.request('INVITE');
    expect(typesOf(invite)).toEqual(['application/sdp']);
    expect(invite.has('Geolocation')).toBe(false);
    expect(invite.get('Accept')).toBe('application/sdp');
  });

  it.each([400, 415, 424, 488, 500])(
    'whose position is not taken (%i) goes out again without it',
    (status) => {
      const { world, server, diary } = setUp();
      server.answer(server.request('INVITE'), status);
      world.run(100);
      expect(server.methods).toEqual(['INVITE', 'ACK', 'INVITE']);
      const again = server.request('INVITE');
      expect(String(again.uri)).toBe('urn:service:sos');
      expect(again.cseq.sequence).toBe(2);
      expect(typesOf(again)).toEqual(['application/sdp']);
      expect(again.has('Geolocation') || again.has('Geolocation-Routing')).toBe(false);
      expect(diary.entries).toEqual([]);
      // And not a third time.
      server.answer(again, status);
      world.run(100);
      expect(diary.end).toMatchObject({ by: 'remote', status });
    },
  );

  it.each([404, 486, 503, 603])('that is refused for other reasons (%i) is over', (status) => {
    const { world, server, diary } = setUp();
    server.answer(server.request('INVITE'), status);
    world.run(100);
    expect(server.methods).toEqual(['INVITE', 'ACK']);
    expect(diary.end).toMatchObject({ by: 'remote', status });
  });

  it('is a call like any other once it is answered', () => {
    const { world, server, session, diary } = setUp();
    const invite = server.request('INVITE');
    // A server that leaves out its Contact is reached where the call went.
    server.answer(invite, 200, {
      body: { contentType: 'application/sdp', content: 'answer of peer' },
    });
    world.run(100);
    expect(diary.entries).toEqual(['confirmed']);
    expect(String(server.request('ACK').uri)).toBe('sip:10.0.0.2');
    session.hangup();
    world.run(100);
    expect(String(server.request('BYE').to)).toBe('<urn:service:sos>;tag=peertag');
  });

  it('is given up by CANCEL with the same Request-URI', () => {
    const { world, server, session } = setUp();
    server.answer(server.request('INVITE'), 180);
    world.run(100);
    session.hangup();
    world.run(100);
    expect(String(server.request('CANCEL').uri)).toBe('urn:service:sos');
  });

  it('shows the account’s password where the server asks for it', () => {
    const { world, server } = setUp('urn:service:sos', { registrar: REGISTRAR, password: 'p' });
    server.answer(server.request('INVITE'), 407, {
      headers: [['Proxy-Authenticate', 'Digest realm="r", nonce="n", qop="auth"']],
    });
    world.run(100);
    expect(server.request('INVITE').get('Proxy-Authorization')).toContain('uri="urn:service:sos"');
  });

  it('goes on, position and all, to where it is redirected', () => {
    const { world, server, diary } = setUp();
    server.answer(server.request('INVITE'), 302, {
      headers: [['Contact', '<sip:psap@10.0.0.2>']],
    });
    world.run(100);
    expect(diary.entries).toEqual(['redirected sip:psap@10.0.0.2']);
    expect(String(server.request('INVITE').uri)).toBe('sip:psap@10.0.0.2');
    expect(server.request('INVITE').has('Geolocation')).toBe(true);
  });

  it.each(['urn:service:sos.animal-control', 'urn:service:test.sos', 'URN:service:SOS.fire'])(
    'may be one to %s',
    (target) => expect(String(setUp(target).server.request('INVITE').uri)).toMatch(/service/),
  );

  it.each(['urn:service:counseling', 'urn:service:sosx', 'urn:nena:service:sos', 'tel:112'])(
    'is none to %s',
    (target) => expect(() => setUp(target)).toThrow('expected a URI'),
  );
});

describe('those who call back', () => {
  it.each([
    ['psap-callback', true],
    ['PSAP-Callback', true],
    ['emergency', false],
    [undefined, false],
  ])('say so by Priority: %s', (priority, expected) => {
    const world = new World();
    const bob = world.phone('bob').listen();
    bob.onCall = ring;
    const peer = world.peer(bob);
    const headers = priority === undefined ? [] : ([['Priority', priority]] as const);
    peer.send(peer.newInvite({ headers }));
    world.run(100);
    expect(bob.lastIncoming.session.isHelpCallingBack).toBe(expected);
  });
});
