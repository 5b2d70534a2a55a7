// Shows RFC 3261.

import { describe, expect, it } from 'vitest';
import { World } from '../support/world';
import { called, calling, lastStatus, ok, sdp } from './calls';

describe('other requests within a dialog', () => {
  it('below the last sequence number get 500', () => {
    const { peer, ask } = called();
    ask('OPTIONS', 5);
    ask('OPTIONS', 4);
    expect(peer.statuses.slice(-2)).toEqual(['200 OPTIONS', '500 OPTIONS']);
  });

  it('with the last sequence number are served: out of order is below it', () => {
    const { peer, ask } = called();
    ask('OPTIONS', 5);
    ask('INFO', 5);
    expect(peer.statuses.slice(-2)).toEqual(['200 OPTIONS', '200 INFO']);
  });

  it('OPTIONS gets what we can do', () => {
    const { peer, ask } = called();
    ask('OPTIONS', 2);
    expect(ok(peer).allow).toContain('INVITE');
    expect(ok(peer).accept?.map(({ type }) => type)).toContain('application/sdp');
  });

  it('INFO with media control asks for a key frame, RFC 5168', () => {
    const { peer, ask, diary } = called();
    const content = '<media_control><vc_primitive><to_encoder><picture_fast_update/>';
    ask('INFO', 2, { body: { contentType: 'application/media_control+xml', content } });
    expect(lastStatus(peer)).toBe('200 INFO');
    expect(diary.entries).toEqual(['confirmed', 'picture']);
  });

  it('INFO without body gets 200', () => {
    const { peer, ask } = called();
    ask('INFO', 2);
    expect(lastStatus(peer)).toBe('200 INFO');
  });

  it('INFO with another body gets 415 with Accept', () => {
    const { peer, ask } = called();
    ask('INFO', 2, { body: { contentType: 'application/x-keys', content: 'Signal=1' } });
    expect(lastStatus(peer)).toBe('415 INFO');
    expect(peer.response(415).get('Accept')).toBe(
      'application/media_control+xml, application/dtmf-relay, application/dtmf, application/EmergencyCallData.Control+xml, multipart/mixed',
    );
  });

  it.each([
    ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n', ['key 5 160']],
    ['application/dtmf-relay', 'Signal= *\nDuration= 250', ['key * 250']],
    ['Application/DTMF-Relay', 'DURATION = 90\rsignal = #', ['key # 90']],
    ['application/dtmf-relay', 'Signal=11\r\n', ['key # 160']],
    ['application/dtmf-relay', 'Signal=a\r\nDuration=-3\r\n', ['key A 160']],
    ['application/dtmf-relay', 'Signal=1\r\nDuration=9999999\r\n', ['key 1 6000']],
    ['application/dtmf-relay', 'Signal=16\r\nDuration=100\r\n', []],
    ['application/dtmf-relay', 'hello', []],
    ['application/dtmf', '7', ['key 7 160']],
    ['application/dtmf', ' 0 \r\n', ['key 0 160']],
    ['application/dtmf', '12', ['key A 160']],
    ['application/dtmf', '123', []],
  ])('INFO with a key in %s: %j', (contentType, content, told) => {
    const { peer, ask, diary } = called();
    ask('INFO', 2, { body: { contentType, content } });
    expect(lastStatus(peer)).toBe('200 INFO');
    expect(diary.entries).toEqual(['confirmed', ...told]);
  });

  it('INFO with a package gets 469, RFC 6086', () => {
    const { peer, ask } = called();
    ask('INFO', 2, { headers: [['Info-Package', 'foo']] });
    expect(lastStatus(peer)).toBe('469 INFO');
  });

  it.each(['SUBSCRIBE', 'NOTIFY'])('%s that is of no subscription gets 481', (method) => {
    const { peer, ask } = called();
    ask(method, 2, { headers: [['Event', 'refer']] });
    expect(lastStatus(peer)).toBe(`481 ${method}`);
  });

  it.each(['PUBLISH', 'REGISTER'])('%s gets 405 with Allow', (method) => {
    const { peer, ask } = called();
    ask(method, 2);
    expect(lastStatus(peer)).toBe(`405 ${method}`);
    expect(peer.response(405).allow).toContain('INVITE');
  });

  it('BYE after the end gets 481', () => {
    const { peer, ask, session } = called();
    session.hangup();
    ask('BYE', 2);
    expect(lastStatus(peer)).toBe('481 BYE');
  });

  it('are served in early dialogs of ours, where re-INVITE gets 491', () => {
    const world = new World();
    const alice = world.phone('alice');
    const peer = world.peer(alice);
    alice.call(`sip:bob@${peer.address.address}`);
    world.run(100);
    const invite = peer.request('INVITE');
    peer.answer(invite, 183, { contact: peer.contact() });
    peer.send(peer.withinTheirs(invite, 'peertag', 'OPTIONS', 1));
    peer.send(peer.withinTheirs(invite, 'peertag', 'INVITE', 2, sdp('early')));
    peer.send(peer.withinTheirs(invite, 'unknown', 'OPTIONS', 1));
    world.run(100);
    expect(peer.statuses).toEqual(['200 OPTIONS', '491 INVITE', '481 OPTIONS']);
  });
});

describe('a key of ours by INFO', () => {
  const sending = () => {
    const call = calling();
    const sent = call.session.sendKey({ digit: '#', durationMs: 100 });
    call.world.run(100);
    return { ...call, sent };
  };

  it('goes out as application/dtmf-relay, and its answer says whether it was taken', async () => {
    const { world, peer, sent } = sending();
    const info = peer.request('INFO');
    expect(info.contentType?.type).toBe('application/dtmf-relay');
    expect(info.bodyText).toBe('Signal=#\r\nDuration=100\r\n');
    peer.answer(info, 200);
    world.run(100);
    expect(await sent).toBe(true);
  });

  it('is refused by who does not know the type, and the call goes on', async () => {
    const { world, peer, sent, session } = sending();
    peer.answer(peer.request('INFO'), 415);
    world.run(100);
    expect(await sent).toBe(false);
    expect(session.state).toBe('confirmed');
  });

  it('ends a call that the peer does not know any more (RFC 3261 §12.2.1.2)', async () => {
    const { world, peer, sent, session } = sending();
    peer.answer(peer.request('INFO'), 481);
    world.run(100);
    expect(await sent).toBe(false);
    expect(session.state).toBe('ended');
  });

  it('is for calls that are up', async () => {
    const { session } = new World().phone('alice').call('sip:bob@192.0.2.9');
    expect(await session.sendKey({ digit: '1', durationMs: 100 })).toBe(false);
  });
});
