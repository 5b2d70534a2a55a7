import type { AudioWishes, EncoderSettings } from './types';

/** What we tell of ourselves as a receiver, RFC 7587 §6.1. */
export function opusParameters({ opus, silenceSuppression }: AudioWishes): string {
  const { playbackRate, bitrate, constantBitrate } = opus;
  return [
    ...(playbackRate < 48_000
      ? [`maxplaybackrate=${playbackRate}`, `sprop-maxcapturerate=${playbackRate}`]
      : []),
    `maxaveragebitrate=${bitrate}`,
    ...(constantBitrate ? ['cbr=1'] : []),
    'useinbandfec=1',
    ...(silenceSuppression ? ['usedtx=1'] : []),
  ].join(';');
}

/**
 * What the far end wants to be sent, within what we want to send. It may like stereo, which nobody has to
 * send (RFC 7587 §7).
 */
export function opusEncoder(
  theirs: ReadonlyMap<string, string>,
  { opus }: AudioWishes,
): EncoderSettings {
  const most = wholeNumber(theirs.get('maxaveragebitrate')) ?? opus.bitrate;
  const playbackRate = wholeNumber(theirs.get('maxplaybackrate')) ?? 48_000;
  return {
    // RFC 7587 §6.1: from 6000 to 510000; what lies outside is taken for the nearest.
    bitrate: Math.max(6000, Math.min(most, opus.bitrate)),
    playbackRate: Math.max(8000, Math.min(playbackRate, opus.playbackRate)),
    constantBitrate: opus.constantBitrate || theirs.get('cbr') === '1',
    forwardErrorCorrection: theirs.get('useinbandfec') === '1',
    discontinuous: theirs.get('usedtx') === '1',
  };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
