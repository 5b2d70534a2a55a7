import { describe, expect, it } from 'vitest';
import { createRequest, NameAddr, parseSipUri } from '../../../src/sip/message';
import { World } from '../support/world';

const setUp = () => {
  const world = new World();
  const bob = world.phone('bob').listen();
  const peer = world.peer(bob);
  const ask = (method: string, parts: Parameters<typeof peer.newRequest>[1] = {}): string => {
    peer.send(peer.newRequest(method, { callId: `call${world.clock.now()}`, ...parts }));
    world.run(100);
    return peer.statuses.at(-1) ?? 'nothing';
  };
  return { world, bob, peer, ask };
};

const withBody = (contentType: string) => ({ body: { contentType, content: 'x' } });

describe('requests outside dialogs', () => {
  it.each([
    ['OPTIONS', '200 OPTIONS'],
    ['BYE', '481 BYE'],
    ['INFO', '481 INFO'],
    ['CANCEL', '481 CANCEL'],
    ['REGISTER', '405 REGISTER'],
    ['PUBLISH', '405 PUBLISH'],
    ['SUBSCRIBE', '489 SUBSCRIBE'],
    ['NOTIFY', '481 NOTIFY'],
    ['MESSAGE', '405 MESSAGE'],
    ['REFER', '481 REFER'],
    ['UPDATE', '481 UPDATE'],
    ['BREW', '501 BREW'],
  ])('%s is answered %s', (method, answer) => {
    expect(setUp().ask(method)).toBe(answer);
  });

  it('with the To tag of no dialog is answered 481', () => {
    const { ask } = setUp();
    const to = new NameAddr(undefined, parseSipUri('sip:bob@example.org')).withTag('gone');
    for (const method of ['INVITE', 'BYE', 'OPTIONS', 'INFO']) {
      expect(ask(method, { to })).toBe(`481 ${method}`);
    }
  });

  it('names methods in a 405', () => {
    const { peer, ask } = setUp();
    ask('PUBLISH');
    expect(peer.response(405).allow.join(' ')).toBe(
      'INVITE ACK CANCEL BYE INFO PRACK UPDATE REFER NOTIFY SUBSCRIBE MESSAGE OPTIONS',
    );
  });

  it('names others in the 405 to a MESSAGE without a text', () => {
    const { peer, ask } = setUp();
    ask('MESSAGE');
    expect(peer.response(405).allow.join(' ')).toBe(
      'INVITE ACK CANCEL BYE INFO PRACK UPDATE REFER NOTIFY SUBSCRIBE OPTIONS',
    );
  });

  it('that requires an unknown extension is answered 420 with its name', () => {
    const { peer, ask } = setUp();
    expect(ask('INVITE', { headers: [['Require', 'answermode, path']] })).toBe('420 INVITE');
    expect(peer.response(420).unsupported).toEqual(['answermode']);
  });

  it('INVITE with a body of another type is answered 415 with Accept', () => {
    const { peer, ask } = setUp();
    expect(ask('INVITE', withBody('application/isup'))).toBe('415 INVITE');
    expect(peer.response(415).get('Accept')).toBe('application/sdp, multipart/mixed');
  });

  it('INVITE whose sender takes no description is answered 406', () => {
    expect(setUp().ask('INVITE', { headers: [['Accept', 'text/plain']] })).toBe('406 INVITE');
  });

  it('for another scheme is answered 416', () => {
    const { world, peer } = setUp();
    const request = peer.newRequest('INVITE');
    peer.sendBytes(
      Buffer.from(
        [
          'INVITE tel:+358555 SIP/2.0',
          `Via: ${request.topVia}`,
          `From: ${request.from}`,
          `To: ${request.to}`,
          'Call-ID: 416',
          'CSeq: 1 INVITE',
          `Contact: ${peer.contact()}`,
          '',
          '',
        ].join('\r\n'),
      ),
    );
    world.run(100);
    expect(peer.statuses).toEqual(['416 INVITE']);
  });

  it('ACK is never answered', () => {
    expect(setUp().ask('ACK')).toBe('nothing');
  });

  it('names itself in every answer and adds a To tag', () => {
    const { peer, ask } = setUp();
    ask('PUBLISH');
    expect(peer.response(405).server).toBe('bob/1');
    expect(peer.response(405).to.tag).toBeDefined();
  });
});

describe('OPTIONS', () => {
  it('tells what we can do', () => {
    const { peer, ask } = setUp();
    ask('OPTIONS');
    const answer = peer.response(200);
    expect(answer.allow).toContain('INVITE');
    expect(answer.supported).toEqual(['timer', '100rel', 'replaces', 'join', 'norefersub', 'path']);
    expect(answer.accept?.map(({ type }) => type)).toContain('application/sdp');
    expect(answer.get('Accept-Encoding')).toBe('identity');
    expect(answer.get('Accept-Language')).toBe('en');
  });

  it('gets the status that an INVITE would: 480 when nobody listens', () => {
    const world = new World();
    const peer = world.peer(world.phone('bob'));
    peer.send(peer.newRequest('OPTIONS'));
    world.run(100);
    expect(peer.statuses).toEqual(['480 OPTIONS']);
  });

  it('gets the status that an INVITE would: 486 when there is no room', () => {
    const world = new World();
    const bob = world.phone('bob', { maxSessions: 1 }).listen();
    const peer = world.peer(bob);
    peer.send(peer.newInvite());
    peer.send(peer.newRequest('OPTIONS', { callId: 'options' }));
    world.run(100);
    expect(peer.statuses).toContain('486 OPTIONS');
  });
});

describe('what is no message', () => {
  it('is counted and dropped', () => {
    const { world, bob, peer } = setUp();
    for (const noise of ['', 'hello', '\r\n\r\nx', `${'A'.repeat(60_000)}`, '\0\0\0']) {
      peer.sendBytes(Buffer.from(noise));
    }
    world.run(100);
    expect(peer.received).toEqual([]);
    expect(bob.userAgent.counters.malformed).toBe(3);
  });

  it('but looks like a request is answered 400', () => {
    const { world, bob, peer } = setUp();
    const via = peer.via();
    const text = `OPTIONS sip:bob SIP/2.0\r\nVia: ${via}\r\nCall-ID: c\r\nFrom: <sip:a@b>;tag=x\r\n\r\n`;
    peer.sendBytes(Buffer.from(text));
    world.run(100);
    expect(world.network.sent.at(-1)?.text).toMatch(/^SIP\/2.0 400 /);
    expect(bob.userAgent.counters.malformed).toBe(1);
  });

  it('may keep a NAT open: line breaks are not even counted as malformed', () => {
    const { world, bob, peer } = setUp();
    for (const ping of ['\r\n\r\n', '\r\n', '\0']) peer.sendBytes(Buffer.from(ping));
    world.run(100);
    expect(bob.userAgent.counters).toMatchObject({ received: 3, malformed: 0, sent: 0 });
  });

  it('includes responses to nobody', () => {
    const { world, bob, peer } = setUp();
    const { address, port } = peer.address;
    const request = createRequest('INVITE', parseSipUri(`sip:x@${address}:${port}`), {
      via: peer.via(),
      from: peer.contact().withTag('a'),
      to: peer.contact(),
      callId: 'c',
      cseq: 1,
    });
    peer.answer(request, 200);
    world.run(100);
    expect(peer.received).toEqual([]);
    expect(bob.userAgent.internalErrors).toBe(0);
  });
});

describe('close', () => {
  it('ends sessions and registrations, and resolves when all have answered', async () => {
    const world = new World();
    const [alice, bob] = world.pair();
    const call = alice.call(bob.uri);
    world.run(100);
    const registrar = world.peer(alice);
    alice.userAgent.register({
      uri: 'sip:alice@example.org',
      registrar: `sip:${registrar.address.address}`,
    });
    world.run(100);
    registrar.answer(registrar.request('REGISTER'), 200);
    world.run(100);
    let isClosed = false;
    const closed = alice.userAgent.close().then(() => {
      isClosed = true;
    });
    expect(call.session.state).toBe('ended');
    await world.settle(200);
    expect(isClosed).toBe(false);
    expect(registrar.request('REGISTER').expires).toBe(0);
    registrar.answer(registrar.request('REGISTER'), 200);
    await world.settle(100);
    await closed;
    expect(bob.lastIncoming.session.state).toBe('ended');
    expect(alice.userAgent.counters.activeTransactions).toBe(0);
  });

  it('takes two seconds at most when nobody answers', async () => {
    const world = new World();
    const [alice, bob] = world.pair();
    alice.call(bob.uri);
    world.run(100);
    world.network.lose = () => true;
    let isClosed = false;
    void alice.userAgent.close().then(() => {
      isClosed = true;
    });
    await world.settle(1900);
    expect(isClosed).toBe(false);
    await world.settle(200);
    expect(isClosed).toBe(true);
    expect(world.clock.pendingTimers).toBeGreaterThan(0);
  });

  it('refuses calls from then on, in both directions', async () => {
    const world = new World();
    const [alice, bob] = world.pair();
    const held = alice.call(bob.uri);
    world.run(100);
    world.network.lose = ({ text }) => text.startsWith('BYE');
    void bob.userAgent.close();
    const refused = alice.call(bob.uri);
    const outgoing = bob.call(alice.uri);
    await world.settle(500);
    expect(held.session.state).toBe('confirmed');
    expect(refused.diary.entries).toEqual(['ended remote 480']);
    expect(outgoing.diary.entries).toEqual(['ended local 503']);
  });

  it('leaves no timer behind', async () => {
    const world = new World();
    const [alice, bob] = world.pair();
    const call = alice.call(bob.uri);
    world.run(100);
    await Promise.all([world.settle(500), alice.userAgent.close(), bob.userAgent.close()]);
    await world.settle(100);
    expect(call.session.state).toBe('ended');
    expect(world.clock.pendingTimers).toBe(0);
  });
});
