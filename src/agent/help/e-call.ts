import type { ECallSettings, ECallStatus } from '../emergency-status';
import { type Refused, readControl, refusalOf } from './control';
import { encodeMinimumSet } from './minimum-set';
import type { PositionStatus } from './shapes';

export interface ECallParts {
  readonly car: ECallSettings;
  readonly isAutomatic: boolean;
  readonly isTest: boolean;
  readonly beganAt: Date;
  readonly position: () => PositionStatus | undefined;
}

/** EN 15722: 150 m in 95 of 100 cases. */
const TRUSTED_M = 150;
/** A car has moved on meanwhile, s. */
const TRUSTED_S = 60;

/** The data of one call for help, RFC 8147: those that it begins with, and what the emergency service asks for later. */
export class ECall {
  readonly #parts: ECallParts;
  #sent = 0;
  #data: ECallStatus['data'] = 'sent';

  constructor(parts: ECallParts) {
    this.#parts = parts;
  }

  get status(): ECallStatus {
    return { certified: false, data: this.#data, updates: Math.max(0, this.#sent - 1) };
  }

  /** The minimum set of data as it is now. */
  next(): Uint8Array {
    const { car, isAutomatic, isTest, beganAt } = this.#parts;
    const position = this.#parts.position();
    this.#sent += 1;
    return encodeMinimumSet({
      ...{ car, isAutomatic, isTest, position },
      number: this.#sent,
      beganAtS: Math.floor(beganAt.getTime() / 1000),
      isPositionTrusted:
        position?.accuracy !== undefined &&
        position.accuracy <= TRUSTED_M &&
        position.ageS <= TRUSTED_S,
    });
  }

  /**
   * What the emergency service says, by its answer to the call or by INFO.
   * @param reference Content-ID of it.
   * @returns what it is owed: data anew, or a document that says what is not done.
   * @throws Error where it cannot be read
   */
  hear(document: string, reference: string): readonly (Uint8Array | string)[] {
    const answers: (Uint8Array | string)[] = [];
    const refused: Refused[] = [];
    for (const element of readControl(document)) {
      if (element.kind === 'ack') {
        if (element.received !== undefined) this.#data = element.received ? 'received' : 'refused';
      } else if (element.action !== 'send-data') {
        refused.push({ action: element.action, reason: 'unsupported' });
      } else if (element.dataType !== 'eCall.MSD') {
        refused.push({ action: element.action, reason: 'data-unsupported' });
      } else answers.push(this.next());
    }
    if (refused.length > 0) answers.push(refusalOf(refused, reference));
    return answers;
  }
}
