import * as v from 'valibot';
import type { AgentStatus, MailboxStatus, RegistrationStatus } from '../agent';
import { madeOfType } from '../schema';
import type { SurfaceStatuses } from './surface-status';

/** What came to the command port. */
export interface CommandCounters {
  readonly received: number;
  readonly answered: number;
  /** Was no command of a session: noise, a wrong token, an unknown id. */
  readonly complaints: number;
  /** Complaints not sent because there were too many in their second. */
  readonly suppressed: number;
  /** Empty, or itself a reply or a notification: never answered, so that no two servers talk. */
  readonly ignored: number;
  /** Thrown away unread: their socket sent too many in its second. */
  readonly limited: number;
  /** The same request again, answered without being carried out again. */
  readonly repeated: number;
}

/** Nothing came yet. */
export const NO_COMMANDS: CommandCounters = {
  received: 0,
  answered: 0,
  complaints: 0,
  suppressed: 0,
  ignored: 0,
  limited: 0,
  repeated: 0,
};

/** What the command `status` replies: the agent's status, what came to the command port, and the further ways in. */
export type StatusReply = AgentStatus &
  SurfaceStatuses & {
    readonly commands: CommandCounters;
  };

/** Believed by what it must have to be shown; its interface says the rest. */
export const statusReplySchema = madeOfType(v.custom<StatusReply>(isStatusReply), 'StatusReply');

function isStatusReply(value: unknown): boolean {
  const has = (name: string, isRight: (member: unknown) => boolean): boolean =>
    typeof value === 'object' && value !== null && isRight(Reflect.get(value, name));
  const isObject = (member: unknown): boolean => typeof member === 'object' && member !== null;
  return (
    has('version', (version) => typeof version === 'string') &&
    ['sip', 'commands'].every((name) => has(name, isObject)) &&
    ['accounts', 'calls', 'recent', 'warnings', 'problems'].every((name) =>
      has(name, Array.isArray),
    )
  );
}

const REGISTRATION_EXAMPLE: RegistrationStatus = {
  account: 'car@example.org',
  uri: 'sip:car@example.org',
  registrar: 'sip:example.org',
  state: 'registered',
  detail: '',
  expiresInS: 241,
};
const MAILBOX_EXAMPLE: MailboxStatus = {
  ...{ account: 'car@example.org', waiting: true, newMessages: 2, oldMessages: 8 },
};

/** A camera that is registered and talks, for the reference; its type keeps it true. */
export const STATUS_EXAMPLE: StatusReply = {
  version: '0.1.0',
  pid: 417,
  uptimeS: 3601,
  startToReadyMs: 110,
  sip: {
    address: '0.0.0.0',
    port: 5060,
    detail: '',
    received: 212,
    sent: 209,
    malformed: 0,
    tolerated: 0,
    retransmissions: 1,
    activeTransactions: 0,
    activeDialogs: 1,
    tls: {
      port: 5061,
      leastVersion: 'TLSv1.2',
      fingerprint:
        '9F:86:D0:81:88:4C:7D:65:9A:2F:EA:A0:C5:5A:D0:15:A3:BF:4F:1B:2B:0B:82:2C:D1:5D:6C:15:B0:F0:0A:08',
      connections: [
        {
          remote: '192.0.2.5:5061',
          serverName: 'example.org',
          version: 'TLSv1.3',
          cipher: 'TLS_AES_256_GCM_SHA384',
          verifiedBy: 'authority',
          issuer: 'C=XX, O=Example, CN=Example Root',
          expires: '2027-03-01T00:00:00.000Z',
        },
      ],
      problems: [],
    },
    refusedCalls: {
      unknownUser: 3,
      denied: 0,
      stranger: 0,
      forwarded: 0,
      notDisturbed: 0,
      busy: 1,
      noCommonMedia: 0,
    },
    stateBytes: 9480,
    limited: 0,
    oversized: 0,
    forgotten: 0,
    withheld: 0,
    undelivered: 0,
  },
  switches: { doNotDisturb: false, autoAnswer: true },
  accounts: [
    {
      account: 'car@example.org',
      uri: 'sip:car@example.org',
      isDefault: true,
      registration: REGISTRATION_EXAMPLE,
      mailbox: MAILBOX_EXAMPLE,
      doNotDisturb: false,
      autoAnswer: true,
    },
  ],
  registration: REGISTRATION_EXAMPLE,
  mailbox: MAILBOX_EXAMPLE,
  engine: {
    camera: {
      state: 'streaming',
      hasAudio: true,
      hasVideo: true,
      hasAac: false,
      hasSpeaker: true,
      generation: 1,
      framesRead: 1076,
      sequenceGaps: 0,
      tornFrames: 0,
      droppedFrames: 0,
      rpcErrors: 0,
      error: '',
      slowestRpcUs: 5226,
    },
    microphone: {
      kind: 'camera',
      open: true,
      error: '',
      underruns: 0,
      overruns: 0,
      reopens: 1,
      queuedMs: 40,
      delayMs: 61,
    },
    speaker: {
      kind: 'camera',
      open: true,
      error: '',
      underruns: 0,
      overruns: 0,
      reopens: 1,
      queuedMs: 32,
      delayMs: 32,
    },
    realtime: true,
    droppedEvents: 0,
  },
  commands: {
    received: 57,
    answered: 57,
    complaints: 0,
    suppressed: 0,
    ignored: 0,
    limited: 0,
    repeated: 0,
  },
  web: {
    address: '127.0.0.1',
    port: 8080,
    detail: '',
    encrypted: false,
    needsPassword: true,
    sessions: 1,
    streams: 1,
    droppedStreams: 0,
    requests: 214,
    logins: 1,
    refusedLogins: 0,
    foreign: 0,
    malformed: 0,
  },
  mqtt: {
    broker: 'mqtts://broker.example.org',
    connected: true,
    since: '2026-11-23T05:36:21.404Z',
    detail: '',
    waiting: 0,
    dropped: 0,
    commands: 3,
    refused: 0,
  },
  calls: [
    {
      call: 2,
      direction: 'outgoing',
      state: 'active',
      account: 'car@example.org',
      remote: 'sip:home@example.org',
      durationS: 14,
      agreed: {
        keys: 'rtp',
        encryption: { suite: 'AEAD_AES_128_GCM', keysBy: 'sdes', keysHidden: true },
        picture: {
          payloadType: 97,
          profileLevelId: '42e01f',
          cameraProfileLevelId: '640028',
          packetizationMode: 1,
          modeAssumed: false,
          maxBitrate: 1966080,
        },
      },
      media: {
        audio: {
          codec: 'PCMA',
          direction: 'sendrecv',
          sent: {
            packets: 702,
            bytes: 112320,
            sendErrors: 0,
            unreachable: 0,
            ssrc: 1992037303,
          },
          source: {
            address: '192.0.2.7:4000',
            signalled: true,
            heard: true,
            moves: 0,
            refused: 0,
          },
          srtp: { suite: 'AEAD_AES_128_GCM', forged: 0, replayed: 0 },
          received: {
            packets: 698,
            bytes: 111680,
            lost: 1,
            late: 0,
            duplicates: 0,
            rejected: 0,
            jitterMs: 1.4,
          },
          bufferMs: 40,
          bufferTargetMs: 35,
          concealedFrames: 1,
          comfortNoiseFrames: 0,
          droppedKeys: 0,
          playedFrames: 698,
          discardedFrames: 0,
          pacingMeanUs: 62,
          pacingP99Us: 120,
          pacingMaxUs: 171,
          skippedSlots: 0,
          microphoneUnderruns: 0,
          sentLevelDbov: -24.6,
          heardLevelDbov: -21.3,
          roundTripMs: 18.2,
          remoteLossFraction: 0,
          delayMs: 162,
          mos: 4.36,
          recentMos: 4.41,
          remoteMos: 4.38,
        },
        video: {
          codec: 'H264',
          direction: 'sendonly',
          sent: {
            packets: 2940,
            bytes: 3491250,
            sendErrors: 0,
            unreachable: 0,
            ssrc: 3720192811,
          },
          source: {
            address: '192.0.2.7:4002',
            signalled: true,
            heard: true,
            moves: 0,
            refused: 0,
          },
          srtp: { suite: 'AEAD_AES_128_GCM', forged: 0, replayed: 0 },
          frames: 420,
          keyFrames: 14,
          droppedFrames: 0,
          oversizeFrames: 0,
          limitedFrames: 0,
          bitrate: 1934120,
          retransmitted: 6,
          keyFrameRequests: 0,
          rejected: 0,
          firstPictureMs: 9.2,
          roundTripMs: 18.9,
          remoteLossFraction: 0,
        },
        silentMs: 12,
      },
    },
  ],
  recordings: [],
  conference: [],
  recent: [
    {
      call: 1,
      direction: 'incoming',
      account: 'car@example.org',
      remote: 'sip:home@example.org',
      startedAt: '2026-11-23T05:36:28.055Z',
      durationS: 0,
      ended: 'given up by the far end',
    },
  ],
  warnings: [],
  problems: [],
};
