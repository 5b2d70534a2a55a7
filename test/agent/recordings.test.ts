import { describe, expect, it } from 'vitest';
import type { RecordingNotice, RecordingPolicy } from '../../src/agent';
import { MediaException } from '../../src/media';
import { activeCall, refusalOf, refusalOfPromise } from './calls';
import { type Bench, type FakeRecording, RECORD, startedBench } from './fakes';

const FILE = '/card/dashvoip-20261126-091500-call1.wav';

async function recorded(policy: Partial<RecordingPolicy> = {}): Promise<{
  readonly all: Bench;
  readonly notices: RecordingNotice[];
  readonly only: () => FakeRecording;
}> {
  const all = await startedBench({ record: { ...RECORD, ...policy } });
  const notices: RecordingNotice[] = [];
  all.agent.events.on('recording', (notice) => notices.push(notice));
  const only = (): FakeRecording => {
    const [recording, ...others] = all.engine.recordings;
    if (!recording || others.length > 0) throw new Error('one recording was expected');
    return recording;
  };
  return { all, notices, only };
}

describe('a recording that is asked for', () => {
  it('is of the call that talks, and is told when its file is there', async () => {
    const { all, notices, only } = await recorded({ preRoll: 0, postRoll: 3 });
    await activeCall(all);
    const started = all.agent.startRecording();
    expect(only().settings).toMatchObject({
      sound: 'call',
      session: 1,
      picture: false,
      container: 'wav',
      folder: '/card',
      postRollMs: 3000,
      maxFileS: 3600,
    });
    expect(only().settings.name).toMatch(/^\d{8}-\d{6}-call1$/);
    expect(only().orders).toBe('begin ');
    only().tell('opening');
    only().tell('recording', FILE);
    expect(await started).toEqual({ recording: 1, file: FILE });
    expect(notices).toEqual([
      { recording: 1, call: 1, state: 'opening' },
      { recording: 1, call: 1, state: 'recording', file: FILE },
    ]);
    all.agent.stopRecording(1);
    expect(only().orders).toBe('begin end ');
  });

  it('is refused where the card refuses, and goes on trying', async () => {
    const { all, notices, only } = await recorded();
    await activeCall(all);
    const started = all.agent.startRecording(1);
    only().tell('failed', '', '/card: No such file or directory; is the card in?');
    await expect(started).rejects.toThrow('is the card in?');
    expect(notices.at(-1)).toMatchObject({ state: 'failed', error: expect.any(String) });
    expect(only().orders).toBe('begin ');
  });

  it('replies without a file when none comes in time', async () => {
    const { all, only } = await recorded({ format: 'mp4' });
    await activeCall(all);
    const started = all.agent.startRecording(1);
    expect(only().settings).toMatchObject({ picture: true, container: 'mp4' });
    all.clock.advance(8000);
    expect(await started).toEqual({ recording: 1 });
  });

  it('is refused twice, of no call, and where the media plane has no room', async () => {
    const { all, only } = await recorded();
    await activeCall(all);
    const first = all.agent.startRecording(1);
    only().tell('recording', FILE);
    await first;
    expect(await refusalOfPromise(all.agent.startRecording(1))).toBe('wrong-state');
    expect(await refusalOfPromise(all.agent.startRecording(7))).toBe('wrong-state');
    expect(refusalOf(() => all.agent.stopRecording(7))).toBe('wrong-state');
    all.agent.stopRecording();
    expect(refusalOf(() => all.agent.stopRecording())).toBe('wrong-state');
    all.engine.recordingRefusal = new MediaException('no-recording', 'no more than 4');
    expect(await refusalOfPromise(all.agent.startRecording(1))).toBe('no-resource');
  });

  it('is of the camera when no call is up: its AAC as it comes, or the microphone', async () => {
    const { all } = await recorded();
    void all.agent.startRecording();
    expect(all.engine.recordings[0]?.settings).toMatchObject({
      sound: 'microphone',
      container: 'wav',
    });
    all.engine.recordings[0]?.tell('ended');
    all.engine.state = {
      ...all.engine.state,
      camera: { ...all.engine.state.camera, hasAac: true },
    };
    void all.agent.startRecording();
    expect(all.engine.recordings[1]?.settings).toMatchObject({
      sound: 'camera',
      container: 'adts',
      picture: false,
    });
    expect(all.engine.recordings[1]?.settings.name).toMatch(/-camera$/);
  });
});

describe('recording by configuration', () => {
  it.each([
    ['all', true],
    ['outgoing', true],
    ['incoming', false],
    ['none', false],
  ] as const)('of %s calls', async (automatic, expected) => {
    const { all } = await recorded({ automatic });
    await activeCall(all);
    expect(all.engine.recordings.map(({ orders }) => orders)).toEqual(expected ? ['begin '] : []);
  });

  it('keeps the pre-roll of every call, which nobody hears of', async () => {
    const { all, notices, only } = await recorded({ preRoll: 10 });
    const session = await activeCall(all);
    expect(only().settings.preRollMs).toBe(10_000);
    expect(only().orders).toBe('');
    void all.agent.startRecording(1);
    expect(only().orders).toBe('begin ');
    session.hangup();
    expect(only().orders).toBe('begin end ');
    expect(notices).toEqual([]);
  });

  it('is another from the next call on', async () => {
    const { all } = await recorded();
    all.agent.reconfigure({ record: { ...RECORD, automatic: 'all', folder: '/other' } });
    await activeCall(all);
    expect(all.engine.recordings[0]?.settings.folder).toBe('/other');
  });

  it('does not keep a call from being made', async () => {
    const { all } = await recorded({ automatic: 'all' });
    all.engine.recordingRefusal = new MediaException('no-recording', 'no more than 4');
    await activeCall(all);
    expect(all.agent.status().calls[0]?.state).toBe('active');
  });
});

describe('the notice of a recording', () => {
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('is a tone to the far end for as long as the call is recorded', async () => {
    const { all, only } = await recorded({ notice: 'tone' });
    await activeCall(all);
    void all.agent.startRecording();
    const [notice] = [...all.engine.heard.values()];
    expect(notice).toMatchObject({ session: 1, repeats: true });
    expect(notice?.tone?.parts[0]).toEqual({ frequencies: [1400], ms: 500 });
    expect(notice?.tone?.parts.reduce((sum, { ms }) => sum + ms, 0)).toBe(15_500);
    only().tell('recording', FILE);
    all.agent.stopRecording(1);
    await settled();
    expect(all.engine.heard.size).toBe(0);
  });

  it('is spoken once, also of a recording by configuration', async () => {
    const { all } = await recorded({ automatic: 'all', notice: '/usr/share/recorded.wav' });
    await activeCall(all);
    expect([...all.engine.heard.values()]).toEqual([
      { session: 1, file: '/usr/share/recorded.wav', repeats: false },
    ]);
  });

  it('is not heard of a pre-roll alone, nor of the camera, nor unless it is configured', async () => {
    const quiet = await recorded({ preRoll: 5, notice: 'tone' });
    await activeCall(quiet.all);
    expect(quiet.all.engine.heard.size).toBe(0);
    const camera = await recorded({ notice: 'tone' });
    void camera.all.agent.startRecording();
    expect(camera.all.engine.heard.size).toBe(0);
    const plain = await recorded({ automatic: 'all' });
    await activeCall(plain.all);
    expect(plain.all.engine.heard.size).toBe(0);
  });
});

describe('what is known of a recording', () => {
  it('names its files in the record of the call', async () => {
    const { all, only } = await recorded({ automatic: 'all' });
    const session = await activeCall(all);
    only().tell('recording', FILE);
    only().tell('recording', `${FILE}-2`);
    session.hangup();
    expect(all.agent.history({})[0]?.recordings).toEqual([FILE, `${FILE}-2`]);
  });

  it('stands in the status with its call, and what is wrong among the problems', async () => {
    const { all } = await recorded({ automatic: 'all' });
    await activeCall(all);
    const snapshot = {
      id: 1,
      state: 'stalled',
      file: FILE,
      files: 1,
      bytes: 10,
      durationMs: 1000,
      droppedMs: 200,
      droppedFrames: 0,
      writeErrors: 0,
      removedFiles: 0,
      error: 'the card has not answered for 3 s',
    } as const;
    all.engine.state = { ...all.engine.state, recordings: [snapshot] };
    const status = all.agent.status();
    expect(status.recordings).toEqual([{ ...snapshot, call: 1 }]);
    expect(status.problems).toContain('recording: the card has not answered for 3 s');
    expect(status.engine).not.toHaveProperty('recordings');
  });
});
