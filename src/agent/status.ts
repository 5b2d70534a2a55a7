import { cameraProblems } from '../camera';
import type { DeviceKind, EngineSnapshot } from '../media';
import type { SecurityStatus, UserAgentCounters } from '../sip';
import type { AccountStatus, RegistrationStatus } from './account';
import type { CallStatus } from './call-state';
import type { EmergencyStatus } from './emergency-status';
import type { HistoryEntry } from './history';
import type { MailboxStatus } from './mailbox';
import type { Mutes } from './muting';
import type { Refusal } from './policy';
import type { RecordingStatus } from './recordings';

/** So many packets of another key, and none of the right one, are no accident. */
const FOREIGN_PACKETS = 25;

/** Nothing from the far end for this long is worth a word, ms. */
export const SILENCE_MS = 5000;

export interface SipStatus extends Partial<UserAgentCounters> {
  /** Address listened on; 0.0.0.0 or :: means every interface. */
  readonly address: string;
  readonly port: number;
  /** Why the port is not open, in words; empty when it is. */
  readonly detail: string;
  /** Over TLS, where it is spoken. */
  readonly tls?: SecurityStatus;
  /** Incoming calls refused since the start, by reason. */
  readonly refusedCalls: Readonly<Record<Refusal, number>>;
}

/** What is switched on and off in passing; the configuration says how they stand at the start. */
export interface Switches extends Mutes {
  readonly doNotDisturb: boolean;
  readonly autoAnswer: boolean;
}

/** Everything there is to know about the agent at one moment. */
export interface AgentStatus {
  readonly version: string;
  readonly pid: number;
  /** Seconds since the process began. */
  readonly uptimeS: number;
  /** From the start of the process until calls could be made; absent before. */
  readonly startToReadyMs?: number;
  readonly sip: SipStatus;
  readonly switches: Switches;
  /** In their order; empty where none is configured. */
  readonly accounts: readonly AccountStatus[];
  /** Of the default account. */
  readonly registration?: RegistrationStatus;
  /** The present call for help, or the last one. */
  readonly emergency?: EmergencyStatus;
  /** Of the first account whose server has told of it. */
  readonly mailbox?: MailboxStatus;
  /** Camera and sound devices; absent until the media plane is up. */
  readonly engine?: Omit<EngineSnapshot, 'recordings'>;
  /** What is being recorded, or kept for a recording that may be asked for. */
  readonly recordings: readonly RecordingStatus[];
  readonly calls: readonly CallStatus[];
  /** Numbers of the calls that hear each other; empty without a conference. */
  readonly conference: readonly number[];
  /** The last calls, newest first. */
  readonly recent: readonly HistoryEntry[];
  /** What of the configuration may be meant as it stands and is better known. */
  readonly warnings: readonly string[];
  /** What is wrong, in words; empty when all is well. */
  readonly problems: readonly string[];
}

/** What the agent was asked to have, so that its lack is a problem. */
export interface Expectations {
  readonly microphone: DeviceKind;
  readonly speaker: DeviceKind;
  readonly picture: boolean;
}

/** What is wrong, in words, worst first. */
export function findProblems(
  status: Omit<AgentStatus, 'problems'>,
  expectations: Expectations,
): string[] {
  const { sip, accounts, engine, calls, recordings } = status;
  return [
    ...(sip.detail ? [`sip: ${sip.detail}`] : []),
    ...(sip.tls?.problems ?? []).map((problem) => `tls: ${problem}`),
    ...accounts.flatMap((account) => registrationProblems(account, accounts.length > 1)),
    ...(engine ? engineProblems(engine, expectations) : []),
    ...calls.flatMap(callProblems),
    ...recordings.filter(({ error }) => error).map(({ error }) => `recording: ${error}`),
  ];
}

function registrationProblems({ registration, account }: AccountStatus, isOneOfMany: boolean) {
  if (!registration || registration.state === 'registered') return [];
  const whose = isOneOfMany ? ` of ${account}` : '';
  return [`registration${whose}: ${registration.state}${colon(registration.detail)}`];
}

function engineProblems(
  engine: Omit<EngineSnapshot, 'recordings'>,
  wanted: Expectations,
): string[] {
  const { camera, microphone, speaker } = engine;
  return [
    ...cameraProblems(camera, {
      sound: wanted.microphone === 'camera',
      picture: wanted.picture,
    }),
    ...(wanted.speaker === 'camera' && camera.state === 'streaming' && !camera.hasSpeaker
      ? ['camera: it takes no sound for its speaker (stream-in is not wired on the RTOS)']
      : []),
    ...(microphone.error ? [`microphone: ${microphone.error}`] : []),
    ...(speaker.error ? [`speaker: ${speaker.error}`] : []),
  ];
}

function callProblems(call: CallStatus): string[] {
  return [
    ...(call.problems ?? []).map((problem) => `call ${call.call}: ${problem}`),
    ...silenceProblems(call),
    ...keyProblems(call),
    ...pictureProblems(call),
  ];
}

/** What comes is encrypted with another key than was agreed on: nothing is heard. */
function keyProblems({ call, media }: CallStatus): string[] {
  const { srtp, received } = media?.audio ?? {};
  if (!srtp || !received || received.packets > 0 || srtp.forged < FOREIGN_PACKETS) return [];
  return [
    `call ${call}: ${srtp.forged} packets came that were encrypted with another key than the far end named (${srtp.suite}), and none with that`,
  ];
}

function pictureProblems({ call, media }: CallStatus): string[] {
  const { frames = 0, oversizeFrames = 0, limitedFrames = 0 } = media?.video ?? {};
  const { maxBitrate, linkBitrate } = media?.video ?? {};
  return [
    ...(oversizeFrames > 0
      ? [
          `call ${call}: the far end asked for single NAL units (packetization-mode 0), and ${oversizeFrames} of ${frames} pictures had slices larger than a packet: they went out in fragments, which it may not show; have the encoder make smaller slices, or the far end use mode 1`,
        ]
      : []),
    ...(limitedFrames > 0 && maxBitrate !== undefined
      ? [
          `call ${call}: ${limitedFrames} pictures left out: the far end takes ${Math.floor(maxBitrate / 1000)} kbit/s at most; have the encoder make less`,
        ]
      : []),
    ...(linkBitrate === undefined
      ? []
      : [
          `call ${call}: pictures are left out: the way to the far end takes ${Math.floor(linkBitrate / 1000)} kbit/s now`,
        ]),
  ];
}

function silenceProblems(call: CallStatus): string[] {
  if (!isSilent(call)) return [];
  const silentMs = call.media?.silentMs;
  const since =
    silentMs === undefined ? 'since it was answered' : `for ${Math.floor(silentMs / 1000)} s`;
  return [`call ${call.call}: nothing has come from the far end ${since}`];
}

/** Whether the far end of a call that should be heard has fallen silent. */
export function isSilent({ state, durationS, media }: CallStatus): boolean {
  if (state !== 'active' || !media) return false;
  return (media.silentMs ?? durationS * 1000) >= SILENCE_MS;
}

function colon(detail: string): string {
  return detail ? `: ${detail}` : '';
}
