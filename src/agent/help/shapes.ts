import type { InviteOptions } from '../../sip';
import type { Call } from '../call';
import type { ECallStatus } from '../emergency-status';

/** Where the car is, as its firmware or app tells it. */
export interface Fix {
  /** WGS 84, degrees. */
  readonly latitude: number;
  readonly longitude: number;
  /** Above the ellipsoid, m. */
  readonly altitude?: number;
  /** Radius in which it is, m. */
  readonly accuracy?: number;
  /** m/s. */
  readonly speed?: number;
  /** Degrees from north, clockwise. */
  readonly heading?: number;
  /** When it was there, ISO 8601; without it when it was told. */
  readonly time?: string;
}

export interface PositionStatus extends Fix {
  readonly time: string;
  /** Since it was told, s. */
  readonly ageS: number;
}

/** What goes along with one call for help. */
export interface Companion {
  /** Documents, and who answers for the service. */
  readonly options: InviteOptions;
  /** Of the data of the car, if there are any. */
  readonly status: ECallStatus | undefined;
  /** Who answers for the service could not be reached: the account's server may find another one. */
  readonly hasOtherWay: boolean;
  /** From now on what the far end of it asks for is done. */
  follow(call: Call): void;
}
