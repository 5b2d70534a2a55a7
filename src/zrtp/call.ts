import type {
  AudioStreamSettings,
  Direction,
  EngineEvents,
  MediaSession,
  PeerAddress,
  SessionSettings,
  SrtpSettings,
  VideoStreamSettings,
} from '../media';
import type { Clock, Emitter, Logger, Random } from '../platform';
import { type Announced, type DescribedZrtp, readAnnounced } from './announced';
import type { Secured } from './exchange';
import { makeKeyPair } from './key-pair';
import type { ZrtpMemory } from './memory';
import { readMessage } from './message';
import { OwnHello } from './own-hello';
import { readPacket, writePacket } from './packet';
import { renderSas } from './sas';
import type { AgreedByZrtp, ZrtpStatus } from './status';
import { type Mode, ZrtpStream } from './stream';

export type ZrtpMedia = 'audio' | 'video';

/** What the two descriptions have come to, with what the far end's says of its Hello. */
export interface Negotiated {
  readonly audio?: AudioStreamSettings & Announced;
  readonly video?: VideoStreamSettings & Announced;
}

/** The call that it is for. */
export interface ZrtpHost {
  readonly events: Emitter<EngineEvents>;
  /** Another one when the call has moved. */
  readonly session: () => MediaSession;
  /** `apply` has something else to say now. */
  readonly changed: () => void;
  /** There must be no call without, and there is none with it: why, in words. */
  readonly failed: (reason: string) => void;
}

export interface ZrtpCallParts {
  readonly host: ZrtpHost;
  readonly memory: ZrtpMemory;
  /** Nothing is heard or sent before, and the call ends if it does not come about. */
  readonly isRequired: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** One stream of a call on its way. */
interface Lane {
  readonly own: OwnHello;
  readonly ssrc: number;
  sequence: number;
  /** Where the far end is: by its description, then where its packets come from. */
  peer: PeerAddress | undefined;
  /** As its description has it. */
  described: PeerAddress | undefined;
  /** Who sent what is being read. */
  from: PeerAddress | undefined;
  announced: string | undefined;
  /** What its description said when the handshake began. */
  begunWith?: string | undefined;
  stream?: ZrtpStream | undefined;
  keys?: SrtpSettings | undefined;
  /** The far end knows that we have them. */
  mayTalk: boolean;
  /** What was secret once does not become plain behind the users' backs. */
  wasSecret: boolean;
}

const SENDS_NOT: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'recvonly',
  sendonly: 'inactive',
  recvonly: 'recvonly',
  inactive: 'inactive',
};

const MISMATCH =
  'the far end does not remember the earlier calls that we do: somebody may sit in between, or it has lost its memory: compare the string';

/** ZRTP of one call: the sound agrees on keys, the picture takes its own from the same agreement (§4.4.3). */
export class ZrtpCall {
  readonly #parts: ZrtpCallParts;
  readonly #lanes: Readonly<Record<ZrtpMedia, Lane>>;
  readonly #stopListening: () => void;
  /** Of the media plane, which listens. */
  #listening: number | undefined;
  /** What the sound has come to. */
  #secured: Secured | undefined;
  #isVerified = false;
  #hasPicture = false;
  #detail = '';
  #pictureDetail = '';
  #state: ZrtpStatus['state'] = 'asking';

  constructor(parts: ZrtpCallParts) {
    this.#parts = parts;
    const { memory, random, host } = parts;
    const lane = (): Lane => ({
      own: new OwnHello(memory.zid, random),
      ssrc: Buffer.from(random.bytes(4)).readUInt32BE(0),
      // §5: from a random number on; some take no smaller one after it has turned over.
      sequence: Buffer.from(random.bytes(2)).readUInt16BE(0) >> 1,
      ...{
        peer: undefined,
        described: undefined,
        from: undefined,
        announced: undefined,
        mayTalk: false,
        wasSecret: false,
      },
    });
    this.#lanes = { audio: lane(), video: lane() };
    this.#stopListening = host.events.on('datagram', (session, component, bytes, from) => {
      if (session !== host.session().id) return;
      if (component === 'audioRtp') this.#onDatagram('audio', bytes, from);
      else if (component === 'videoRtp') this.#onDatagram('video', bytes, from);
    });
  }

  /** What stands in one of our lines, as sdp-transform has it (RFC 6189 §8). */
  describe(media: string): DescribedZrtp {
    const { hash } = this.#lanes[media === 'video' ? 'video' : 'audio'].own;
    return { invalid: [{ value: `zrtp-hash:${hash}` }] };
  }

  readonly read = readAnnounced;

  /** Undefined where keys come otherwise, or nobody has been asked yet. */
  get status(): ZrtpStatus | undefined {
    if (!this.#lanes.audio.stream) return undefined;
    const secured = this.#secured;
    const detail = this.#detail || this.#pictureDetail;
    if (this.#state !== 'secure' || !secured) return { state: this.#state, detail };
    return {
      ...{ state: 'secure', sas: this.#sasOf(secured), verified: this.#isVerified },
      ...{ known: secured.common.s1 !== undefined, detail },
    };
  }

  /** What is wrong, in words. */
  get problems(): readonly string[] {
    return this.#state === 'secure' && this.#detail !== '' ? [`ZRTP: ${this.#detail}`] : [];
  }

  /** What there is to say of what was agreed on. */
  get agreed(): AgreedByZrtp {
    const { status } = this;
    const { audio, video } = this.#lanes;
    const suite = this.#hasPicture && !video.keys ? undefined : audio.keys?.suite;
    return {
      ...(status ? { zrtp: status } : {}),
      ...(suite ? { encryption: { suite, keysBy: 'zrtp', keysHidden: true } } : {}),
    };
  }

  /**
   * Puts keys to what was negotiated, and begins where it is time. Streams that have keys of their own are left
   * alone. @param isUp both ends have agreed: before that nobody says Hello.
   */
  apply({ audio, video }: Negotiated, isUp: boolean): SessionSettings {
    this.#listen();
    this.#hasPicture = video !== undefined;
    if (audio && !audio.srtp) this.#follow('audio', audio, isUp);
    if (video && !video.srtp) this.#follow('video', video, isUp && this.#secured !== undefined);
    const sound = audio && this.#keyed(withoutHash(audio), this.#lanes.audio);
    const picture = video && this.#keyed(withoutHash(video), this.#lanes.video);
    return { ...(sound ? { audio: sound } : {}), ...(picture ? { video: picture } : {}) };
  }

  /** Both users have compared the string, or take that back. @returns false while there is none. */
  verify(isVerified: boolean): boolean {
    const secured = this.#secured;
    if (!secured) return false;
    this.#isVerified = isVerified;
    // §4.3.2: they have made sure that the far end has but lost its memory.
    if (isVerified && secured.common.isMismatch) this.#detail = '';
    if (isVerified || !secured.common.isMismatch) this.#keep(secured);
    this.#parts.log.info(
      isVerified ? 'the string was compared' : 'the string counts as not compared',
    );
    this.#parts.host.changed();
    return true;
  }

  close(): void {
    this.#stopListening();
    for (const { stream } of Object.values(this.#lanes)) stream?.close();
  }

  #listen(): void {
    const session = this.#parts.host.session();
    if (this.#listening === session.id) return;
    this.#listening = session.id;
    session.listen();
  }

  #follow(
    media: ZrtpMedia,
    { remote, zrtpHash }: Pick<AudioStreamSettings, 'remote'> & Announced,
    begins: boolean,
  ): void {
    const lane = this.#lanes[media];
    const { address, rtpPort: port } = remote;
    lane.announced = zrtpHash;
    if (lane.described?.address !== address || lane.described.port !== port) {
      lane.described = { address, port };
      lane.peer = lane.described;
    }
    const isAnother = zrtpHash !== undefined && zrtpHash !== (lane.begunWith ?? zrtpHash);
    if (media === 'audio' && isAnother) this.#forget();
    if (begins) this.#begin(media);
  }

  /** An exchange has put another telephone in the far end's place: nothing of the former one holds for it. */
  #forget(): void {
    this.#parts.log.info('the far end is another one: ZRTP begins anew');
    for (const lane of Object.values(this.#lanes)) {
      lane.stream?.close();
      lane.stream = undefined;
      lane.keys = undefined;
      lane.mayTalk = false;
    }
    this.#secured = undefined;
    this.#state = 'asking';
    this.#detail = '';
    this.#pictureDetail = '';
  }

  #begin(media: ZrtpMedia): void {
    const lane = this.#lanes[media];
    if (lane.stream) return;
    lane.begunWith = lane.announced;
    const { memory, clock, random, log } = this.#parts;
    const session = this.#secured?.keys.session;
    const mode: Mode =
      media === 'video' && session
        ? { kind: 'multistream', session }
        : { kind: 'agreement', known: (zid) => memory.known(zid) };
    lane.stream = new ZrtpStream({
      ...{ own: lane.own, zid: memory.zid, mode, clock, random, makeKeyPair },
      announced: () => lane.announced,
      send: (message) => this.#send(media, lane, message),
      listener: {
        // It may sit behind a NAT.
        onHello: () => {
          lane.peer = lane.from;
        },
        onKeys: (secured, mayTalk) => {
          log.info('secured by ZRTP', { media, suite: secured.suite, mayTalk });
          lane.keys = keysIn(secured);
          lane.mayTalk = mayTalk;
          lane.wasSecret = true;
          if (media === 'audio') this.#onSound(secured);
          else this.#pictureDetail = '';
          this.#parts.host.changed();
        },
        onFailure: (reason) => this.#onFailure(media, reason),
      },
    });
    lane.stream.start();
  }

  #onDatagram(media: ZrtpMedia, bytes: Uint8Array, from: PeerAddress): void {
    const lane = this.#lanes[media];
    const packet = readPacket(bytes);
    const message = packet && readMessage(packet.message);
    if (!packet || !message || !lane.stream) return;
    // Nobody has to prove who he is for that; he has to be where the far end is.
    if (message.kind === 'Error' && !isSameAddress(from, lane.peer)) return;
    lane.from = from;
    lane.stream.receive(message, packet.ssrc);
  }

  #send(media: ZrtpMedia, lane: Lane, message: Buffer): void {
    const { host, log } = this.#parts;
    if (!lane.peer) return;
    lane.sequence += 1;
    const session = host.session();
    const ssrc = session.snapshot()[media]?.sent.ssrc ?? lane.ssrc;
    try {
      const packet = writePacket({ sequence: lane.sequence, ssrc, message });
      session.sendDatagram(media === 'audio' ? 'audioRtp' : 'videoRtp', lane.peer, packet);
    } catch (error) {
      // It is sent once more, as after any loss.
      log.debug('a message of ZRTP is not sent', { reason: String(error) });
    }
  }

  #onSound(secured: Secured): void {
    const isNew = this.#secured !== secured;
    this.#secured = secured;
    this.#state = 'secure';
    if (!isNew) return;
    const { common, confirmed, zid } = secured;
    this.#detail = common.isMismatch ? MISMATCH : '';
    // §7.1: it counts while both ends say so, and the far end has proved to be the same.
    const wasVerified = common.s1 !== undefined && this.#parts.memory.known(zid).isVerified;
    this.#isVerified = wasVerified && confirmed.isVerified;
    if (common.isMismatch) this.#parts.log.warn(MISMATCH);
    // What was kept before is kept until somebody says that all is well.
    else this.#keep(secured);
  }

  #keep({ zid, keys, common, confirmed }: Secured): void {
    this.#parts.memory.keep(zid, {
      ...{ secret: keys.retained, isVerified: this.#isVerified, expiresInS: confirmed.expiresInS },
      ...(common.s1 ? { former: common.s1 } : {}),
    });
  }

  #onFailure(media: ZrtpMedia, reason: string): void {
    const { isRequired, host, log } = this.#parts;
    log.warn('not secured by ZRTP', { media, reason });
    if (media === 'video') {
      this.#pictureDetail = `the picture: ${reason}`;
      host.changed();
      return;
    }
    this.#detail = reason;
    this.#state = 'failed';
    if (isRequired) host.failed(`zrtp is "required", and ${reason}`);
    else if (this.#lanes.audio.wasSecret) host.failed(`the call was secret, and ${reason}`);
    else host.changed();
  }

  /** What the media plane is to do with a stream; undefined: nothing at all. */
  #keyed<Settings extends AudioStreamSettings | VideoStreamSettings>(
    settings: Settings,
    { keys, mayTalk, wasSecret }: Lane,
  ): Settings | undefined {
    if (settings.srtp) return settings;
    if (!keys) return this.#parts.isRequired || wasSecret ? undefined : settings;
    const { direction } = settings;
    return { ...settings, srtp: keys, direction: mayTalk ? direction : SENDS_NOT[direction] };
  }

  #sasOf({ keys, algorithms }: Secured): string {
    return renderSas(keys.sas, algorithms.rendering);
  }
}

function isSameAddress(one: PeerAddress, other: PeerAddress | undefined): boolean {
  return one.address === other?.address && one.port === other.port;
}

function keysIn({ suite, send, receive }: Secured): SrtpSettings {
  return { suite, send: { master: [...send] }, receive: { master: [...receive] } };
}

/** The media plane knows no such thing. */
function withoutHash<Settings extends Announced>(settings: Settings): Omit<Settings, 'zrtpHash'> {
  const { zrtpHash: _, ...rest } = settings;
  return rest;
}
