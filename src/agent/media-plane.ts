import { Camera } from '../camera';
import type { EngineSnapshot, MediaEngine } from '../media';
import type { Clock, Emitter, Logger, Random } from '../platform';
import { type LocalMedia, PictureForms } from '../sdp';
import { keepsSecrets, type TransportProtocol } from '../sip';
import type { Zrtp } from '../zrtp';
import type { AgentEvents, MediaOptions } from './agent-options';
import { Announcements } from './announcements';
import type { MediaSlot } from './call';
import { CallMedia } from './call-media';
import { CallTones, type TonePolicy } from './call-tones';
import { type EncryptionSettings, encryptionProblem, srtpTerms } from './encryption';
import { AgentException } from './exception';
import type { HostNames } from './host-names';
import type { IceKit } from './ice';
import { type RecordingPolicy, Recordings } from './recordings';
import { missingCodecs, type SoundPlan, usablePlan } from './sound-plan';
import { Stills } from './stills';

const REQUIRED = { srtp: 'required' } as const;

export interface MediaPlaneParts {
  readonly engine: MediaEngine;
  readonly options: MediaOptions;
  readonly ice?: IceKit | undefined;
  readonly record: RecordingPolicy;
  readonly tones: TonePolicy;
  readonly names: HostNames;
  readonly events: Emitter<AgentEvents>;
  readonly clock: Clock;
  readonly random: Random;
  /** Where it is configured. */
  readonly zrtp: Zrtp | undefined;
  /** The agent's, and that of the rooms below. */
  readonly log: Logger;
  readonly logs: Logger;
  /** The camera has a picture, or has none any more. */
  readonly onPicture: (available: boolean) => void;
}

/** The media plane as the agent has it: media of calls, the camera, stills, recordings, announcements and tones. */
export class MediaPlane {
  readonly stills: Stills;
  readonly recordings: Recordings;
  readonly announcements: Announcements;
  readonly tones: CallTones;
  readonly #parts: MediaPlaneParts;
  readonly #camera: Camera;
  readonly #forms = new PictureForms();

  constructor(parts: MediaPlaneParts) {
    const { engine, options, record: policy, events, clock, log, logs, onPicture } = parts;
    this.#parts = parts;
    const missing = missingCodecs(options.codecs, engine.features);
    if (missing.length > 0) {
      log.warn('not offered: their modules are not installed', { codecs: missing.join(' ') });
    }
    engine.events.on('device', (which, open, error) => {
      log.info(open ? 'device open' : 'device closed', { which, error: error || undefined });
      events.emit('device', which, open, error);
    });
    engine.events.on('floor', (holder) => events.emit('floor', holder));
    // RFC 3550 §6.6: a source left, as at a transfer; only SIP ends a call.
    engine.events.on('remoteBye', (session, media) => {
      log.info('the far end says BYE by RTCP; the call goes on', { session, media });
    });
    const { picture } = options;
    this.recordings = new Recordings({
      ...{ engine, policy, picture, clock, log: logs },
      onNotice: (notice) => events.emit('recording', notice),
    });
    this.stills = new Stills(engine, picture, clock);
    this.announcements = new Announcements(engine, (notice) => events.emit('announcement', notice));
    this.tones = new CallTones(parts.tones, engine, clock, logs);
    this.#camera = new Camera(engine, picture, clock, logs, ({ codec }) => this.#forms.load(codec));
    this.#camera.events.on('state', (state) => events.emit('camera', state));
    this.#camera.events.on('picture', onPicture);
  }

  /** What can be offered of sound. */
  get sound(): SoundPlan {
    const { engine, options } = this.#parts;
    const { codecs, audioWishes: wishes } = options;
    return usablePlan({ codecs, ...(wishes ? { wishes } : {}) }, engine.features);
  }

  /** Whether this build, on this node, encrypts. */
  get canEncrypt(): boolean {
    return this.#parts.engine.features.srtp;
  }

  /** Where an answer has to be prepared: whoever offers ICE, or nothing, is told where we can be reached. */
  preparesFor(offer: string): boolean {
    return this.#parts.ice !== undefined && (offer === '' || offer.includes('a=ice-ufrag:'));
  }

  snapshot(): EngineSnapshot {
    return this.#parts.engine.snapshot();
  }

  /** Opens a call's media; what fails is kept in the slot for the words of its end. */
  openCall(
    slot: MediaSlot,
    localAddress: string,
    protocol: TransportProtocol,
    account: Partial<EncryptionSettings>,
  ): CallMedia {
    const { engine, options, random, names, clock, logs } = this.#parts;
    const { secure } = slot;
    const { terms, problem } = secure ? { terms: {} } : this.encryption(protocol, account);
    try {
      if (problem !== undefined) throw new AgentException('no-resource', problem);
      slot.opened = new CallMedia({
        engine,
        camera: this.#camera,
        forms: this.#forms,
        sound: this.sound,
        withVideo: options.picture,
        ...terms,
        ...(secure ? { secure } : { ice: this.#parts.ice }),
        keysHidden: keepsSecrets(protocol),
        sessionId: Buffer.from(random.bytes(4)).readUInt32BE(0),
        localAddress,
        names,
        holdSound: () => this.tones.holdSound,
        listener: {
          onKey: (key) => slot.listener?.onKey(key),
          onSecurity: () => slot.listener?.onSecurity(),
          onNowhere: (reason) => slot.listener?.onNowhere(reason),
          onOfferWanted: () => slot.listener?.onOfferWanted(),
        },
        clock,
        log: logs.area('media'),
      });
      return slot.opened;
    } catch (error) {
      slot.failure = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  /**
   * On which terms a call is encrypted whose SIP goes by `protocol`, and why there can be none.
   * @param account what it says otherwise than the configuration of all calls.
   */
  encryption(
    protocol: TransportProtocol,
    account: Partial<EncryptionSettings>,
  ): {
    readonly terms: Pick<LocalMedia, 'srtp'> & { readonly zrtp?: Zrtp };
    readonly problem?: string;
  } {
    const { engine, options, random, zrtp } = this.#parts;
    const canEncrypt = engine.features.srtp;
    if (canEncrypt && zrtp?.isRequired) return { terms: { zrtp } };
    const settings = { ...options.encryption, ...account, ...(zrtp?.isRequired && REQUIRED) };
    const srtp = srtpTerms(settings, protocol, canEncrypt, random);
    const problem = encryptionProblem(srtp, protocol, canEncrypt);
    return {
      terms: { ...(srtp && { srtp }), ...(zrtp && canEncrypt && { zrtp }) },
      ...(problem === undefined ? {} : { problem }),
    };
  }

  /** The key of push-to-talk: takes the floor, or waits for it, until it is let go. @throws AgentException */
  pressToTalk(pressed: boolean): void {
    const { engine, options } = this.#parts;
    if (!options.pushToTalk) {
      throw new AgentException('wrong-state', 'voice.duplex is not "push-to-talk"');
    }
    engine.pressToTalk(pressed);
  }

  /** Leaves the camera in order. */
  async close(): Promise<void> {
    this.tones.stop();
    this.#camera.close();
    this.stills.close();
    await this.#parts.engine.close();
  }
}
