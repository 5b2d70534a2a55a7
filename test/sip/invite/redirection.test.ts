import { describe, expect, it } from 'vitest';
import type { SipAccount } from '../../../src/sip/account';
import type { ScriptedPeer } from '../support/scripted-peer';
import { FakeMedia, World } from '../support/world';

/** alice calls the first of three peers. */
const setUp = (account: Partial<SipAccount> = {}, target = 'sip:bob@10.0.0.2') => {
  const world = new World();
  const alice = world.phone('alice');
  const peers = [world.peer(alice), world.peer(alice), world.peer(alice)] as const;
  const call = alice.call(target, account);
  world.run(100);
  return { world, alice, peers, ...call };
};

const redirect = (peer: ScriptedPeer, contact: string, status = 302) =>
  peer.answer(peer.request('INVITE'), status, { headers: [['Contact', contact]] });

const challenge = { headers: [['WWW-Authenticate', 'Digest realm="r", nonce="n"']] as const };

describe('the word of a stranger', () => {
  const NAMES: Readonly<Record<string, readonly string[]>> = {
    '127.1': ['127.0.0.1'],
    '2130706433': ['127.0.0.1'],
    '0x7f.1': ['127.0.0.1'],
    '0177.0.0.01': ['127.0.0.1'],
    '0': ['0.0.0.0'],
    'inside.example': ['127.0.0.1'],
    'us.example': ['10.0.0.1'],
    'both.example': ['127.0.0.1', '10.0.0.3'],
  };

  /** alice calls by a name; whoever is at `first` redirects her to `host`, whose addresses are looked up. */
  const redirected = async (first: string, host: string) => {
    const world = new World();
    const lookup = async (name: string) => NAMES[name] ?? [];
    const alice = world.phone('alice', { lookup });
    const peers = [world.peer(alice), world.peer(alice)] as const;
    const inside: string[] = [];
    for (const address of ['127.0.0.1', '0.0.0.0']) {
      world.network.attach({ address, port: 5060 }, (bytes) =>
        inside.push(Buffer.from(bytes).toString().slice(0, 6)),
      );
    }
    const { session, diary } = alice.call(first);
    await world.settle(100);
    redirect(peers[0], `<sip:carol@${host}>`);
    await world.settle(200);
    return { world, peers, session, diary, inside };
  };

  it.each(Object.keys(NAMES).filter((name) => name !== 'both.example'))(
    'leads to this machine by no name: %s',
    async (host) => {
      const { inside, diary } = await redirected('sip:bob@10.0.0.2', host);
      expect(inside).toEqual([]);
      // What leads nowhere (0.0.0.0) is no address at all.
      expect(diary.end).toMatchObject({ status: host === '0' ? 503 : 482 });
    },
  );

  it('leads to the other addresses of such a name', async () => {
    const { peers, inside } = await redirected('sip:bob@10.0.0.2', 'both.example');
    expect(inside).toEqual([]);
    expect(peers[1].methods).toEqual(['INVITE']);
  });

  it('is not needed by who commands the call himself', async () => {
    const world = new World();
    const heard: string[] = [];
    world.network.attach({ address: '127.0.0.1', port: 5060 }, () => heard.push('INVITE'));
    world.phone('alice', { lookup: async () => ['127.0.0.1'] }).call('sip:bob@inside.example');
    await world.settle(200);
    expect(heard).toEqual(['INVITE']);
  });
});

describe('a call that is redirected', () => {
  it('goes to the Contact, as the same call with the next CSeq', () => {
    const { world, peers, diary, session } = setUp();
    const [one, two] = peers;
    one.answer(one.request('INVITE'), 180);
    world.run(100);
    redirect(one, '<sip:carol@10.0.0.3>');
    world.run(100);
    const [first, second] = [one.request('INVITE'), two.request('INVITE')];
    expect(one.methods).toEqual(['INVITE', 'ACK']);
    expect(String(second.uri)).toBe('sip:carol@10.0.0.3');
    expect(String(second.to)).toBe('<sip:bob@10.0.0.2>');
    expect(second.callId).toBe(first.callId);
    expect(second.from.tag).toBe(first.from.tag);
    expect(second.cseq.sequence).toBe(2);
    expect(second.topVia.branch).not.toBe(first.topVia.branch);
    expect(second.bodyText).toBe(first.bodyText);
    two.answerOk(second);
    world.run(100);
    expect(diary.entries).toEqual(['progress 180', 'redirected sip:carol@10.0.0.3', 'confirmed']);
    session.hangup();
    world.run(100);
    expect(two.methods).toEqual(['INVITE', 'ACK', 'BYE']);
  });

  it('is heard by its new place alone: early media of the first is over', () => {
    const { world, peers, media } = setUp();
    const [one, two] = peers;
    const ringing = (text: string) => ({
      body: { contentType: 'application/sdp', content: text },
    });
    one.answer(one.request('INVITE'), 183, ringing('first'));
    world.run(100);
    expect(media.earlyAnswersSeen).toEqual(['first']);
    redirect(one, '<sip:carol@10.0.0.3>');
    world.run(100);
    expect(media.earlyAnswersSeen).toEqual(['first', 'end']);
    two.answer(two.request('INVITE'), 183, ringing('second'));
    world.run(100);
    expect(media.earlyAnswersSeen).toEqual(['first', 'end', 'second']);
  });

  it('goes to the next Contact when one does not serve, and ends with the last answer', () => {
    const { world, peers, diary } = setUp();
    const [one, two, three] = peers;
    redirect(one, '<sip:c@10.0.0.4>;q=0.1, <sip:b@10.0.0.3>;q=0.9', 300);
    world.run(100);
    expect(three.methods).toEqual([]);
    two.answer(two.request('INVITE'), 486);
    world.run(100);
    three.answer(three.request('INVITE'), 480);
    world.run(100);
    expect(diary.end).toEqual({ by: 'remote', status: 480, reason: 'Temporarily Unavailable' });
  });

  it('is over when one speaks for all', () => {
    const { world, peers, diary } = setUp();
    redirect(peers[0], '<sip:b@10.0.0.3>, <sip:c@10.0.0.4>');
    world.run(100);
    peers[1].answer(peers[1].request('INVITE'), 603);
    world.run(100);
    expect(diary.end?.status).toBe(603);
    expect(peers[2].methods).toEqual([]);
  });

  it('does not go round in circles', () => {
    const { world, peers, diary } = setUp();
    const [one, two] = peers;
    redirect(one, '<sip:b@10.0.0.3>');
    world.run(100);
    redirect(two, '<sip:bob@10.0.0.2>, <sip:b@10.0.0.3>');
    world.run(100);
    expect(diary.end).toMatchObject({ by: 'remote', status: 302 });
    expect(diary.end?.reason).toContain('sip:bob@10.0.0.2: has been called already');
    expect(one.methods.filter((method) => method === 'INVITE')).toHaveLength(1);
  });

  it('does not come back to us, by name or by address', () => {
    const { world, alice, peers, diary } = setUp();
    redirect(peers[0], `<sip:alice@example.org>, <${alice.uri}>, <sip:b@10.0.0.3>;q=0.1`);
    world.run(200);
    expect(diary.entries).toContain('redirected sip:b@10.0.0.3');
    expect(alice.userAgent.counters.received).toBe(1);
    peers[1].answer(peers[1].request('INVITE'), 404);
    world.run(100);
    expect(diary.end?.status).toBe(404);
  });

  it('is over, with the reason, when there is nothing to call', () => {
    const { world, peers, diary } = setUp();
    redirect(peers[0], '<tel:+4930>, <sips:a@b>');
    world.run(100);
    expect(diary.end).toEqual({
      by: 'remote',
      status: 302,
      reason:
        'Moved Temporarily; tel:+4930: only sip: addresses are called; sips:a@b: only sip: addresses are called',
    });
  });

  it.each([305, 380])('by %d is over', (status) => {
    const { world, peers, diary } = setUp();
    redirect(peers[0], '<sip:b@10.0.0.3>', status);
    world.run(100);
    expect(diary.end?.status).toBe(status);
    expect(peers[1].methods).toEqual([]);
  });

  it('goes nowhere once it has been given up', () => {
    const { world, peers, session, diary } = setUp();
    const [one, two] = peers;
    one.answer(one.request('INVITE'), 180);
    world.run(100);
    session.hangup();
    redirect(one, '<sip:b@10.0.0.3>');
    world.run(1000);
    expect(two.methods).toEqual([]);
    expect(diary.end?.status).toBe(487);
  });

  it('can be given up at its new place', () => {
    const { world, peers, session } = setUp();
    const [one, two] = peers;
    redirect(one, '<sip:b@10.0.0.3>');
    world.run(100);
    two.answer(two.request('INVITE'), 180);
    world.run(100);
    session.hangup();
    world.run(100);
    expect(two.methods).toEqual(['INVITE', 'CANCEL']);
    expect(one.methods).toEqual(['INVITE', 'ACK']);
  });

  it('keeps its answer when a re-INVITE is redirected: nothing changes', async () => {
    const { world, peers, session } = setUp();
    const [one, two] = peers;
    one.answerOk(one.request('INVITE'));
    world.run(100);
    const agreed = session.renegotiate();
    world.run(100);
    redirect(one, '<sip:b@10.0.0.3>');
    world.run(100);
    await expect(agreed).resolves.toBe(false);
    expect(session.state).toBe('confirmed');
    expect(two.methods).toEqual([]);
  });
});

describe('the account of a redirected call', () => {
  const account = { password: 'secret', registrar: 'sip:10.0.0.2' };

  it('pays for what its own PBX says, at that PBX', () => {
    const { world, peers } = setUp({ ...account, realm: 'r' }, 'sip:bob@example.org');
    const [pbx] = peers;
    redirect(pbx, '<sip:carol@example.org>');
    world.run(100);
    expect(String(pbx.request('INVITE').uri)).toBe('sip:carol@example.org');
    pbx.answer(pbx.request('INVITE'), 401, challenge);
    world.run(100);
    expect(pbx.request('INVITE').authorization).toHaveLength(1);
  });

  it('shows its password to nobody else that its PBX names', () => {
    const { world, peers, diary } = setUp({ ...account, realm: 'r' }, 'sip:bob@example.org');
    const [pbx, stranger] = peers;
    redirect(pbx, '<sip:carol@10.0.0.3>');
    world.run(100);
    expect(stranger.request('INVITE').routes).toEqual([]);
    stranger.answer(stranger.request('INVITE'), 401, challenge);
    world.run(100);
    expect(stranger.methods).toEqual(['INVITE', 'ACK']);
    expect(diary.end?.reason).toContain('by a stranger');
  });

  it('pays for nothing that a stranger says', () => {
    const { world, peers, diary } = setUp({ ...account, realm: 'r' }, 'sip:bob@10.0.0.3');
    const [pbx, stranger] = peers;
    redirect(stranger, '<sip:00900@example.org>');
    world.run(100);
    expect(pbx.methods).toEqual([]);
    expect(diary.end?.reason).toContain('not called by the word of a stranger');
  });

  it('is not shown to its PBX either, where a stranger gave the address', () => {
    const world = new World();
    const alice = world.phone('alice');
    const [pbx, stranger] = [world.peer(alice), world.peer(alice)];
    const same: SipAccount = { ...alice.account, ...account, realm: 'r' };
    const call = (target: string) =>
      alice.userAgent.invite(target, same, () => new FakeMedia('alice'));
    // By this one the PBX's address is known as the account's own.
    call('sip:bob@example.org');
    world.run(100);
    pbx.answer(pbx.request('INVITE'), 486);
    call('sip:bob@10.0.0.3');
    world.run(100);
    redirect(stranger, '<sip:00900@10.0.0.2>');
    world.run(100);
    expect(String(pbx.request('INVITE').uri)).toBe('sip:00900@10.0.0.2');
    pbx.answer(pbx.request('INVITE'), 401, challenge);
    world.run(100);
    expect(pbx.methods.filter((method) => method === 'INVITE')).toHaveLength(2);
  });
});
