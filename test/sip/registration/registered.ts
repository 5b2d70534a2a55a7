import type { SipAccount } from '../../../src/sip/account';
import type { ScriptedPeer } from '../support/scripted-peer';
import { World } from '../support/world';

export const setUp = (account: Partial<SipAccount> = {}) => {
  const world = new World();
  const car = world.phone('car');
  const registrar = world.peer(car);
  const registration = car.userAgent.register({
    uri: 'sip:car@example.org',
    registrar: `sip:${registrar.address.address}`,
    ...account,
  });
  const states: string[] = [];
  registration.events.on('state', (state, detail) => states.push(`${state}: ${detail}`));
  world.run(100);
  return { world, car, registrar, registration, states };
};

export const grant = (registrar: ScriptedPeer, seconds: number): void => {
  const request = registrar.request('REGISTER');
  const contact = request.contacts[0]?.withParam('expires', String(seconds));
  registrar.answer(request, 200, contact ? { contact } : {});
};

/** Requests, however often each was sent. */
export const count = (registrar: ScriptedPeer): number =>
  new Set(registrar.requests.map(({ cseq }) => cseq.sequence)).size;

export const challenge = (nonce: string, stale = false) => ({
  headers: [
    ['WWW-Authenticate', `Digest realm="r", nonce="${nonce}"${stale ? ', stale=true' : ''}`],
  ] as const,
});

export const registered = (seconds = 100) => {
  const set = setUp();
  grant(set.registrar, seconds);
  set.world.run(20);
  return set;
};
