import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { matchSpeech } from '../toolkit/measure/speech';
import { readWav } from '../toolkit/measure/wav';
import { CAMERA_VOICE, MATERIAL } from './support/stage';

const folder = mkdtempSync(join(tmpdir(), 'material-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The camera's words as its stand-in repeats them, decoded. */
function repeated(times: number): string {
  const voice = join(MATERIAL, 'camera-voice.aac');
  const path = join(folder, 'repeated.wav');
  const input = `concat:${Array.from({ length: times }, () => voice).join('|')}`;
  const made = ['-ar', '8000', '-ac', '1', path];
  execFileSync('ffmpeg', [
    '-nostdin',
    '-loglevel',
    'error',
    '-y',
    '-f',
    'aac',
    '-i',
    input,
    ...made,
  ]);
  return path;
}

describe('the camera’s words', () => {
  // A recording that the repetition falls into would else be judged as if a buffer had slipped there.
  it('stay with the words as they are compared when both are repeated', () => {
    const match = matchSpeech(readWav(repeated(3)), readWav(CAMERA_VOICE), true);
    expect(match.seconds).toBeGreaterThan(50);
    expect(match.realignments).toBe(0);
    expect(match.correlation).toBeGreaterThan(0.99);
  });
});
