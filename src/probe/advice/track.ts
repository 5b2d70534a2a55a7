import type { CameraClock, ProbedTrack } from '../../media';
import type { Advice } from '../report';
import { percent, times } from '../words';
import { advice, when } from './findings';

/** Drift that the agent's resampler absorbs. */
const ABSORBED_PPM = 200;
const COPY_SHARE = 0.05;
const LONG_GOP_S = 2;
const HIGH_BITRATE = 4_000_000;

/**
 * One track of the live stream.
 * @param aac whether this build decodes AAC.
 */
export function adviceOnTrack(track: ProbedTrack, aac: boolean): Advice[] {
  return [
    ...trackAdvice(track),
    ...(track.kind === 'audio' ? audioAdvice(track, aac) : []),
    ...(track.kind === 'video' ? videoAdvice(track) : []),
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

/**
 * A clock of the camera, judged only where the measurement is finer than the limit.
 * @param readings how many the line was drawn through.
 */
export function driftAdvice(
  whose: string,
  clock: CameraClock | undefined,
  readings: number,
): Advice[] {
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
