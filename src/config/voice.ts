import * as v from 'valibot';
import { choice, flag, section, wholeNumber } from '../schema';

/** The section `voice`: what is done to the sound between the devices and the calls, off without it. */
export const voiceSection = section(
  'Hands-free: what is done to the near end’s voice, as docs/voice.md tells. Without it sound goes between devices and calls as it is; `{}` is right for most.',
  {
    highPass: v.optional(
      flag('Leave out the rumble below 100 Hz, of which no telephone makes use.'),
      true,
    ),
    echoCanceller: v.optional(
      flag(
        'Take what the speaker plays out of the microphone. Until it has learned the car, the speaker is softer.',
      ),
      true,
    ),
    echoTail: v.optional(
      wholeNumber(32, 500, 'How long the car answers what the speaker plays, in milliseconds.'),
      128,
    ),
    noiseSuppression: v.optional(flag('Make engine, tyres and wind softer.'), true),
    automaticGain: v.optional(
      flag('Make a voice far from the microphone as loud as one near it.'),
      true,
    ),
    duplex: v.optional(
      choice(
        ['full', 'half', 'push-to-talk'],
        'Whether both may speak at once, or, where microphone and speaker cannot run together, one after the other: whoever speaks first, or the near end while the command `ptt` says so.',
      ),
      'full',
    ),
    toneDigits: v.optional(
      flag(
        'Find keys that the far end sends as tones in its sound, too. Where it sends them as telephone-events they are told once.',
      ),
      false,
    ),
  },
);

export type VoiceConfig = v.InferOutput<typeof voiceSection>;
