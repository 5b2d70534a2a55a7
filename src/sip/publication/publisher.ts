import type { Availability } from './presence-document';
import type { Publication, PublicationParts } from './publication';

/** What stands at the account's server, until it is stopped. */
export interface Published {
  set availability(availability: Availability);
  stop(): void;
}

/** Loads what publishes, and says to it what was said meanwhile. */
export class Publisher implements Published {
  readonly #onOver: () => void;
  #availability: Availability;
  #publication: Publication | undefined;
  #isStopped = false;

  constructor(availability: Availability, parts: PublicationParts, onOver: () => void) {
    this.#availability = availability;
    this.#onOver = onOver;
    import('./publication').then(
      (loaded) => {
        if (this.#isStopped) return;
        this.#publication = new loaded.Publication(this.#availability, parts);
      },
      (error: unknown) => parts.onState('refused', String(error)),
    );
  }

  set availability(availability: Availability) {
    this.#availability = availability;
    if (this.#publication) this.#publication.availability = availability;
  }

  stop(): void {
    this.#isStopped = true;
    this.#publication?.stop();
    this.#onOver();
  }
}
