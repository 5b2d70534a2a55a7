import type { RequestParts, SipRequest, SipResponse } from '../../../src/sip/message';
import type { ScriptedPeer } from '../support/scripted-peer';
import { World } from '../support/world';

export const sdp = (content: string) => ({ body: { contentType: 'application/sdp', content } });

/** Bob has answered the peer; `ask` sends a request within the dialog. */
export const called = () => {
  const world = new World();
  const bob = world.phone('bob').listen();
  const peer = world.peer(bob);
  const invite = peer.newInvite();
  peer.send(invite);
  world.run(100);
  const ok = peer.response(200);
  peer.send(peer.within(invite, ok, 'ACK', 1));
  world.run(100);
  const ask = (method: string, cseq: number, parts: Partial<RequestParts> = {}): SipRequest => {
    const request = peer.within(invite, ok, method, cseq, parts);
    peer.send(request);
    world.run(100);
    return request;
  };
  return { world, bob, peer, invite, ok, ask, ...bob.lastIncoming };
};

/** The peer has answered Alice. */
export const calling = () => {
  const world = new World();
  const alice = world.phone('alice');
  const peer = world.peer(alice);
  const call = alice.call(`sip:bob@${peer.address.address}`);
  world.run(100);
  const invite = peer.request('INVITE');
  peer.answerOk(invite);
  world.run(100);
  const ask = (method: string, cseq: number, parts: Partial<RequestParts> = {}): void => {
    peer.send(peer.withinTheirs(invite, 'peertag', method, cseq, parts));
    world.run(100);
  };
  return { world, alice, peer, invite, ask, ...call };
};

export const lastStatus = (peer: ScriptedPeer): string | undefined => peer.statuses.at(-1);

export const ok = (peer: ScriptedPeer): SipResponse => peer.response(200);
