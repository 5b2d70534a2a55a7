import type { MediaEngine, MediaSession } from '../../media';
import type { Clock, Logger, Random } from '../../platform';
import type { HostNames } from '../host-names';
import { IceMedia, type IceMediaListener } from './ice-media';
import type { IceSettings } from './ice-settings';
import { Servers } from './servers';

export interface IceKitParts {
  readonly settings: IceSettings;
  readonly engine: MediaEngine;
  readonly names: HostNames;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** Whose media they are. */
export interface IceUser {
  readonly listener: Pick<IceMediaListener, 'onOfferWanted'>;
  readonly onChange: () => void;
}

/** Makes ICE for calls; loaded where ICE is configured. */
export class IceKit {
  readonly #parts: IceKitParts;

  constructor(parts: IceKitParts) {
    this.#parts = parts;
  }

  /** @param former what the call had at another address of this machine */
  open(
    session: MediaSession,
    localAddress: string,
    { listener, onChange }: IceUser,
    former?: IceMedia,
  ): IceMedia {
    const { settings, names, engine, clock, random, log } = this.#parts;
    const isUsed = former?.isUsed ?? false;
    former?.close();
    const servers = new Servers(settings, names, log);
    const onOfferWanted = (): void => listener.onOfferWanted();
    const parts = { session, localAddress, servers, isUsed, listener: { onChange, onOfferWanted } };
    return new IceMedia({ ...parts, engine, clock, random, log: log.area('ice') });
  }
}
