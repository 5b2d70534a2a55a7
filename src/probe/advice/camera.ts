import type { CameraReport, ProbedTrack } from '../../media';
import type { Advice, ProbeFacts } from '../report';
import { percent } from '../words';
import { advice, when } from './findings';
import { adviceOnTrack, driftAdvice } from './track';

/** From here on a call of NetFIFO delays the sound, or eats the one core. */
const SLOW_CALL_US = 5000;
const LONG_CALL_US = 200_000;
const BUSY_SHARE = 0.25;
const FEW_ENTRIES = 64;

/** The live stream, the times of its calls and clocks, and the speaker. */
export function cameraAdvice({ camera, runtime }: ProbeFacts): Advice[] {
  if (camera.state !== 'examined' || !camera.connected) return [];
  const aac = runtime.features?.aac ?? true;
  return [
    ...streamAdvice(camera),
    ...camera.tracks.map(withoutOurOwnGap(camera)).flatMap((track) => adviceOnTrack(track, aac)),
    ...rpcAdvice(camera),
    ...overflowAdvice(camera),
    ...speakerAdvice(camera),
  ];
}

/** Where a full queue drops the newest, our look at that left a gap in the stream. */
function withoutOurOwnGap({ overflow }: CameraReport): (track: ProbedTrack) => ProbedTrack {
  return (track) =>
    overflow.drops === 'newest' && overflow.track === track.id
      ? { ...track, sequenceGaps: Math.max(0, track.sequenceGaps - 1) }
      : track;
}

function streamAdvice({ done, tracks }: CameraReport): Advice[] {
  const has = (kind: ProbedTrack['kind']): boolean => tracks.some((track) => track.kind === kind);
  return [
    ...when(done && tracks.length === 0, () =>
      advice(
        'error',
        'the camera encodes nothing',
        'there is neither sound nor picture to send',
        'start the viewfinder or a recording, on its console "t app test vf on", and run the probe again',
      ),
    ),
    ...when(tracks.length > 0 && !has('audio'), () =>
      advice(
        'error',
        'the live stream has no sound',
        'the far end hears nothing of the camera; it is so by default',
        '"t app test rec av" on the RTOS console; have the RTOS do it at start',
      ),
    ),
    ...when(tracks.length > 0 && !has('video'), () =>
      advice('warning', 'the live stream has no picture', 'calls are sound only'),
    ),
  ];
}

function rpcAdvice({ rpc, tracks }: CameraReport): Advice[] {
  const { peek, remove } = rpc;
  const callUs = peek.medianUs + remove.medianUs;
  const perSecond = tracks.reduce(
    (sum, { frames, watchedS }) => sum + (watchedS > 0 ? frames / watchedS : 0),
    0,
  );
  const share = (callUs * perSecond) / 1e6;
  const longest = Math.max(peek.maxUs, remove.maxUs);
  return [
    ...when(Math.max(peek.medianUs, remove.medianUs) > SLOW_CALL_US || share > BUSY_SHARE, () =>
      advice(
        'warning',
        `a frame costs ${(callUs / 1000).toFixed(1)} ms of calls to the RTOS, ${percent(share)} of the time`,
        'sound gets through late and queues fill up',
        'see what keeps the RTOS busy (recording at a high rate, other clients)',
      ),
    ),
    ...when(longest > LONG_CALL_US, () =>
      advice(
        'warning',
        `one call to the RTOS took ${Math.round(longest / 1000)} ms`,
        'such a pause is heard: it is longer than the buffers of a call',
        'see what the RTOS did then (SD card, change of mode), and whether it happens again',
      ),
    ),
  ];
}

function overflowAdvice({ overflow }: CameraReport): Advice[] {
  const { drops, totalEntries, heldEntries } = overflow;
  return [
    ...when(drops === 'newest', () =>
      advice(
        'warning',
        'a full queue drops the newest frames',
        'a program that stops reading stops the stream of all others, and hears old sound afterwards',
        'see that nothing else holds a FIFO open without reading it',
      ),
    ),
    ...when(drops === 'not-reached', () =>
      advice(
        'note',
        `what a full queue drops was not seen: ${heldEntries} of ${totalEntries} entries filled up`,
        '',
        'a longer look: --seconds 60',
      ),
    ),
    ...when(drops !== 'unknown' && totalEntries > 0 && totalEntries < FEW_ENTRIES, () =>
      advice(
        'warning',
        `a queue holds ${totalEntries} entries`,
        'a short pause of Linux already loses frames',
      ),
    ),
  ];
}

function speakerAdvice({ speaker, tracks, done }: CameraReport): Advice[] {
  if (!speaker.present) {
    return when(done, () =>
      advice(
        'error',
        'the camera takes no sound for its speaker (stream-in)',
        'the far end is not heard; a stock RTOS image does not have it wired',
        'wire stream-in in the RTOS application, or set media.speaker to another device',
      ),
    );
  }
  const { error, clock, microphoneFrames } = speaker;
  const playedFrames = Math.round(
    ((clock?.seconds ?? 0) * (speaker.format.sampleRate ?? 0)) / 1024,
  );
  return [
    ...when(error !== '', () =>
      advice('error', `the speaker: ${error}`, 'the far end is not heard', 'send us this report'),
    ),
    ...when(
      microphoneFrames === 0 && error === '' && tracks.some(({ kind }) => kind === 'audio'),
      () =>
        advice(
          'warning',
          'no sound came from the microphone while the speaker played',
          'the camera can do one at a time: a call would be one-way',
          'have the RTOS run both at once',
        ),
    ),
    ...driftAdvice('the speaker', clock, playedFrames),
  ];
}
