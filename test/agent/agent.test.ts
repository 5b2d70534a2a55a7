import { describe, expect, it } from 'vitest';
import { AgentException } from '../../src/agent';
import { STATUS_EXAMPLE } from '../../src/control';
import { MediaException, type SessionSnapshot, type VideoSnapshot } from '../../src/media';
import { TransportException } from '../../src/sip';
import { type Bench, bench, type FakeSession, phone, startedBench } from './fakes';

async function activeCall(all: Bench): Promise<FakeSession> {
  all.agent.call('sip:phone@192.0.2.9');
  const session = all.userAgent.sessions.at(-1);
  if (!session) throw new Error('nobody was called');
  expect(session.pickUp()).toBe(true);
  return session;
}

/** Lets everything come about that waits for no time. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What the media plane counts when nothing has come for `silentMs` and ICMP errors have. */
function soundSince(silentMs: number, unreachable: number): SessionSnapshot {
  const audio = STATUS_EXAMPLE.calls[0]?.media?.audio;
  if (!audio) throw new Error('the example has no sound');
  return { silentMs, audio: { ...audio, sent: { ...audio.sent, unreachable } } };
}

function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AgentException) return error.refusal;
    throw error;
  }
  return 'none';
}

async function refusalOfPromise(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => {
      if (error instanceof AgentException) return error.refusal;
      throw error;
    },
  );
}

describe('starting', () => {
  it('is ready when SIP port and media plane are up, and says how long it took', async () => {
    const { agent, told, clock } = bench();
    clock.advance(120);
    await agent.start();
    expect(told).toEqual(['ready 120']);
    expect(agent.status()).toMatchObject({ startToReadyMs: 120, version: '1.2.3', pid: 42 });
    expect(agent.status().problems).toEqual([]);
  });

  it('waits for a network that is not there yet', async () => {
    let tries = 0;
    const { agent, clock, told } = bench({}, async (userAgent) => {
      tries += 1;
      return tries < 3 ? { unavailable: 'no address 192.0.2.1 yet' } : userAgent;
    });
    await agent.start();
    expect(agent.status().problems).toEqual(['sip: no address 192.0.2.1 yet']);
    expect(refusalOf(() => agent.call('sip:a@b'))).toBe('not-ready');
    clock.advance(1000);
    await Promise.resolve();
    await Promise.resolve();
    expect(told).toEqual([]);
    clock.advance(2000);
    await Promise.resolve();
    await Promise.resolve();
    expect(told).toEqual(['ready 3000']);
    expect(agent.status().problems).toEqual([]);
  });

  it('fails when the SIP port is taken', async () => {
    const { agent } = bench({}, () => Promise.reject(new Error('port 5060 is taken')));
    await expect(agent.start()).rejects.toThrow('port 5060 is taken');
  });
});

describe('calling', () => {
  it('goes from dialing over ringing to active, then ends', async () => {
    const { agent, userAgent, engine, told, clock } = await startedBench();
    expect(agent.call('sip:phone@192.0.2.9')).toBe(1);
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
    session?.offers?.handleEarlyAnswer(at(6002));
    expect(portOf()).toBe(6002);
    session?.pickUp(at(6004));
    expect([media?.flow, portOf()]).toEqual(['sendrecv sendonly', 6004]);
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

describe('being called', () => {
  it('rings, is answered, and talks from the ACK on', async () => {
    const { agent, userAgent, engine, told } = await startedBench();
    const session = userAgent.ringUp();
    expect(session.did).toEqual(['ring']);
    expect(engine.sessions).toEqual([]);
    await agent.answer();
    expect(engine.sessions[0]?.flow).toBe('recvonly inactive');
    session.acknowledge();
    expect(engine.sessions[0]?.flow).toBe('sendrecv sendonly');
    expect(told).toEqual(['call 1 incoming', 'call 1 active']);
    expect(agent.status().calls[0]).toMatchObject({
      remote: 'sip:phone@192.0.2.9',
      displayName: 'Phone',
    });
  });

  it('answers by itself when told to, and only when no other call is up', async () => {
    const { userAgent, told } = await startedBench({
      policy: { autoAnswer: true, autoAnswerFrom: ['192.0.2.9'] },
    });
    const session = userAgent.ringUp();
    expect(session.did).toEqual(['accept']);
    session.acknowledge();
    expect(told).toEqual(['call 1 incoming', 'call 1 active']);
    expect(userAgent.ringUp().did).toEqual(['ring']);
  });

  it('refuses an offer it cannot serve and is free again', async () => {
    const { agent, userAgent, told } = await startedBench({
      policy: { autoAnswer: true, autoAnswerFrom: ['192.0.2.9'] },
    });
    userAgent.ringUp('v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\nm=audio 4 RTP/AVP 18\r\n');
    expect(told).toEqual([]);
    expect(agent.status().calls).toEqual([]);
  });

  it('cannot be answered when no media can be opened', async () => {
    const { agent, userAgent, engine } = await startedBench();
    engine.refusal = new MediaException('no-ports', 'all ports are taken');
    userAgent.ringUp();
    await expect(agent.answer()).rejects.toThrow('call 1 cannot be answered: all ports are taken');
    expect(agent.status().calls).toEqual([]);
  });

  it('rejects with busy', async () => {
    const { agent, userAgent } = await startedBench();
    const session = userAgent.ringUp();
    agent.reject();
    expect(session.did).toEqual(['ring', 'reject 486']);
    expect(agent.status().recent[0]?.ended).toBe('refused here (486)');
  });

  it('notes a call that was given up', async () => {
    const { agent, userAgent } = await startedBench();
    userAgent.ringUp().end({ by: 'remote', status: 487, reason: 'Request Terminated' });
    expect(agent.status().recent[0]?.ended).toBe('given up by the far end');
  });

  it('is busy while a call is being dialled, and with two calls', async () => {
    const { agent, userAgent } = await startedBench();
    agent.call('sip:phone@192.0.2.9');
    expect(userAgent.ringUp().did).toEqual(['reject 486']);
    userAgent.sessions[0]?.pickUp();
    const second = userAgent.ringUp();
    expect(second.did).toEqual(['ring']);
    await agent.answer();
    second.acknowledge();
    expect(userAgent.ringUp().did).toEqual(['reject 486']);
    expect(agent.status().sip.refusedCalls.busy).toBe(2);
  });

  it('refuses while it is starting or stopping', async () => {
    const { agent, userAgent } = await startedBench();
    await agent.stop();
    expect(userAgent.ringUp().did).toEqual(['reject 480']);
  });
});

describe('hold and resume', () => {
  it('falls silent at once and tells the peer', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [media] = all.engine.sessions;
    const [session] = all.userAgent.sessions;
    const held = all.agent.hold();
    expect(media?.flow).toBe('inactive inactive');
    await held;
    expect(session?.did).toEqual(['renegotiate']);
    expect(all.agent.status().calls[0]).toMatchObject({ state: 'held', heldBy: 'us' });
    if (session) session.agreesWith = phone();
    await all.agent.resume();
    expect(media?.flow).toBe('sendrecv sendonly');
    expect(all.told.slice(-2)).toEqual(['call 1 held us', 'call 1 active']);
  });

  it('goes on when the peer refuses to be held', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [session] = all.userAgent.sessions;
    if (session) session.agreesWith = undefined;
    expect(await refusalOfPromise(all.agent.hold())).toBe('refused-by-peer');
    expect(all.engine.sessions[0]?.flow).toBe('sendrecv sendonly');
    expect(all.agent.status().calls[0]?.state).toBe('active');
  });

  it.each([
    ['refuses our sound (port 0)', phone('sendrecv', false).replace('audio 5004', 'audio 0')],
    ['gives no description', ''],
  ])('is held, and comes back, when the peer %s in its answer', async (_, answer) => {
    const all = await startedBench();
    await activeCall(all);
    const [session] = all.userAgent.sessions;
    if (session) session.agreesWith = answer;
    await all.agent.hold();
    expect(all.agent.status().calls[0]).toMatchObject({ state: 'held', heldBy: 'us' });
    expect(all.engine.sessions[0]?.flow).toMatch(/^inactive (inactive|none)$/);
    if (session) session.agreesWith = phone();
    await all.agent.resume();
    expect(all.agent.status().calls[0]).toMatchObject({ state: 'active' });
    expect(all.engine.sessions[0]?.flow).toBe('sendrecv sendonly');
  });

  it('is not resumed by an answer without description', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [session] = all.userAgent.sessions;
    await all.agent.hold();
    if (session) session.agreesWith = '';
    expect(await refusalOfPromise(all.agent.resume())).toBe('refused-by-peer');
    expect(all.engine.sessions[0]?.flow).toBe('inactive inactive');
  });

  it('sees that the peer holds and resumes', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [session] = all.userAgent.sessions;
    session?.reinvite(phone('sendonly'));
    expect(all.engine.sessions[0]?.flow).toBe('recvonly sendonly');
    session?.reinvite(phone());
    expect(all.told.slice(-2)).toEqual(['call 1 held peer', 'call 1 active']);
  });

  it('knows an old-style hold and keeps the address for RTCP', async () => {
    const all = await startedBench();
    await activeCall(all);
    all.userAgent.sessions[0]?.reinvite(
      phone('sendrecv', false).replace('c=IN IP4 192.0.2.9', 'c=IN IP4 0.0.0.0'),
    );
    const settings = all.engine.sessions[0]?.settings ?? [];
    expect(settings[settings.length - 1]?.audio).toMatchObject({
      direction: 'recvonly',
      remote: { address: '192.0.2.9', rtpPort: 5004 },
    });
    expect(all.agent.status().calls[0]).toMatchObject({ state: 'held', heldBy: 'peer' });
  });

  it('tells when both hold', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [session] = all.userAgent.sessions;
    session?.reinvite(phone('sendonly'));
    if (session) session.agreesWith = phone('inactive');
    await all.agent.hold();
    expect(all.agent.status().calls[0]).toMatchObject({ state: 'held', heldBy: 'both' });
  });

  it('tells nothing twice', async () => {
    const all = await startedBench();
    await activeCall(all);
    const before = all.told.length;
    all.userAgent.sessions[0]?.reinvite(phone());
    expect(all.told).toHaveLength(before);
  });

  it('refuses a second change while one is under way', async () => {
    const all = await startedBench();
    await activeCall(all);
    const first = all.agent.hold();
    expect(await refusalOfPromise(all.agent.hold(1))).toBe('wrong-state');
    await first;
  });
});

describe('two calls', () => {
  it('holds the one that talks to answer the one that waits, and back', async () => {
    const all = await startedBench();
    await activeCall(all);
    const second = all.userAgent.ringUp();
    await all.agent.answer();
    second.acknowledge();
    expect(all.agent.status().calls.map(({ state }) => state)).toEqual(['held', 'active']);
    const [first] = all.userAgent.sessions;
    if (first) first.agreesWith = phone();
    await all.agent.resume(1);
    expect(all.agent.status().calls.map(({ state }) => state)).toEqual(['active', 'held']);
    expect(all.engine.sessions.map(({ flow }) => flow)).toEqual([
      'sendrecv sendonly',
      'inactive inactive',
    ]);
    all.agent.hangup();
    expect(all.agent.status().calls.map(({ call }) => call)).toEqual([2]);
  });

  it('makes a second call only when the first is held, and never a third', async () => {
    const all = await startedBench();
    await activeCall(all);
    expect(refusalOf(() => all.agent.call('sip:b@192.0.2.8'))).toBe('busy');
    await all.agent.hold();
    expect(all.agent.call('sip:b@192.0.2.8')).toBe(2);
    expect(refusalOf(() => all.agent.call('sip:c@192.0.2.7'))).toBe('busy');
  });
});

describe('operations without a fitting call', () => {
  it('are refused with words', async () => {
    const { agent } = await startedBench();
    expect(await refusalOfPromise(agent.answer())).toBe('wrong-state');
    expect(refusalOf(() => agent.reject())).toBe('wrong-state');
    expect(refusalOf(() => agent.hangup())).toBe('wrong-state');
    expect(refusalOf(() => agent.hangup(9))).toBe('wrong-state');
    expect(await refusalOfPromise(agent.hold())).toBe('wrong-state');
    expect(await refusalOfPromise(agent.resume())).toBe('wrong-state');
  });

  it('are refused for a call in another state', async () => {
    const all = await startedBench();
    await activeCall(all);
    expect(await refusalOfPromise(all.agent.answer(1))).toBe('wrong-state');
    expect(refusalOf(() => all.agent.reject(1))).toBe('wrong-state');
    expect(await refusalOfPromise(all.agent.resume(1))).toBe('wrong-state');
  });
});

describe('the camera', () => {
  it('is asked for a key frame when the far end lost the picture and says so by INFO', async () => {
    const { agent, userAgent, engine } = await startedBench();
    agent.call('sip:phone@192.0.2.9');
    const [session] = userAgent.sessions;
    session?.pickUp();
    session?.events.emit('pictureRequested');
    expect(engine.keyFramesRequested).toBe(1);
  });

  it('that has no picture yet is not offered', async () => {
    const all = bench();
    all.engine.picture = undefined;
    await all.agent.start();
    all.agent.call('sip:phone@192.0.2.9');
    all.userAgent.sessions[0]?.pickUp(phone('sendrecv', false));
    expect(all.engine.sessions[0]?.flow).toBe('sendrecv none');
  });

  it('that comes in mid-call is offered then', async () => {
    const all = bench();
    all.engine.picture = undefined;
    all.engine.setCamera('absent');
    await all.agent.start();
    expect(all.agent.status().problems).toEqual(['camera: it does not answer; asking again']);
    all.agent.call('sip:phone@192.0.2.9');
    const [session] = all.userAgent.sessions;
    session?.pickUp(phone('sendrecv', false));
    if (session) session.agreesWith = phone();
    all.engine.setCamera('streaming');
    all.clock.advance(300);
    expect(session?.did).toEqual([]);
    all.engine.picture = { profileLevelId: '42c01f', spropParameterSets: '', width: 1, height: 1 };
    all.clock.advance(100);
    expect(session?.did).toEqual(['renegotiate']);
    await Promise.resolve();
    await Promise.resolve();
    expect(all.engine.sessions[0]?.flow).toBe('sendrecv sendonly');
    expect(all.told).toContain('camera streaming');
  });

  it('whose picture comes while a call is set up is offered when that is up', async () => {
    const all = bench();
    all.engine.picture = undefined;
    all.engine.setCamera('streaming');
    await all.agent.start();
    all.agent.call('sip:phone@192.0.2.9');
    const [session] = all.userAgent.sessions;
    all.engine.picture = { profileLevelId: '42c01f', spropParameterSets: '', width: 1, height: 1 };
    all.clock.advance(300);
    expect(session?.did).toEqual([]);
    if (session) session.agreesWith = phone();
    session?.pickUp(phone('sendrecv', false));
    expect(session?.did).toEqual(['renegotiate']);
    await Promise.resolve();
    await Promise.resolve();
    expect(all.engine.sessions[0]?.flow).toBe('sendrecv sendonly');
  });

  it('whose picture comes while the call is being held is offered after that', async () => {
    const all = bench();
    all.engine.picture = undefined;
    all.engine.setCamera('streaming');
    await all.agent.start();
    all.agent.call('sip:phone@192.0.2.9');
    const [session] = all.userAgent.sessions;
    session?.pickUp(phone('sendrecv', false));
    const held = all.agent.hold();
    all.engine.picture = { profileLevelId: '42c01f', spropParameterSets: '', width: 1, height: 1 };
    all.clock.advance(300);
    expect(session?.did).toEqual(['renegotiate']);
    await held;
    expect(session?.did).toEqual(['renegotiate', 'renegotiate']);
  });

  it('that stops in mid-call keeps its line for its return', async () => {
    const all = await startedBench();
    await activeCall(all);
    all.engine.setCamera('idle');
    expect(all.agent.status().problems).toEqual(['camera: it answers but encodes nothing']);
    await all.agent.hold();
    const [session] = all.userAgent.sessions;
    if (session) session.agreesWith = phone();
    await all.agent.resume();
    expect(all.engine.sessions[0]?.flow).toBe('sendrecv sendonly');
  });

  it('without sound or speaker is named', async () => {
    const { agent, engine } = await startedBench();
    engine.state = {
      ...engine.state,
      camera: { ...engine.state.camera, hasAudio: false, hasSpeaker: false },
      microphone: { ...engine.state.microphone, error: 'no sound from the camera' },
    };
    expect(agent.status().problems).toEqual([
      'camera: it sends a picture but no sound ("t app test rec av" on the RTOS adds it)',
      'camera: it takes no sound for its speaker (stream-in is not wired on the RTOS)',
      'microphone: no sound from the camera',
    ]);
  });
});

describe('a picture that may not reach the far end', () => {
  it('is a problem with its cause and a remedy', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [media] = all.engine.sessions;
    if (!media) throw new Error('no media');
    const video: VideoSnapshot = {
      codec: 'H264',
      direction: 'sendonly',
      sent: { packets: 0, bytes: 0, sendErrors: 0, unreachable: 0, ssrc: 1 },
      source: { signalled: true, heard: true, moves: 0, refused: 0 },
      frames: 60,
      keyFrames: 2,
      droppedFrames: 0,
      oversizeFrames: 9,
      limitedFrames: 0,
      bitrate: 0,
      keyFrameRequests: 0,
      rejected: 0,
    };
    media.report = { silentMs: 100, video };
    expect(all.agent.status().problems).toEqual([
      expect.stringMatching(/^call 1: the far end asked for .*mode 0.*9 of 60 pictures/),
    ]);
    media.report = {
      silentMs: 100,
      video: { ...video, oversizeFrames: 0, limitedFrames: 30, maxBitrate: 1_024_000 },
    };
    expect(all.agent.status().problems).toEqual([
      'call 1: 30 pictures left out: the far end takes 1024 kbit/s at most; have the encoder make less',
    ]);
  });
});

describe('a peer that vanishes', () => {
  it('is named, told once, and the call goes on when it returns', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [media] = all.engine.sessions;
    if (!media) throw new Error('no media');
    media.report = { silentMs: 100 };
    all.clock.advance(4000);
    media.report = { silentMs: 7000 };
    all.clock.advance(3000);
    expect(all.agent.status().problems).toEqual([
      'call 1: nothing has come from the far end for 7 s',
    ]);
    media.report = { silentMs: 20 };
    all.clock.advance(2000);
    expect(all.told.filter((line) => line.startsWith('silence'))).toEqual([
      'silence 1 true',
      'silence 1 false',
    ]);
    expect(all.agent.status().calls[0]?.state).toBe('active');
  });

  it('is asked after 20 s whether it is there, and the call ends and says why when it is not', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [session] = all.userAgent.sessions;
    all.clock.advance(19_000);
    expect(session?.did).toEqual([]);
    all.clock.advance(1000);
    expect(session?.did).toEqual(['ask']);
    session?.answerQuestion(true);
    await Promise.resolve();
    all.clock.advance(19_000);
    expect(session?.did).toEqual(['ask']);
    all.clock.advance(1000);
    expect(session?.did).toEqual(['ask', 'ask']);
    session?.end({ by: 'network', status: 408, reason: 'OPTIONS is not answered' });
    expect(all.agent.status().recent[0]?.ended).toBe(
      'lost: the far end is gone (408 OPTIONS is not answered)',
    );
  });

  it('with its ports closed is given up ten seconds after the question', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [session] = all.userAgent.sessions;
    const [media] = all.engine.sessions;
    for (let second = 1; second < 15; second++) {
      if (media) media.report = soundSince(second * 1000, 50 * second);
      all.clock.advance(1000);
    }
    expect(session?.did).toEqual(['ask']);
    if (media) media.report = soundSince(15_000, 750);
    all.clock.advance(1000);
    expect(session?.did).toEqual(['ask', 'drop']);
    expect(all.agent.status().recent[0]?.ended).toContain('its ports are closed');
  });

  it('is asked at once when somebody else calls, if it is held or silent', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [session] = all.userAgent.sessions;
    const [media] = all.engine.sessions;
    all.clock.advance(6000);
    if (media) media.report = { silentMs: 4999 };
    all.userAgent.ringUp();
    expect(session?.did).toEqual([]);
    if (media) media.report = { silentMs: 5000 };
    all.userAgent.ringUp();
    all.userAgent.ringUp();
    expect(session?.did).toEqual(['ask']);
  });

  it('that never sent anything is named too', async () => {
    const all = await startedBench();
    await activeCall(all);
    all.clock.advance(5000);
    expect(all.agent.status().problems).toEqual([
      'call 1: nothing has come from the far end since it was answered',
    ]);
  });
});

describe('registration', () => {
  const account = { uri: 'sip:car@example.org', registrar: 'sip:example.org' };

  it('is told and shown', async () => {
    const { agent, userAgent, told } = await startedBench({ account });
    expect(agent.status().problems).toEqual(['registration: trying']);
    userAgent.registrations[0]?.become('failed', '403 Forbidden');
    expect(agent.status().problems).toEqual(['registration: failed: 403 Forbidden']);
    userAgent.registrations[0]?.become('registered', '', 299.6);
    expect(agent.status().registration).toEqual({
      ...account,
      state: 'registered',
      detail: '',
      expiresInS: 300,
    });
    expect(told).toEqual(['registration failed 403 Forbidden', 'registration registered ']);
  });

  it('is left out without a registrar', async () => {
    const { agent, userAgent } = await startedBench({ account: { uri: account.uri } });
    expect(userAgent.registrations).toEqual([]);
    expect(agent.status().registration).toBeUndefined();
  });
});

describe('a changed network', () => {
  const account = { uri: 'sip:car@example.org', registrar: 'sip:example.org' };

  it('has the account registered anew, and a silent far end asked; a call goes on', async () => {
    const all = await startedBench({ account });
    await activeCall(all);
    all.clock.advance(10_000);
    all.agent.networkChanged();
    await settle();
    expect(all.userAgent.registrations[0]?.refreshed).toBe(1);
    expect(all.userAgent.sessions[0]?.did).toEqual(['ask']);
    expect(all.agent.status().calls[0]?.state).toBe('active');
    expect(all.userAgent.closed).toBe(false);
  });

  it('that is another address for the far end moves the media there, and tells it', async () => {
    const all = await startedBench();
    const session = await activeCall(all);
    const before = all.engine.sessions.length;
    Object.assign(session, { agreesWith: phone() });
    session.reachedAt = '198.51.100.7';
    all.agent.networkChanged();
    await settle();
    const [former, moved] = all.engine.sessions.slice(before - 1);
    expect(former?.closed).toBe(true);
    expect(moved?.localAddress).toBe('198.51.100.7');
    expect(moved?.flow).toBe(former?.flow);
    expect(moved?.settings.at(-1)?.audio?.remote).toEqual(former?.settings.at(-1)?.audio?.remote);
    expect(session.did).toEqual(['renegotiate']);
    expect(session.lastOffer).toContain('c=IN IP4 198.51.100.7');
    expect(session.lastOffer).toContain(`m=audio ${moved?.ports.audioRtpPort} `);
    // Once there, it stays.
    all.agent.networkChanged();
    await settle();
    expect(all.engine.sessions).toHaveLength(before + 1);
    all.agent.hangup();
    expect(moved?.closed).toBe(true);
  });

  it('leaves a moved call five seconds before it counts as silent', async () => {
    const all = await startedBench();
    const session = await activeCall(all);
    Object.assign(all.engine.sessions[0] ?? {}, { report: { silentMs: 20 } });
    all.clock.advance(60_000);
    session.reachedAt = '198.51.100.7';
    all.agent.networkChanged();
    await settle();
    all.clock.advance(4000);
    expect(all.told.filter((line) => line.startsWith('silence'))).toEqual([]);
    all.clock.advance(2000);
    expect(all.told.filter((line) => line.startsWith('silence'))).toEqual(['silence 1 true']);
  });

  it('moves a held call as held, and one that rings once it is up', async () => {
    const all = await startedBench();
    const held = await activeCall(all);
    await all.agent.hold();
    const ringing = all.userAgent.ringUp();
    held.reachedAt = '198.51.100.7';
    ringing.reachedAt = '198.51.100.7';
    all.agent.networkChanged();
    await settle();
    expect(all.engine.sessions.map(({ localAddress }) => localAddress)).toEqual([
      '192.0.2.1',
      '198.51.100.7',
    ]);
    expect(held.lastOffer).toContain('a=inactive');
    expect(all.agent.status().calls[0]).toMatchObject({ state: 'held', heldBy: 'us' });
    await all.agent.answer();
    ringing.acknowledge();
    await settle();
    expect(all.engine.sessions.at(-1)?.localAddress).toBe('198.51.100.7');
    expect(ringing.did.at(-1)).toBe('renegotiate');
  });

  it('costs no call: a far end that refuses, no route, no port', async () => {
    const all = await startedBench();
    const session = await activeCall(all);
    session.reachedAt = undefined;
    all.agent.networkChanged();
    await settle();
    expect(all.engine.sessions).toHaveLength(1);
    session.reachedAt = '198.51.100.7';
    all.engine.refusal = new MediaException('bind-failed', 'cannot bind');
    all.agent.networkChanged();
    await settle();
    expect(all.engine.sessions[0]?.closed).toBe(false);
    all.engine.refusal = undefined;
    Object.assign(session, { agreesWith: undefined });
    all.agent.networkChanged();
    await settle();
    expect(all.engine.sessions[1]?.flow).toBe('sendrecv sendonly');
    expect(all.agent.status().calls[0]?.state).toBe('active');
  });

  it('has the SIP port tried at once where its address was not there yet', async () => {
    let tries = 0;
    const { agent, clock, told } = bench({}, async (userAgent) => {
      tries += 1;
      return tries < 2 ? { unavailable: 'no address yet' } : userAgent;
    });
    await agent.start();
    agent.networkChanged();
    await Promise.resolve();
    await Promise.resolve();
    expect(told).toEqual(['ready 0']);
    clock.advance(60_000);
    agent.networkChanged();
    expect(tries).toBe(2);
  });
});

describe('while a call is up', () => {
  it('tells its quality every five seconds and rests afterwards', async () => {
    const all = await startedBench();
    await activeCall(all);
    all.clock.advance(10_000);
    expect(all.told.filter((line) => line === 'quality 1')).toHaveLength(2);
    all.agent.hangup();
    all.clock.advance(2000);
    expect(all.clock.pendingTimers).toBe(0);
  });
});

describe('stopping', () => {
  it('hangs up, closes SIP, then the camera', async () => {
    const all = await startedBench();
    await activeCall(all);
    await Promise.all([all.agent.stop(), all.agent.stop()]);
    expect(all.userAgent.sessions[0]?.did).toEqual(['hangup']);
    expect(all.userAgent.closed).toBe(true);
    expect(all.engine.closed).toBe(true);
    expect(all.told.slice(-2)).toEqual(['stopping', 'call 1 ended hung up here']);
    expect(refusalOf(() => all.agent.call('sip:a@b'))).toBe('not-ready');
  });
});

describe('history', () => {
  it('keeps the last five in the status, newest first', async () => {
    const { agent, userAgent } = await startedBench();
    for (let count = 0; count < 7; count++) {
      userAgent.ringUp().end({ by: 'remote', status: 487, reason: '' });
    }
    expect(agent.status().recent.map(({ call }) => call)).toEqual([7, 6, 5, 4, 3]);
  });
});
