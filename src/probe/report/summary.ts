import type { CameraReport, ProbedTrack, RpcLatency } from '../../media';
import { counted } from '../words';
import type { Advice, ProbeReport } from './facts';

/** The report for people: what was found in a few lines, then the advice. */
export function summaryOf(report: ProbeReport): string {
  const rows = [...machineRows(report), ...cameraRows(report)];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `dashvoip probe ${report.runtime.dashvoip}, ${report.at}, took ${report.tookS.toFixed(0)} s${isInterrupted(report) ? ', interrupted' : ''}`,
    '',
    ...rows.map(([name, words]) => `  ${name.padEnd(width)}  ${words}`),
    '',
    ...adviceInWords(report.advice),
  ].join('\n');
}

/** Whether a signal ended the examination before it was through. */
export function isInterrupted({ camera }: ProbeReport): boolean {
  return camera.state === 'examined' && camera.interrupted;
}

type Row = readonly [name: string, words: string];

function machineRows(report: ProbeReport): Row[] {
  const { kernel, runtime, memory, priority, sound, randomness, network, storage } = report;
  const mb = (kb: number | undefined): string =>
    kb === undefined ? '?' : String(Math.round(kb / 1024));
  const addresses = network.interfaces.flatMap(({ name, ipv4 }) =>
    name === 'lo' ? [] : ipv4.map((address) => `${name} ${address}`),
  );
  const cards = sound.cards.map(({ id }) => id).join(', ');
  return [
    ['board', `${kernel.model ?? 'unknown'}, Linux ${kernel.release ?? '?'}`],
    ['processor', `${kernel.cpusOnline} online, ${kernel.cpus.join(', ') || runtime.arch}`],
    ['memory', `${mb(memory.availableKb)} of ${mb(memory.totalKb)} MB available`],
    [
      'runtime',
      `node ${runtime.node.replace(/^v/, '')}, glibc ${runtime.features?.libraries.glibc ?? 'unknown'}`,
    ],
    ['real time', priority.realtime ? 'granted' : 'refused'],
    [
      'randomness',
      randomness.ready === false ? 'not seeded' : `${randomness.entropyBits ?? '?'} bits`,
    ],
    ['sound', sound.alsa === undefined ? 'none in the kernel' : cards || 'no card'],
    ['network', addresses.join(', ') || 'no address'],
    ['root', storage.rootReadOnly ? 'read-only' : 'writable'],
    ...libraryRows(report),
  ];
}

function libraryRows({ library, users }: ProbeReport): Row[] {
  const others = users.processes.map(({ pid, name, dashvoip }) =>
    dashvoip === undefined ? `${name} (${pid})` : `dashvoip ${dashvoip} (${pid})`,
  );
  return [
    [
      'libnetfifo',
      library
        ? `${library.path}, ${library.symbols.length} calls, build ${library.buildId?.slice(0, 12) ?? '?'}, ${library.style === 'unknown' ? 'style unknown' : library.style}`
        : 'not found',
    ],
    ['its users', others.join(', ') || 'no other'],
  ];
}

function cameraRows({ camera }: ProbeReport): Row[] {
  switch (camera.state) {
    case 'taken':
      return [['camera', `left to ${camera.by}`]];
    case 'unknown':
      return [['camera', camera.why]];
    case 'examined':
      return camera.connected ? examinedRows(camera) : [['camera', 'does not answer']];
  }
}

function examinedRows(camera: CameraReport): Row[] {
  const { tracks, rpc, overflow } = camera;
  return [
    ['camera', tracks.length > 0 ? counted(tracks.length, 'track') : 'encodes nothing'],
    ...tracks.flatMap(trackRows),
    [
      'calls',
      `peek ${latency(rpc.peek)}, remove ${latency(rpc.remove)}, track table ${latency(rpc.trackTable)}`,
    ],
    ...(tracks.length > 0 ? [['queue', overflowWords(overflow)] as const] : []),
    ['speaker', speakerWords(camera)],
  ];
}

function trackRows(track: ProbedTrack): Row[] {
  const { kind, codec, frames, bytes, watchedS, clock } = track;
  const format =
    kind === 'video'
      ? `${track.width}x${track.height}, a key frame in ${track.gop}`
      : `${track.sampleRate} Hz, ${counted(track.channels ?? 0, 'channel')}`;
  const rate = watchedS > 0 ? `${Math.round((8 * bytes) / watchedS / 1000)} kbit/s` : 'no data';
  const drift = clock ? `, clock ${clockWords(clock.driftPpm, clock.spreadUs)}` : '';
  return [
    [kind, `${codec}, ${format}, ${counted(frames, 'frame')}, ${rate}${drift}`],
    [
      '',
      `ring ${Math.round(track.ringBytes / 1024)} KiB, ${counted(track.wraps, 'frame')} over its end, ${counted(track.sequenceGaps, 'gap')}, ${copySpeed(track)}`,
    ],
  ];
}

function clockWords(driftPpm: number, spreadUs: number): string {
  return `${driftPpm >= 0 ? '+' : ''}${driftPpm.toFixed(0)} ppm (readings ±${(spreadUs / 1000).toFixed(1)} ms)`;
}

function copySpeed({ copiedBytes, copiedS }: ProbedTrack): string {
  return copiedS > 0 ? `read at ${(copiedBytes / copiedS / 1e6).toFixed(0)} MB/s` : 'nothing read';
}

function latency({ count, medianUs, maxUs }: RpcLatency): string {
  return count === 0 ? 'not tried' : `${ms(medianUs)} (at most ${ms(maxUs)}) ms`;
}

function ms(us: number): string {
  return (us / 1000).toFixed(us < 10_000 ? 2 : 0);
}

function overflowWords({
  drops,
  totalEntries,
  heldEntries,
  seconds,
}: CameraReport['overflow']): string {
  const filled = `${heldEntries} of ${totalEntries} entries after ${seconds.toFixed(1)} s`;
  switch (drops) {
    case 'oldest':
    case 'newest':
      return `drops the ${drops} frames when full, with ${filled}`;
    case 'not-reached':
      return `not full in time: ${filled}`;
    case 'unknown':
      return 'overflow not tried';
  }
}

function speakerWords({ speaker, done }: CameraReport): string {
  if (!speaker.present) return done ? 'none (stream-in is not wired)' : 'not tried';
  const { format, bufferBytes, clock, microphoneFrames, error } = speaker;
  return [
    `${format.codec} ${format.sampleRate} Hz, ${counted(format.channels ?? 0, 'channel')}, buffer ${Math.round(bufferBytes / 1024)} KiB`,
    ...(clock ? [`clock ${clockWords(clock.driftPpm, clock.spreadUs)}`] : []),
    ...(microphoneFrames === undefined ? [] : [`${microphoneFrames} microphone frames meanwhile`]),
    ...(error === '' ? [] : [error]),
  ].join(', ');
}

function adviceInWords(list: readonly Advice[]): string[] {
  if (list.length === 0) return ['Nothing to complain about.'];
  return list.flatMap(({ severity, found, meaning, action }) => [
    `${severity}: ${found}`,
    ...(meaning === '' ? [] : [`    ${meaning}`]),
    ...(action === '' ? [] : [`    -> ${action}`]),
  ]);
}
