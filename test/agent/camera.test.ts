import { describe, expect, it, vi } from 'vitest';
import type { VideoSnapshot } from '../../src/media';
import { activeCall } from './calls';
import { bench, phone, startedBench } from './fakes';

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
    all.engine.picture = {
      codec: 'H264',
      profileLevelId: '42c01f',
      spropParameterSets: '',
      width: 1,
      height: 1,
    };
    all.clock.advance(100);
    expect(session?.did).toEqual(['renegotiate']);
    await Promise.resolve();
    await Promise.resolve();
    expect(all.engine.sessions[0]?.flow).toBe('sendrecv sendonly');
    expect(all.told).toContain('camera streaming');
  });

  it('that comes back with another codec is offered anew, and goes by what is agreed then', async () => {
    const all = await startedBench();
    await activeCall(all);
    const [session] = all.userAgent.sessions;
    const [media] = all.engine.sessions;
    expect(media?.settings.at(-1)?.video).toMatchObject({ codec: 'H264' });
    if (session) session.agreesWith = phone().replaceAll('H264', 'H265');
    all.engine.setCamera('idle');
    all.engine.picture = {
      codec: 'H265',
      profileLevelId: '016000000090000000000078',
      spropParameterSets: 'QAE=,QgE=,RAE=',
      width: 1,
      height: 1,
    };
    all.engine.setCamera('streaming');
    await vi.waitFor(() => expect(session?.did).toEqual(['renegotiate']));
    await Promise.resolve();
    await Promise.resolve();
    expect(media?.settings.at(-1)?.video).toMatchObject({ codec: 'H265' });
    expect(all.agent.status().calls[0]?.agreed?.picture).toMatchObject({
      profileLevelId: '016000000090000000000078',
    });
  });

  it('whose picture comes while a call is set up is offered when that is up', async () => {
    const all = bench();
    all.engine.picture = undefined;
    all.engine.setCamera('streaming');
    await all.agent.start();
    all.agent.call('sip:phone@192.0.2.9');
    const [session] = all.userAgent.sessions;
    all.engine.picture = {
      codec: 'H264',
      profileLevelId: '42c01f',
      spropParameterSets: '',
      width: 1,
      height: 1,
    };
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
    all.engine.picture = {
      codec: 'H264',
      profileLevelId: '42c01f',
      spropParameterSets: '',
      width: 1,
      height: 1,
    };
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
      retransmitted: 0,
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
