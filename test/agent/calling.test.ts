import { describe, expect, it } from 'vitest';
import { MediaException } from '../../src/media';
import type { OfferAnswer } from '../../src/sip';
import { TransportException } from '../../src/sip';
import { refusalOf } from './calls';
import { phone, startedBench } from './fakes';

describe('calling', () => {
  it('goes from dialing over ringing to active, then ends', async () => {
    const { agent, userAgent, engine, told, clock } = await startedBench();
    expect(agent.call('sip:phone@192.0.2.9').call).toBe(1);
    const [session] = userAgent.sessions;
    session?.events.emit('progress', 180, 'Ringing');
    session?.events.emit('progress', 183, 'Session Progress');
    session?.pickUp();
    expect(engine.sessions[0]?.flow).toBe('sendrecv sendonly');
    clock.advance(3400);
    session?.end({ by: 'remote', status: 200, reason: 'OK' });
    expect(told).toEqual([
      'call 1 dialing',
      'call 1 ringing',
      'call 1 active',
      'call 1 ended hung up by the far end',
    ]);
    expect(engine.sessions[0]?.closed).toBe(true);
    expect(agent.status()).toMatchObject({
      calls: [],
      recent: [{ call: 1, direction: 'outgoing', durationS: 3, ended: 'hung up by the far end' }],
    });
  });

  it('tells whom a redirected call goes to', async () => {
    const { agent, userAgent, told } = await startedBench();
    agent.call('sip:phone@192.0.2.9');
    const [session] = userAgent.sessions;
    session?.events.emit('redirected', 'sip:other@192.0.2.10');
    expect(told).toEqual(['call 1 dialing', 'call 1 dialing']);
    expect(agent.status().calls).toMatchObject([
      { remote: 'sip:phone@192.0.2.9', redirectedTo: 'sip:other@192.0.2.10', state: 'dialing' },
    ]);
    session?.end({ by: 'remote', status: 486, reason: 'Busy Here' });
    expect(agent.status().recent).toMatchObject([
      { remote: 'sip:phone@192.0.2.9', redirectedTo: 'sip:other@192.0.2.10', ended: 'busy' },
    ]);
  });

  it('goes on when the far end says BYE by RTCP', async () => {
    const { agent, userAgent, engine } = await startedBench();
    agent.call('sip:phone@192.0.2.9');
    userAgent.sessions[0]?.pickUp();
    engine.events.emit('remoteBye', 1, 'audio');
    expect(agent.status().calls).toMatchObject([{ state: 'active' }]);
    expect(engine.sessions[0]?.flow).toBe('sendrecv sendonly');
  });

  it('only listens until the answer is confirmed', async () => {
    const { agent, userAgent, engine } = await startedBench();
    agent.call('sip:phone@192.0.2.9');
    userAgent.sessions[0]?.offers?.handleAnswer(phone());
    expect(engine.sessions[0]?.flow).toBe('recvonly inactive');
  });

  it('hears early media of one place after the other, and talks to the one that answers', async () => {
    const { agent, userAgent, engine } = await startedBench();
    agent.call('sip:phone@192.0.2.9');
    const [session] = userAgent.sessions;
    const [media] = engine.sessions;
    const at = (port: number) => phone().replace('audio 5004', `audio ${port}`);
    const portOf = () => media?.settings.at(-1)?.audio?.remote.rtpPort;
    session?.offers?.handleEarlyAnswer(at(6000));
    expect([media?.flow, portOf()]).toEqual(['recvonly inactive', 6000]);
    session?.offers?.handleEarlyAnswer('nonsense');
    expect(media?.settings).toHaveLength(1);
    session?.offers?.handleEarlyAnswer(at(6002));
    expect(portOf()).toBe(6002);
    session?.pickUp(at(6004));
    expect([media?.flow, portOf()]).toEqual(['sendrecv sendonly', 6004]);
  });

  it.each([
    ['another early answer', (offers?: OfferAnswer) => offers?.handleEarlyAnswer(phone())],
    ['the answer', (offers?: OfferAnswer) => offers?.handleAnswer(phone())],
  ])('begins afresh with %s, though its address is the same', async (_, proceed) => {
    const { agent, userAgent, engine } = await startedBench();
    agent.call('sip:phone@192.0.2.9');
    const offers = userAgent.sessions[0]?.offers;
    const flows = () => engine.sessions[0]?.settings.map(({ audio }) => audio?.remote.rtpPort);
    offers?.handleEarlyAnswer(phone());
    expect(flows()).toEqual([5004]);
    proceed(offers);
    expect(flows()).toEqual([5004, undefined, 5004]);
  });

  it('hears nobody when the early media end, and the next one from then on', async () => {
    const { agent, userAgent, engine } = await startedBench();
    agent.call('sip:phone@192.0.2.9');
    const [session] = userAgent.sessions;
    session?.offers?.endEarlyMedia();
    expect(engine.sessions[0]?.settings).toEqual([]);
    session?.offers?.handleEarlyAnswer(phone());
    session?.offers?.endEarlyMedia();
    expect(engine.sessions[0]?.flow).toBe('none none');
    session?.pickUp();
    session?.offers?.endEarlyMedia();
    expect(engine.sessions[0]?.flow).toBe('sendrecv sendonly');
  });

  it('binds media at the address that reaches the peer', async () => {
    const { agent, engine } = await startedBench();
    agent.call('sip:phone@192.0.2.9');
    expect(engine.sessions[0]?.localAddress).toBe('192.0.2.1');
  });

  it('understands what people type', async () => {
    const account = { uri: 'sip:car@example.org', registrar: 'sip:example.org' };
    for (const [typed, meant] of [
      ['1001', 'sip:1001@example.org'],
      ['bob@example.net', 'sip:bob@example.net'],
      ['192.0.2.7', 'sip:192.0.2.7'],
      ['192.0.2.7:5070', 'sip:192.0.2.7:5070'],
      ['pbx:5070', 'sip:pbx:5070'],
      ['sip:1001@example.net', 'sip:1001@example.net'],
    ] as const) {
      const { agent, userAgent } = await startedBench({ account });
      agent.call(typed);
      expect(userAgent.invited).toEqual([{ target: meant, account }]);
    }
  });

  it('calls from its own address without an account', async () => {
    const { agent, userAgent } = await startedBench();
    agent.call('sip:phone@192.0.2.9');
    expect(userAgent.invited[0]?.account).toEqual({ uri: 'sip:dashvoip@192.0.2.1' });
  });

  it('names what prevents a call and leaves nothing behind', async () => {
    const { agent, userAgent, engine } = await startedBench();
    expect(refusalOf(() => agent.call('mailto:me'))).toBe('bad-target');
    userAgent.refusal = new TransportException('send-failed', 'no route to 192.0.2.9');
    expect(refusalOf(() => agent.call('sip:phone@192.0.2.9'))).toBe('no-resource');
    expect(engine.sessions).toEqual([]);
    expect(agent.status().calls).toEqual([]);
  });

  it('ends with the reason when no media can be opened', async () => {
    const { agent, engine, told } = await startedBench();
    engine.refusal = new MediaException('no-ports', 'all ports are taken');
    agent.call('sip:phone@192.0.2.9');
    await Promise.resolve();
    expect(told).toEqual(['call 1 dialing', 'call 1 ended failed (all ports are taken)']);
    expect(agent.status().calls).toEqual([]);
  });

  it('ends when the answer cannot be used', async () => {
    const { agent, userAgent, engine } = await startedBench();
    agent.call('sip:phone@192.0.2.9');
    expect(userAgent.sessions[0]?.pickUp('nonsense')).toBe(false);
    expect(engine.sessions[0]?.settings).toEqual([]);
  });

  it.each([
    [{ by: 'remote', status: 486, reason: 'Busy Here' }, 'busy'],
    [{ by: 'remote', status: 404, reason: 'Not Found' }, 'refused by the far end (404 Not Found)'],
    [{ by: 'network', status: 408, reason: '' }, 'the far end did not answer in time'],
    [{ by: 'network', status: 503, reason: 'No route' }, 'failed (503 No route)'],
    [{ by: 'local', status: 487, reason: '' }, 'given up here'],
  ] as const)('that fails with %j ends as "%s"', async (end, words) => {
    const { agent, userAgent } = await startedBench();
    agent.call('sip:phone@192.0.2.9');
    userAgent.sessions[0]?.end(end);
    expect(agent.status().recent[0]?.ended).toBe(words);
  });
});
