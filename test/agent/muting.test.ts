import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EmergencySettings } from '../../src/agent';
import { KeptMutes } from '../../src/agent';
import { silentLogger } from '../../src/platform';
import { activeCall } from './calls';
import { startedBench } from './fakes';

const NEITHER = { microphoneMuted: false, pictureMuted: false };
const BOTH = { microphoneMuted: true, pictureMuted: true };

describe('what is muted', () => {
  it('is so at the media plane, in the status, and told', async () => {
    const { agent, engine } = await startedBench();
    const told: unknown[] = [];
    agent.events.on('switches', (switches) => told.push(switches));
    expect(engine.muted).toEqual({ microphone: false, picture: false });
    agent.setSwitch('microphoneMuted', true);
    expect(engine.muted).toEqual({ microphone: true, picture: false });
    agent.setSwitch('pictureMuted', true);
    expect(engine.muted).toEqual({ microphone: true, picture: true });
    expect(agent.status().switches).toMatchObject(BOTH);
    agent.setSwitch('microphoneMuted', false);
    expect(engine.muted).toEqual({ microphone: false, picture: true });
    expect(told).toMatchObject([
      { microphoneMuted: true, pictureMuted: false },
      BOTH,
      { microphoneMuted: false, pictureMuted: true },
    ]);
  });

  it('stays so when another configuration comes', async () => {
    const { agent, engine } = await startedBench();
    agent.setSwitch('microphoneMuted', true);
    agent.reconfigure({ policy: { autoAnswer: true } });
    expect(agent.switches).toMatchObject({ microphoneMuted: true, autoAnswer: true });
    expect(engine.muted).toMatchObject({ microphone: true });
  });

  it('gives no still', async () => {
    const { agent } = await startedBench();
    agent.setSwitch('pictureMuted', true);
    await expect(agent.still()).rejects.toThrow('the picture is muted: mute-picture off');
    agent.setSwitch('pictureMuted', false);
    expect(await agent.still()).toMatchObject({ width: 1280 });
  });

  it('was so at the last end: at once, before any call', async () => {
    const kept: unknown[] = [];
    const muteKeeper = { mutes: BOTH, keep: (mutes: object) => kept.push(mutes) };
    const { agent, engine } = await startedBench({}, { muteKeeper });
    expect(engine.muted).toEqual({ microphone: true, picture: true });
    agent.setSwitch('pictureMuted', false);
    expect(kept).toEqual([{ microphoneMuted: true, pictureMuted: false }]);
  });
});

describe('a call for help', () => {
  const account = { uri: 'sip:car@example.org', registrar: 'sip:192.0.2.1' };
  const dialPlan = {
    ...{ emergencyNumbers: ['112'], trunkPrefix: '', internationalPrefixes: [], rules: [] },
  };
  const emergency: EmergencySettings = {
    ...{ calls: ['home'], ringSeconds: 30, confirmSeconds: 20, rounds: 2, callBackMinutes: 60 },
  };

  it('to an emergency number is heard for as long as it lasts', async () => {
    const { agent, engine, userAgent } = await startedBench({ account, dialPlan });
    agent.setSwitch('microphoneMuted', true);
    agent.setSwitch('pictureMuted', true);
    agent.call('112');
    userAgent.sessions.at(-1)?.pickUp();
    expect(engine.muted).toEqual({ microphone: false, picture: true });
    expect(agent.switches.microphoneMuted).toBe(true);
    agent.hangup();
    expect(engine.muted).toEqual({ microphone: true, picture: true });
  });

  it('by `emergency` is, and any other call is not', async () => {
    const all = await startedBench({ account, emergency });
    const { agent, engine, userAgent } = all;
    agent.setSwitch('microphoneMuted', true);
    await activeCall(all);
    expect(engine.muted).toMatchObject({ microphone: true });
    agent.startEmergency();
    userAgent.sessions.at(-1)?.pickUp();
    expect(engine.muted).toMatchObject({ microphone: false });
    agent.cancelEmergency();
    expect(engine.muted).toMatchObject({ microphone: true });
  });
});

describe('muted.json', () => {
  let directory: string;
  const path = (): string => join(directory, 'muted.json');
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'muted-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
  });
  const open = () => KeptMutes.open(directory, silentLogger);

  it('keeps what is muted, for its owner alone, and the last word counts', async () => {
    const kept = await open();
    expect(kept.mutes).toEqual(NEITHER);
    kept.keep(BOTH);
    kept.keep({ microphoneMuted: true, pictureMuted: false });
    await kept.settled();
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect((await open()).mutes).toEqual({ microphoneMuted: true, pictureMuted: false });
    expect(await readFile(path(), 'utf8')).toBe('{"microphoneMuted":true,"pictureMuted":false}\n');
  });

  it('that cannot be understood mutes everything', async () => {
    for (const text of ['', 'null', '[', '{"microphoneMuted":"yes"}', '{"pictureMuted":1}']) {
      await writeFile(path(), text);
      expect((await open()).mutes).toEqual(BOTH);
    }
    await writeFile(path(), '{"pictureMuted":true}');
    expect((await open()).mutes).toEqual({ microphoneMuted: false, pictureMuted: true });
  });

  it('that cannot be written ends nothing', async () => {
    const kept = await KeptMutes.open('/proc/nowhere', silentLogger);
    expect(kept.mutes).toEqual(NEITHER);
    kept.keep(BOTH);
    await kept.settled();
  });
});
