import { type MediaDescription, write } from 'sdp-transform';
import { ipVersion } from './address';
import { parseDescription } from './description';
import { wantedDirection } from './direction';
import { describeAudio, describeRefused, describeVideo, type LinePlan } from './line-plan';
import { linesOfAnswer, planAnswer, planFromAnswer, planOffer, refusalOf } from './plan';
import { settle } from './settle';
import {
  type AudioStream,
  type Direction,
  type LocalMedia,
  type NegotiatedMedia,
  type Refusal,
  SdpException,
} from './types';

export interface NegotiationOptions {
  /** Identifies the session in o=, RFC 8866 §5.2. */
  readonly sessionId: number;
  /** Asked anew for every description, so that a camera that comes later is offered. */
  readonly local: () => LocalMedia;
}

/** What an offer leads to: an answer and the streams, or what refuses it. */
export type OfferOutcome = { readonly answer: string; readonly media: NegotiatedMedia } | Refusal;

interface Offered {
  readonly plans: readonly LinePlan[];
  readonly local: LocalMedia;
  readonly onHold: boolean;
}

/**
 * The offer/answer state of one session (RFC 3264): which line is what, which payload type means
 * what, and the version of our description. A failed exchange leaves the former one in force.
 */
export class Negotiation {
  readonly #options: NegotiationOptions;
  #plans: readonly LinePlan[] = [];
  #offered: Offered | undefined;
  /** The sound last agreed on. */
  #audio: AudioStream | undefined;
  /** The peer called and offered no picture: it wants none. */
  #videoUnwanted = false;
  #version = 0;
  #lastBody = '';

  constructor(options: NegotiationOptions) {
    this.#options = options;
  }

  /** Our offer; `onHold` asks the peer to stop sending (RFC 3264 §8.4). */
  createOffer(onHold: boolean): string {
    const local = this.#options.local();
    const plans = planOffer(this.#plans, local, !this.#videoUnwanted);
    this.#offered = { plans, local, onHold };
    return this.#describe(plans, local, (kind) => wantedDirection(kind, onHold));
  }

  /** The answer to the peer's offer while we hold the call or not. */
  handleOffer(offer: string, onHold: boolean): OfferOutcome {
    const local = this.#options.local();
    try {
      const theirs = parseDescription(offer);
      const plans = planAnswer(theirs, local, this.#plans);
      const media = settle({ plans, lines: theirs.media, local, onHold, former: this.#audio });
      const answer = this.#describe(plans, local, (kind) =>
        kind === 'audio' ? media.audio.direction : (media.video?.direction ?? 'inactive'),
      );
      if (this.#plans.length === 0) {
        this.#videoUnwanted = !theirs.media.some(({ type }) => type === 'video');
      }
      this.#plans = plans;
      this.#audio = media.audio;
      this.#offered = undefined;
      return { answer, media };
    } catch (error) {
      if (!(error instanceof SdpException)) throw error;
      return error.refusal;
    }
  }

  /**
   * Applies the peer's answer to our last offer; an early one (RFC 3960) leaves the offer open for
   * the next, of this fork or another. @throws SdpException when it cannot be used.
   */
  handleAnswer(answer: string, { isEarly = false } = {}): NegotiatedMedia {
    const offered = this.#offered;
    if (!offered) throw new SdpException('not-an-answer', 'answer: no offer is waiting for one');
    const { local, onHold } = offered;
    const lines = linesOfAnswer(parseDescription(answer), offered.plans);
    const plans = planFromAnswer(lines, offered.plans, local, onHold);
    const media = settle({ plans, lines, local, onHold, former: this.#audio });
    if (isEarly) return media;
    this.#offered = undefined;
    this.#plans = plans;
    this.#audio = media.audio;
    return media;
  }

  /** Whether the peer has had its say about a picture: then we do not ask of our own accord. */
  get videoSettled(): boolean {
    return (
      this.#videoUnwanted ||
      this.#plans.some(
        (plan) =>
          plan.kind === 'video' ||
          (plan.kind === 'refused' && plan.type === 'video' && !plan.mayReopen),
      )
    );
  }

  /** RFC 3264 §8: the version in o= rises by one when, and only when, the description changed. */
  #describe(
    plans: readonly LinePlan[],
    local: LocalMedia,
    directionOf: (kind: 'audio' | 'video') => Direction,
  ): string {
    const lines = plans.map((plan) => describe(plan, local, directionOf));
    const media = { media: lines, ...(local.bundle ?? local.ice)?.describe(lines) };
    const body = JSON.stringify([local.address, media]);
    if (body !== this.#lastBody) this.#version += 1;
    this.#lastBody = body;
    const ipVer = ipVersion(local.address) ?? 4;
    return write({
      version: 0,
      origin: {
        username: '-',
        sessionId: this.#options.sessionId,
        sessionVersion: this.#version,
        netType: 'IN',
        ipVer,
        address: local.address,
      },
      name: 'dashvoip',
      connection: { version: ipVer, ip: local.address },
      timing: { start: 0, stop: 0 },
      ...media,
    });
  }
}

function describe(
  plan: LinePlan,
  local: LocalMedia,
  directionOf: (kind: 'audio' | 'video') => Direction,
): MediaDescription {
  switch (plan.kind) {
    case 'audio':
      return describeAudio(plan, local, directionOf('audio'));
    case 'video':
      return local.video
        ? describeVideo(plan, local.video, directionOf('video'))
        : describeRefused(refusalOf(plan));
    case 'refused':
      return describeRefused(plan);
  }
}
