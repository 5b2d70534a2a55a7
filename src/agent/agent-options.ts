import type { AudioCodec } from '../codecs';
import type { CameraState, DeviceKind, FloorHolder, MediaEngine } from '../media';
import type { Clock, Logger, Random } from '../platform';
import type { AudioWishes } from '../sdp';
import type { DtmfKey, Lookup } from '../sip';
import type { Zrtp } from '../zrtp';
import type { AgentAccount, RegistrationStatus } from './account';
import type { AnnouncementNotice } from './announcements';
import type { CallStatus, KeysBy } from './call-state';
import type { TonePolicy } from './call-tones';
import type { TransferStatus } from './call-transfer';
import type { DialPlanSettings } from './dial-plan';
import type { EmergencySettings, EmergencyStatus } from './emergency-status';
import type { EncryptionSettings } from './encryption';
import type { HistoryKeeper } from './history';
import type { IceSettings } from './ice';
import type { MailboxStatus } from './mailbox';
import type { MuteKeeper } from './muting';
import type { PhoneBookKeeper } from './phone-book';
import type { Policy } from './policy';
import type { RecordingNotice, RecordingPolicy } from './recordings';
import type { OpenedUserAgent } from './sip-port';
import type { Switches } from './status';
import type { StillKeeper } from './still-folder';
import type { TextMessage, TextMessageKeeper } from './text-messages';
import type { WatchedStatus } from './watched-status';

export interface AgentEvents {
  /** The SIP port is open and the media plane is up: calls can be made. */
  ready: [startToReadyMs: number];
  /** A call came, changed its state or ended. */
  call: [call: CallStatus];
  /** The far end of a call pressed a key. */
  key: [call: CallStatus, key: DtmfKey, by: KeysBy];
  registration: [status: RegistrationStatus];
  switches: [switches: Switches];
  camera: [state: CameraState];
  device: [which: 'microphone' | 'speaker', open: boolean, error: string];
  /** How handing the far end of a call over gets on. */
  transfer: [status: TransferStatus];
  /** How a call for help gets on. */
  emergency: [status: EmergencyStatus];
  /** What waits in the mailbox has changed. */
  mailbox: [status: MailboxStatus];
  /** What is known of somebody who is watched has changed. */
  watched: [status: WatchedStatus];
  /** A text came, or one of ours was delivered or refused. */
  message: [message: TextMessage];
  /** With push-to-talk: the floor has another holder. */
  floor: [holder: FloorHolder];
  /** Every five seconds for a call that is up. */
  quality: [call: CallStatus];
  /** Nothing comes from the far end, or it is heard again. */
  silence: [call: CallStatus, silent: boolean];
  /** A recording began, ended, failed or goes on. */
  recording: [notice: RecordingNotice];
  /** An announcement is heard, has ended or failed. */
  announcement: [notice: AnnouncementNotice];
  /** Who is in conference has changed. */
  conference: [calls: readonly number[]];
  /** The network has come or has another address. */
  network: [];
  stopping: [];
}

export interface AgentOptions {
  readonly version: string;
  readonly pid: number;
  /** The first is the default. */
  readonly accounts?: readonly AgentAccount[];
  /** Address that the SIP port is opened on; 0.0.0.0 or :: for all of this machine. */
  readonly listensOn: string;
  /** What of the configuration is better known, in words. */
  readonly warnings: readonly string[];
  readonly policy: Policy;
  /** Without it numbers are dialled as they are. */
  readonly dialPlan?: DialPlanSettings;
  /** Without it nobody is called for help. */
  readonly emergency?: EmergencySettings;
  readonly record: RecordingPolicy;
  readonly tones: TonePolicy;
  readonly media: MediaOptions;
}

/** Sound and picture. */
export interface MediaOptions {
  readonly microphone: DeviceKind;
  readonly speaker: DeviceKind;
  readonly picture: boolean;
  /** The near end has the floor only while it is asked for. */
  readonly pushToTalk?: boolean;
  /** In order of preference. */
  readonly codecs: readonly AudioCodec[];
  /** As a good telephone has them, if absent. */
  readonly audioWishes?: AudioWishes;
  readonly encryption: EncryptionSettings;
  /** Without it no ICE. */
  readonly ice?: IceSettings;
  /** Seconds without RTP and RTCP after which the far end is asked whether it is still there. */
  readonly rtpTimeout: number;
}

export interface AgentDependencies {
  /** Its origin is the start of the process, so that start-to-ready can be told. */
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Loads the media plane; throws when this build or installation has none. */
  readonly openEngine: () => MediaEngine;
  /** Opens the SIP port; rejects when trying again later is no use. */
  readonly openUserAgent: () => Promise<OpenedUserAgent>;
  /** Addresses of a host name. */
  readonly lookup: Lookup;
  /** An address of this machine, for a From without an account. */
  readonly localHost: () => string;
  /** Without one ended calls are remembered until the process ends. */
  readonly historyKeeper?: HistoryKeeper;
  /** The same for texts. */
  readonly messageKeeper?: TextMessageKeeper;
  /** Without one no still is kept in a file. */
  readonly stillKeeper?: StillKeeper;
  /** Without one what is muted is so until the process ends. */
  readonly muteKeeper?: MuteKeeper;
  /** Where keys of calls may come by ZRTP. */
  readonly zrtp?: Zrtp | undefined;
  /** Without one the phone book is forgotten when the process ends. */
  readonly phoneBookKeeper?: PhoneBookKeeper;
}

/** What may change while the agent runs; what is absent stays. */
export interface Reconfigurable {
  readonly accounts?: readonly AgentAccount[];
  readonly policy?: Policy;
  readonly dialPlan?: DialPlanSettings;
  /** Of its value undefined: nobody is called for help any more. */
  readonly emergency?: { readonly value: EmergencySettings | undefined };
  readonly rtpTimeout?: number;
  readonly warnings?: readonly string[];
  readonly record?: RecordingPolicy;
  readonly tones?: TonePolicy;
}
