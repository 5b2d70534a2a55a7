import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/config';
import { problems } from './problems';

describe('the section voice', () => {
  it('is not there by default, and is right for most cars where it is empty', () => {
    expect(checkConfig({}, 'file').voice).toBeUndefined();
    expect(checkConfig({ voice: {} }, 'file').voice).toEqual({
      highPass: true,
      echoCanceller: true,
      echoTail: 128,
      noiseSuppression: true,
      automaticGain: true,
      duplex: 'full',
      toneDigits: false,
    });
  });

  it('tells what it expected', () => {
    expect(problems({ voice: { duplex: 'simplex', echoTail: 5, highPass: 1 } })).toEqual([
      'voice.highPass: found 1, expected true or false',
      'voice.echoTail: found 5, expected a whole number from 32 to 500',
      'voice.duplex: found "simplex", expected "full" or "half" or "push-to-talk"',
    ]);
  });
});
