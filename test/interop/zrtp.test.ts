// Shows RFC 6189.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { matchPhrases } from '../toolkit/measure/phrases';
import { matchSpeech } from '../toolkit/measure/speech';
import { readWav } from '../toolkit/measure/wav';
import type { Linphonec } from '../toolkit/peers/linphonec';
import { waitUntil } from '../toolkit/process/wait';
import { CAMERA_VOICE, PHONE_VOICE, Stage, type TestAgent } from './support/stage';
import { wordsOnWire } from './support/wire';

const cameraWords = readWav(CAMERA_VOICE);
const stage = await Stage.open('zrtp');
const camera = await stage.camera();
const agent = await stage.agent({
  cameraSocket: stage.cameraSocket,
  media: { zrtp: 'preferred' },
  sections: { state: { directory: 'state' } },
});
const strict = await stage.agent({ name: 'strict', media: { zrtp: 'required' } });
const linphonec = await stage.linphonec('phone', { zrtp: true });
await agent.untilCamera('streaming');

afterEach(async () => {
  await agent.hangUpAll();
  await strict.hangUpAll();
});

/** Waits until a call is secure, and gives what its status says of it. */
function untilSecure(one: TestAgent) {
  return waitUntil('a call that ZRTP has secured', async () => {
    const [call] = (await one.status()).calls;
    return call?.agreed?.zrtp?.state === 'secure' ? call.agreed.zrtp : undefined;
  });
}

/** The string that it shows for its newest call. */
function untilShown(phone: Linphonec, before: number): Promise<string> {
  return waitUntil('linphonec to show its string', () => phone.strings()[before]);
}

describe('a call whose keys come by ZRTP', () => {
  it('to linphonec: both show the same string, and words are recognised at both ends', async () => {
    await agent.call(linphonec.uri);
    const { sas, verified, known } = await untilSecure(agent);
    expect({ verified, known }).toEqual({ verified: false, known: false });
    expect(await untilShown(linphonec, 0)).toBe(sas);
    const { agreed, media } = await agent.untilHears(150);
    expect(agreed?.encryption).toEqual({
      suite: media?.audio?.srtp?.suite,
      keysBy: 'zrtp',
      keysHidden: true,
    });
    const { stdout } = await agent.agent.run('status');
    expect(stdout).toContain(`keys by ZRTP, string "${sas}" not compared yet`);
    // Both users say so: each end tells the other in their next call.
    expect((await agent.agent.run('verify', 'on')).stdout).toContain('compared');
    linphonec.verify();
    await waitUntil('it to be noted', async () => (await untilSecure(agent)).verified === true);
    await agent.hangup();
    await agent.untilIdle();
    const { rate, samples } = readWav(camera.speaker);
    const sound = { rate, samples: samples.subarray(-3 * rate) };
    expect(matchSpeech(sound, readWav(PHONE_VOICE), true).correlation).toBeGreaterThan(0.85);
    const recorded = matchPhrases(await linphonec.recorded(), cameraWords, true);
    expect(recorded.median).toBeGreaterThan(0.9);
  });

  it('to linphonec once more, which is known by now, and was compared', async () => {
    const before = linphonec.strings().length;
    await agent.call(linphonec.uri);
    const { sas, verified, known, detail } = await untilSecure(agent);
    expect({ verified, known, detail }).toEqual({ verified: true, known: true, detail: '' });
    expect(await untilShown(linphonec, before)).toBe(sas);
    await agent.untilHears(50);
    await agent.hangup();
    await linphonec.untilIdle();
  });

  it('from linphonec, which remembers whom it calls by their URI; each end holds it', async () => {
    const before = linphonec.strings().length;
    linphonec.dial(agent.uri);
    await agent.until('active');
    const { sas } = await untilSecure(agent);
    expect(await untilShown(linphonec, before)).toBe(sas);
    await agent.untilHears(50);
    await linphonec.hold();
    await agent.until('held');
    linphonec.resume();
    await agent.until('active');
    await agent.untilHears(100);
    await agent.hold();
    await agent.until('held');
    await agent.resume();
    await agent.until('active');
    const { agreed } = await agent.untilHears(100);
    expect(agreed?.zrtp).toMatchObject({ state: 'secure', sas });
  });

  it('with its picture, too, which has keys of its own', async () => {
    const seer = await stage.linphonec('seer', { zrtp: true, video: true });
    await agent.call(seer.uri);
    await untilSecure(agent);
    const pictures = async (): Promise<number | undefined> => {
      const { srtp, sent } = (await agent.status()).calls[0]?.media?.video ?? {};
      return srtp && sent?.packets;
    };
    const before = await waitUntil('a picture that is encrypted', pictures);
    await waitUntil('more of it', async () => ((await pictures()) ?? 0) > before);
    const [call] = (await agent.status()).calls;
    expect(call?.agreed?.encryption).toMatchObject({ keysBy: 'zrtp' });
    expect(call?.agreed?.zrtp?.detail).toBe('');
    await agent.hangup();
    await agent.untilIdle();
    await seer.stop();
  });

  it('leaves nothing to be read of what it remembers, but where it remembers it', async () => {
    const path = join(stage.folder, 'state', 'zrtp.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    const secrets = [...text.matchAll(/[\da-f]{64}/g)].map(([secret]) => secret);
    expect(secrets.length).toBeGreaterThan(2);
    const { stdout: trace } = await agent.agent.run('trace', '--json');
    const told = [
      readFileSync(join(stage.folder, 'agent.log'), 'utf8'),
      JSON.stringify(await agent.status()),
      trace,
    ].join('\n');
    expect(told).toContain('secured by ZRTP');
    for (const secret of secrets) expect(told).not.toContain(secret.slice(0, 16));
  });
});

describe('where ZRTP is required', () => {
  it('no word is on the wire that is not encrypted', async () => {
    const datagrams = await stage.captured('required', async () => {
      await strict.call(linphonec.uri);
      await untilSecure(strict);
      await strict.untilHears(150);
      await strict.hangup();
      await strict.untilIdle();
    });
    expect(wordsOnWire(datagrams, readWav(PHONE_VOICE))).toEqual([]);
    // Not one packet of ours before the other end has begun to prove that it has the keys.
    const find = (test: (payload: Buffer, port: number) => boolean): number =>
      datagrams.findIndex(({ payload, sourcePort }) => test(payload, sourcePort));
    const hello = datagrams[find((payload) => payload.includes('Hello   1.10dashvoip'))];
    const isOurs = (port: number): boolean => port === hello?.sourcePort;
    const proof = find((payload) => /Confirm1/.test(payload.toString('latin1', 16, 24)));
    const first = find((payload, port) => isOurs(port) && (payload[0] ?? 0) >> 6 === 2);
    expect(proof).toBeGreaterThan(0);
    expect(first).toBeGreaterThan(proof);
  });

  it('a call ends that does not come to keys, and says why', async () => {
    const plain = await stage.baresip('plain', { record: false });
    await strict.call(plain.uri);
    expect(await strict.untilIdle(15_000)).toBe(
      'failed (zrtp is "required", and the far end does not speak ZRTP)',
    );
  });

  it('it stays plain elsewhere, which the status says', async () => {
    const plain = await stage.baresip('other', { record: false });
    await agent.call(plain.uri);
    await agent.until('active');
    const detail = await waitUntil('ZRTP to be given up', async () => {
      const zrtp = (await agent.status()).calls[0]?.agreed?.zrtp;
      return zrtp?.state === 'failed' ? zrtp.detail : undefined;
    });
    expect(detail).toBe('the far end does not speak ZRTP');
    await agent.untilHears(25);
    const { stdout } = await agent.agent.run('status');
    expect(stdout).toMatch(/encryption +none, no ZRTP: the far end does not speak ZRTP/);
  });
});
