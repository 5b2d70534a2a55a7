import * as v from 'valibot';

const Direction = v.picklist(['sendrecv', 'sendonly', 'recvonly', 'inactive']);
const Sent = v.looseObject({ packets: v.number(), bytes: v.number() });
const Received = v.looseObject({ packets: v.number(), lost: v.number(), jitterMs: v.number() });

const Media = v.looseObject({
  audio: v.optional(
    v.looseObject({
      direction: Direction,
      sent: Sent,
      srtp: v.optional(
        v.looseObject({ suite: v.string(), forged: v.number(), replayed: v.number() }),
      ),
      received: Received,
      bufferMs: v.number(),
      bufferTargetMs: v.number(),
      concealedFrames: v.number(),
      pacingP99Us: v.number(),
      microphoneUnderruns: v.number(),
      delayMs: v.number(),
      mos: v.optional(v.number()),
      roundTripMs: v.optional(v.number()),
    }),
  ),
  video: v.optional(
    v.looseObject({
      direction: Direction,
      sent: Sent,
      frames: v.number(),
      keyFrames: v.number(),
      srtp: v.optional(v.looseObject({ suite: v.string() })),
      firstPictureMs: v.optional(v.number()),
    }),
  ),
  silentMs: v.optional(v.number()),
});

const CallStatus = v.looseObject({
  call: v.number(),
  direction: v.picklist(['incoming', 'outgoing']),
  state: v.picklist(['dialing', 'ringing', 'incoming', 'active', 'held', 'ended']),
  heldBy: v.optional(v.picklist(['us', 'peer', 'both'])),
  remote: v.string(),
  agreed: v.optional(
    v.looseObject({
      encryption: v.optional(v.looseObject({ suite: v.string(), keysBy: v.string() })),
      zrtp: v.optional(
        v.looseObject({
          state: v.picklist(['asking', 'secure', 'failed']),
          sas: v.optional(v.string()),
          verified: v.optional(v.boolean()),
          known: v.optional(v.boolean()),
          detail: v.string(),
        }),
      ),
    }),
  ),
  media: v.optional(Media),
});

const Device = v.looseObject({
  open: v.boolean(),
  underruns: v.number(),
  overruns: v.number(),
  queuedMs: v.number(),
  delayMs: v.number(),
});

const Broker = v.looseObject({
  connected: v.boolean(),
  detail: v.string(),
  waiting: v.number(),
  dropped: v.number(),
  commands: v.number(),
});

const AgentStatus = v.looseObject({
  pid: v.number(),
  sip: v.optional(v.looseObject({ retransmissions: v.number() })),
  mqtt: v.optional(Broker),
  accounts: v.optional(
    v.array(v.looseObject({ registration: v.optional(v.looseObject({ state: v.string() })) })),
  ),
  registration: v.optional(
    v.looseObject({
      state: v.string(),
      detail: v.string(),
      gruu: v.optional(v.string()),
      path: v.optional(v.array(v.string())),
      serviceRoute: v.optional(v.array(v.string())),
      flows: v.optional(v.array(v.looseObject({ proxy: v.string(), state: v.string() }))),
    }),
  ),
  engine: v.optional(
    v.looseObject({
      camera: v.looseObject({
        state: v.picklist(['none', 'absent', 'idle', 'streaming']),
        hasAudio: v.boolean(),
        hasVideo: v.boolean(),
        hasSpeaker: v.boolean(),
        generation: v.number(),
      }),
      microphone: Device,
      speaker: Device,
    }),
  ),
  recordings: v.array(v.looseObject({ state: v.string(), file: v.string() })),
  calls: v.array(CallStatus),
  recent: v.array(
    v.looseObject({
      remote: v.string(),
      ended: v.optional(v.string()),
      recordings: v.optional(v.array(v.string())),
    }),
  ),
  problems: v.array(v.string()),
});

export type AgentStatus = v.InferOutput<typeof AgentStatus>;
export type AgentCall = v.InferOutput<typeof CallStatus>;

/** Reads what the tests need out of a VOIP_STATUS reply. @throws ValiError when it is not as documented. */
export function parseStatus(value: unknown): AgentStatus {
  return v.parse(AgentStatus, value);
}
