import { describe, expect, it } from 'vitest';
import { adviceOn } from '../../../src/probe/advice';
import type { ProbeFacts, ProbeReport } from '../../../src/probe/report';
import { isInterrupted, summaryOf } from '../../../src/probe/report';
import { CAMERA, FIRST_HOUR, GOOD } from '../support/facts';

const reportOf = (facts: ProbeFacts): ProbeReport => ({
  probeVersion: 1,
  at: '2026-01-02T03:04:05.000Z',
  tookS: 18.4,
  ...facts,
  unread: [],
  advice: adviceOn(facts),
});

const rowsOf = (facts: ProbeFacts): Map<string, string> =>
  new Map(
    summaryOf(reportOf(facts))
      .split('\n')
      .flatMap((line) => {
        const [, name, words] = /^ {2}([a-z]+(?: [a-z]+)?) {2,}(.+)$/.exec(line) ?? [];
        return name !== undefined && words !== undefined ? [[name, words] as const] : [];
      }),
  );

describe('the summary', () => {
  it('has what matters in one line each', () => {
    expect(Object.fromEntries(rowsOf(FIRST_HOUR))).toEqual({
      board: 'Ambarella H22EVK K2 Board (DT), Linux 4.9.76',
      processor: '1 online, 0x41/0xd03',
      memory: '51 of 90 MB available',
      runtime: 'node 20.0.0, glibc 2.36',
      'real time': 'granted',
      randomness: '45 bits',
      sound: 'none in the kernel',
      network: 'wlan0 192.168.42.1',
      root: 'read-only',
      libnetfifo: '/usr/lib/libnetfifo.so, 0 calls, build ?, style unknown',
      'its users': 'ipcbind (101), AmbaRTSPServer (140)',
      camera: '1 track',
      video:
        'H264, 1280x720, a key frame in 30, 360 frames, 2000 kbit/s, clock +20 ppm (readings ±0.4 ms)',
      calls:
        'peek 0.30 (at most 4.00) ms, remove 0.30 (at most 4.00) ms, track table 0.30 (at most 4.00) ms',
      queue: 'drops the oldest frames when full, with 256 of 256 entries after 5.5 s',
      speaker: 'none (stream-in is not wired)',
    });
  });

  it('ends with what to do', () => {
    expect(summaryOf(reportOf(FIRST_HOUR))).toContain(
      'error: the live stream has no sound\n    the far end hears nothing of the camera; it is so by default\n    -> "t app test rec av" on the RTOS console; have the RTOS do it at start\n',
    );
    expect(summaryOf(reportOf(GOOD))).toMatch(/\n\nNothing to complain about\.$/);
  });

  it('tells of the speaker', () => {
    expect(rowsOf(GOOD).get('speaker')).toBe(
      'PCM 48000 Hz, 1 channel, buffer 10240 KiB, clock +20 ppm (readings ±0.4 ms), 250 microphone frames meanwhile',
    );
  });

  it.each<[ProbeFacts['camera'], string]>([
    [{ state: 'taken', by: 'dashvoip run (process 7)' }, 'left to dashvoip run (process 7)'],
    [{ state: 'unknown', why: 'this build has no NetFIFO' }, 'this build has no NetFIFO'],
    [{ state: 'examined', interrupted: false, ...CAMERA, connected: false }, 'does not answer'],
    [{ state: 'examined', interrupted: false, ...CAMERA, tracks: [] }, 'encodes nothing'],
  ])('says why there is no camera: %j', (camera, words) => {
    expect(rowsOf({ ...GOOD, camera }).get('camera')).toBe(words);
  });

  it('says when it was interrupted', () => {
    const report = reportOf({
      ...GOOD,
      camera: { state: 'examined', interrupted: true, ...CAMERA },
    });
    expect(isInterrupted(report)).toBe(true);
    expect(summaryOf(report).split('\n')[0]).toBe(
      'dashvoip probe 0.1.0, 2026-01-02T03:04:05.000Z, took 18 s, interrupted',
    );
  });
});
