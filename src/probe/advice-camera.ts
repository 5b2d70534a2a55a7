import type { CameraClock, CameraReport, ProbedTrack } from '../media';
import { advice, times, when } from './findings';
import type { Advice, ProbeFacts } from './report';

/** Drift that the agent's resampler absorbs. */
const ABSORBED_PPM = 200;
/** From here on a call of NetFIFO delays the sound, or eats the one core. */
const SLOW_CALL_US = 5000;
const LONG_CALL_US = 200_000;
const BUSY_SHARE = 0.25;
const COPY_SHARE = 0.05;
const LONG_GOP_S = 2;
const HIGH_BITRATE = 4_000_000;
const FEW_ENTRIES = 64;

/** The live stream, the times of its calls and clocks, and the speaker. */
export function cameraAdvice({ camera, runtime }: ProbeFacts): Advice[] {
  if (camera.state !== 'examined' || !camera.connected) return [];
  const aac = runtime.features?.aac ?? true;
  return [
    ...streamAdvice(camera),
    ...camera.tracks
      .map(withoutOurOwnGap(camera))
      .flatMap((track) => [
        ...trackAdvice(track),
        ...(track.kind === 'audio' ? audioAdvice(track, aac) : []),
        ...(track.kind === 'video' ? videoAdvice(track) : []),
      ]),
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

function trackAdvice(track: ProbedTrack): Advice[] {
  const { kind, frames, outsideRing, ptsJumps, copiedS, watchedS } = track;
  return [
    ...when(frames === 0, () =>
      advice(
        'error',
        `the ${kind} track gave no frame`,
        'it is in the track table, and nothing comes',
        'see whether the RTOS still encodes; send us this report',
      ),
    ),
    ...when(outsideRing > 0, () =>
      advice(
        'error',
        `${outsideRing} of ${frames} ${kind} frames lie outside the ring`,
        'this SDK means something else by pBufferLimit than we do',
        'send us this report and AmbaNetFifo.h; kOutboundLimitAdds in netfifo_vendor.cc is the place',
      ),
    ),
    ...when(ptsJumps > 0, () =>
      advice(
        'note',
        `time stamps of the ${kind} jumped ${times(ptsJumps)}`,
        'the stream was started anew meanwhile',
      ),
    ),
    ...when(watchedS > 0 && copiedS / watchedS > COPY_SHARE, () =>
      advice(
        'warning',
        `copying the ${kind} takes ${percent(copiedS / watchedS)} of the time`,
        'the ring’s memory is slow to read, and the core does little else meanwhile',
        'lower the bit rate of the live stream',
      ),
    ),
    ...driftAdvice(`the ${kind}`, track.clock, frames),
  ];
}

function audioAdvice(track: ProbedTrack, aac: boolean): Advice[] {
  const { codec, sequenceGaps, frames, toldTimescale, toldChannels } = track;
  const unsaid = [
    ...(toldTimescale === 0 ? ['its time scale (90000 was assumed)'] : []),
    ...(toldChannels === 0 ? ['its channels (2 were assumed)'] : []),
  ];
  return [
    ...when(codec === 'AAC' && aac, () =>
      advice(
        'note',
        'the sound is AAC',
        'decoding it costs processor time and 21 ms of delay',
        'if the RTOS can give PCM, take that',
      ),
    ),
    ...when(codec === 'AAC' && !aac, () =>
      advice(
        'error',
        'the sound is AAC, and this build cannot decode it',
        'the far end hears nothing',
        'build with DASHVOIP_AAC and install dashvoip-aac.so',
      ),
    ),
    ...when(codec !== 'AAC' && codec !== 'PCM', () =>
      advice(
        'error',
        `the sound is ${codec} (media id ${track.mediaId})`,
        'the agent knows AAC and PCM only',
        'have the RTOS encode one of them',
      ),
    ),
    ...when(frames > 10 && sequenceGaps > frames / 4, () =>
      advice(
        'note',
        'numbers of sound frames cannot be trusted',
        'loss is found by time stamps instead',
      ),
    ),
    ...when(frames > 10 && sequenceGaps > 0 && sequenceGaps <= frames / 4, () => lost(track)),
    ...when(unsaid.length > 0, () =>
      advice(
        'note',
        `the sound’s track does not say ${unsaid.join(' and ')}`,
        'if it sounds too slow or too fast, this is why',
      ),
    ),
  ];
}

function videoAdvice(track: ProbedTrack): Advice[] {
  const { codec, sequenceGaps, bytes, watchedS } = track;
  const bitrate = watchedS > 0 ? (8 * bytes) / watchedS : 0;
  const gopS = gopSeconds(track);
  return [
    ...when(codec !== 'H264', () =>
      advice(
        'error',
        `the picture is ${codec} (media id ${track.mediaId})`,
        'the agent sends H.264 only, so that calls have no picture',
        'have the RTOS encode H.264',
      ),
    ),
    ...when(sequenceGaps > 0, () => lost(track)),
    ...when(gopS > LONG_GOP_S, () =>
      advice(
        'warning',
        `a key frame comes every ${gopS.toFixed(1)} s`,
        'no key frame can be asked for: after a loss the far end waits so long for a picture',
        'a shorter group of pictures, about one second',
      ),
    ),
    ...when(bitrate > HIGH_BITRATE, () =>
      advice(
        'warning',
        `the picture takes ${(bitrate / 1e6).toFixed(1)} Mbit/s`,
        'the agent sends it as it is, and Wi-Fi or a mobile uplink may not carry it',
        'a smaller or slower live stream; 2 Mbit/s is plenty for a phone',
      ),
    ),
  ];
}

/** From one key frame to the next; 0 when that is not known. */
function gopSeconds({ gop = 0, ticksPerFrame, timescale }: ProbedTrack): number {
  return (gop * ticksPerFrame) / timescale;
}

function lost({ kind, sequenceGaps, frames }: ProbedTrack): Advice {
  return advice(
    'warning',
    `${kind} frames were missing ${times(sequenceGaps)} beside ${frames} that came`,
    'the ring was overwritten, or the RTOS dropped them, although they were fetched at once',
    'see what else keeps Linux or the RTOS busy',
  );
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

/** Judged only where the measurement is finer than the limit. */
function driftAdvice(whose: string, clock: CameraClock | undefined, readings: number): Advice[] {
  if (!clock || readings < 10) return [];
  const { driftPpm, spreadUs, seconds } = clock;
  // Standard deviation of a fitted line's slope over evenly spaced readings.
  const uncertainPpm = (spreadUs / seconds) * Math.sqrt(12 / readings);
  return when(Math.abs(driftPpm) - 3 * uncertainPpm > ABSORBED_PPM, () =>
    advice(
      'warning',
      `${whose} has a clock that is ${Math.round(Math.abs(driftPpm))} ppm too ${driftPpm > 0 ? 'fast' : 'slow'}`,
      `the agent absorbs ${ABSORBED_PPM} ppm; beyond that sound is dropped or stretched now and then`,
      'measure longer (--seconds 300); if it stays, send us this report',
    ),
  );
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
