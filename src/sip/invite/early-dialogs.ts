import type { DigestClient } from '../auth';
import { Dialog, type DialogUsage } from '../dialog';
import type { NameAddr, SipRequest, SipResponse, SipUri } from '../message';
import type { ServerTransaction } from '../transaction';
import type { Flow } from '../transport';
import type { SessionEnvironment } from './environment';
import { reliableNumber } from './reliable-fields';

/** Early dialogs and answering forks that one INVITE may have. */
export const MAX_FORKS = 16;

export interface EarlyDialog {
  readonly dialog: Dialog;
  /** Session description of its latest provisional response. */
  description: string;
  /** An UPDATE has brought a later offer, which we have answered: the 2xx has nothing to add. */
  isRenegotiated: boolean;
  /** RSeq of its latest reliable provisional response. */
  responseNumber: number | undefined;
  servesUpdate: boolean;
}

/** What one INVITE of ours was sent with. */
export interface SentInvite {
  readonly target: SipUri;
  /** CSeq of it. */
  readonly sequence: number;
}

/** The dialogs that the provisional responses to an INVITE of ours make, RFC 3261 §12.1 and §13.2.2.1. */
export class EarlyDialogs {
  readonly #environment: SessionEnvironment;
  readonly #digest: DigestClient;
  readonly #from: NameAddr;
  readonly #usage: DialogUsage;
  readonly #onAnswer: (description: string) => void;
  readonly #byTag = new Map<string, EarlyDialog>();
  /** Whose description came last: it is the one that is heard. */
  #heard: EarlyDialog | undefined;

  /** `from`: ours, with its tag. `onAnswer`: a provisional response brought a new description. */
  constructor(
    environment: SessionEnvironment,
    digest: DigestClient,
    from: NameAddr,
    usage: DialogUsage,
    onAnswer: (description: string) => void,
  ) {
    this.#environment = environment;
    this.#digest = digest;
    this.#from = from;
    this.#usage = usage;
    this.#onAnswer = onAnswer;
  }

  get(tag: string | undefined): EarlyDialog | undefined {
    return this.#byTag.get(tag ?? '');
  }

  get all(): readonly Dialog[] {
    return [...this.#byTag.values()].map(({ dialog }) => dialog);
  }

  /**
   * The one that is heard, if our offer has its answer for good, by a reliable response, and the peer
   * serves UPDATE (RFC 3311 §5.1).
   */
  get answered(): EarlyDialog | undefined {
    const early = this.#heard;
    return early?.servesUpdate && early.responseNumber !== undefined ? early : undefined;
  }

  /** A provisional response. False when it repeats a reliable one, or comes before its turn. */
  hear(response: SipResponse, request: SipRequest, target: SipUri, flow: Flow): boolean {
    const early = this.#of(response, request, target, flow);
    const number = reliableNumber(response);
    if (early && number !== undefined && !this.#acknowledge(early, number, request)) return false;
    if (early) {
      early.servesUpdate ||= response.allow.includes('UPDATE');
      this.#noteDescription(early, response.description);
    }
    return true;
  }

  /** The dialog of a request that came before the response that it follows. */
  adopt(
    request: SipRequest,
    { flow, source }: ServerTransaction,
    { target, sequence }: SentInvite,
  ): Dialog | undefined {
    if (this.#byTag.size >= MAX_FORKS) return undefined;
    const dialog = Dialog.ofRequestBeforeResponse(request, {
      local: this.#from,
      localSequence: sequence,
      target,
      heardFrom: { protocol: flow.protocol, remote: source },
    });
    this.#add(dialog);
    return dialog;
  }

  /** They take no requests any more; a 2xx that still comes goes on with their counting. */
  close(): void {
    const { dialogs } = this.#environment;
    for (const { dialog } of this.#byTag.values()) dialogs.remove(dialog, this.#usage);
  }

  /** The INVITE goes out anew, and nothing of the former one counts. */
  clear(): void {
    this.close();
    this.#byTag.clear();
    this.#heard = undefined;
  }

  /** §12.1: a provisional response makes an early dialog; those of RFC 2543 have no tag. */
  #of(
    response: SipResponse,
    request: SipRequest,
    target: SipUri,
    { protocol, remote }: Flow,
  ): EarlyDialog | undefined {
    const known = this.get(response.to.tag);
    if (known || this.#byTag.size >= MAX_FORKS) return known;
    return this.#add(Dialog.ofUac(request, target, response, { protocol, remote }));
  }

  #add(dialog: Dialog): EarlyDialog {
    const early: EarlyDialog = {
      dialog,
      description: '',
      isRenegotiated: false,
      responseNumber: undefined,
      servesUpdate: false,
    };
    this.#byTag.set(dialog.remote.tag ?? '', early);
    this.#environment.dialogs.add(dialog, this.#usage);
    return early;
  }

  /** Repeated each minute for the proxies on the way: what is new is heard, the rest changes nothing. */
  #noteDescription(early: EarlyDialog, description: string): void {
    if (description === '' || description === early.description) return;
    early.description = description;
    this.#heard = early;
    this.#onAnswer(description);
  }

  /** RFC 3262 §4: PRACK in order. False for one that was seen before, or comes too early. */
  #acknowledge(early: EarlyDialog, number: number, invite: SipRequest): boolean {
    const former = early.responseNumber;
    if (former !== undefined && number !== former + 1) return false;
    early.responseNumber = number;
    const { sender, product, log } = this.#environment;
    const rack = `${number} ${invite.cseq.sequence} INVITE`;
    sender.send({
      ...early.dialog.way,
      digest: this.#digest,
      build: (via) =>
        early.dialog.createRequest('PRACK', via, {
          headers: [
            ['RAck', rack],
            ['User-Agent', product],
          ],
        }),
      user: {
        onSuccess: () => undefined,
        onFailure: ({ status, reason }) => log.info('PRACK not accepted', { status, reason }),
      },
    });
    return true;
  }
}
