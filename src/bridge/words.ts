import { cameraProblems } from '../camera';
import type { BridgeSnapshot, DeviceSnapshot } from '../media';

/** What is wrong with a bridge, in words; empty when all is well. */
export function bridgeProblems(snapshot: BridgeSnapshot): string[] {
  const { camera, cameraMicrophone, capture, playback } = snapshot;
  return [
    ...(camera.state === 'none'
      ? ['camera: this build or configuration has no link to it']
      : camera.state === 'absent'
        ? ['camera: it does not answer, or another program has it to itself; asking again']
        : cameraProblems(camera, { sound: true, picture: false })),
    ...(camera.state === 'streaming' && !camera.hasSpeaker
      ? ['camera: it takes no sound for its speaker (stream-in is not wired on the RTOS)']
      : []),
    ...(camera.hasAudio && cameraMicrophone.error ? [`camera: ${cameraMicrophone.error}`] : []),
    ...cardProblems(capture, playback),
  ];
}

function cardProblems(capture: DeviceSnapshot, playback: DeviceSnapshot): string[] {
  const errors = [...new Set([playback.error, capture.error])].filter((error) => error !== '');
  const missing = errors.find((error) => /No such (file|device)/.test(error));
  if (missing !== undefined) return [`card: ${missing}; "modprobe snd-aloop" brings the card`];
  return errors.map((error) => `card: ${error}`);
}

/** One line: what flows each way, how loud and with what delay, and what is wrong. */
export function bridgeLine(snapshot: BridgeSnapshot): string {
  const { recording, playing } = snapshot;
  return [
    `microphone -> card: ${recording ? flow(snapshot.microphonePeak, toCardMs(snapshot)) : 'nobody records'}`,
    `card -> speaker: ${playing ? flow(snapshot.speakerPeak, toCameraMs(snapshot)) : 'silence'}`,
    ...bridgeProblems(snapshot),
  ].join('; ');
}

/** The line without what changes all the time: whoever keeps a log wants news only. */
export function bridgeNews(snapshot: BridgeSnapshot): string {
  const { recording, playing } = snapshot;
  return [
    `microphone -> card: ${recording ? 'on' : 'nobody records'}`,
    `card -> speaker: ${playing ? 'on' : 'silence'}`,
    ...bridgeProblems(snapshot),
  ].join('; ');
}

/** Sound on its way, ms, as far as the bridge can see it. */
export function toCardMs({ cameraMicrophone, playback }: BridgeSnapshot): number {
  return cameraMicrophone.queuedMs + playback.queuedMs;
}

export function toCameraMs({ capture, cameraSpeaker }: BridgeSnapshot): number {
  return capture.queuedMs + cameraSpeaker.queuedMs;
}

function flow(peak: number, delayMs: number): string {
  const level = peak > 0 ? `${Math.round(20 * Math.log10(peak / 32_768))} dB` : 'silence';
  return `${level}, ${delayMs} ms queued`;
}
