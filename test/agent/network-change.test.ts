import { expect, it } from 'vitest';
import { Agent } from '../../src/agent';
import { silentLogger } from '../../src/platform';
import { World } from '../sip/support/world';
import { seededRandom } from '../support/seeded-random';
import { phone as description, FakeEngine, RECORD } from './fakes';

const ACCOUNT = {
  uri: 'sip:car@example.org',
  registrar: 'sip:10.0.0.2',
};

/** Another address by DHCP, in a call that came about by way of the registrar. */
it('a change of address in mid-call: registration, Contact and media follow', async () => {
  const world = new World();
  const transport = world.network.transport({ address: '10.0.0.1', port: 5060 });
  const car = world.phone('car', { transports: [transport] });
  const pbx = world.peer(car);
  const engine = new FakeEngine();
  const agent = new Agent(
    {
      version: '1.2.3',
      pid: 42,
      accounts: [ACCOUNT],
      listensOn: '0.0.0.0',
      warnings: [],
      policy: { autoAnswer: false },
      record: RECORD,
      tones: { country: 'kr', progress: false, ring: false },
      media: {
        microphone: 'camera',
        speaker: 'camera',
        picture: false,
        codecs: ['PCMA'],
        encryption: { srtp: 'preferred', sdesWithoutTls: false },
        rtpTimeout: 20,
      },
    },
    {
      clock: world.clock,
      random: seededRandom(),
      log: silentLogger,
      openEngine: () => engine,
      openUserAgent: () => Promise.resolve(car.userAgent),
      lookup: () => Promise.reject(new Error('no names here')),
      localHost: () => '10.0.0.1',
    },
  );
  await agent.start();
  await world.settle(100);
  pbx.answer(pbx.request('REGISTER'), 200, { headers: [['Expires', '300']] });
  agent.call('sip:home@10.0.0.2');
  await world.settle(100);
  pbx.answerOk(pbx.request('INVITE'), description('sendrecv', false));
  await world.settle(100);
  expect(agent.status().calls[0]?.state).toBe('active');

  transport.moveTo('10.9.9.9');
  agent.networkChanged();
  await world.settle(300);
  const reinvite = pbx.request('INVITE');
  expect(reinvite.to.tag).toBe('peertag');
  expect(String(reinvite.contacts[0]?.uri)).toContain('10.9.9.9');
  expect(reinvite.topVia.host).toBe('10.9.9.9');
  expect(reinvite.description).toContain('c=IN IP4 10.9.9.9');
  expect(String(pbx.request('REGISTER').contacts[0]?.uri)).toContain('10.9.9.9');
  expect(engine.sessions.map(({ localAddress }) => localAddress)).toEqual(['10.0.0.1', '10.9.9.9']);
  expect(engine.sessions[0]?.closed).toBe(true);
  expect(engine.sessions[1]?.flow).toBe('sendrecv none');
  void agent.stop();
  await world.settle(3000);
});
