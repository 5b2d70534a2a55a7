// Shows RFC 3389.

import { describe, expect, it } from 'vitest';
import { USUAL_WISHES } from '../../src/sdp/types';
import { answered } from './negotiated';
import { DEAF_CAMERA, description } from './samples';

const QUIET = {
  ...DEAF_CAMERA,
  audio: { ...DEAF_CAMERA.audio, wishes: { ...USUAL_WISHES, silenceSuppression: true } },
};
const noisy = description('m=audio 5004 RTP/AVP 8 13');
const plain = description('m=audio 5004 RTP/AVP 8');
const HEARD = [{ kind: 'noise', payloadType: 13, clockRate: 8000 }];

describe('comfort noise (RFC 3389)', () => {
  it('is sent where both ends wish it', () => {
    const { audio } = answered(noisy, QUIET).media;
    expect(audio.comfortNoise).toBe(13);
    expect(audio.alsoMarks).toBeUndefined();
  });

  it('is not sent to who did not offer it', () => {
    const { audio } = answered(plain, QUIET).media;
    expect(audio.comfortNoise).toBeUndefined();
    expect(audio.alsoMarks).toBeUndefined();
  });

  it('may come where we did not ask for it, and is not sent', () => {
    const { audio } = answered(noisy, DEAF_CAMERA).media;
    expect(audio.comfortNoise).toBeUndefined();
    expect(audio.alsoMarks).toEqual(HEARD);
  });
});
