import type { ECallSettings } from '../emergency-status';
import { BitWriter } from './bit-writer';
import type { Fix } from './shapes';

/** What a car tells of itself and its call (EN 15722:2015, table 1). */
export interface MinimumSet {
  readonly car: ECallSettings;
  /** 1 for the first of a call, and one more for each that follows. */
  readonly number: number;
  readonly isAutomatic: boolean;
  readonly isTest: boolean;
  /** When the call began, s since 1970; 0 where that is not known. */
  readonly beganAtS: number;
  readonly position: Fix | undefined;
  /** It is where it is said to be within 150 m, in 95 of 100 cases. */
  readonly isPositionTrusted: boolean;
}

/** The version of the format: that of EN 15722:2015. */
const VERSION = 2;
const VEHICLE_TYPES = [
  'M1',
  'M2',
  'M3',
  'N1',
  'N2',
  'N3',
  'L1e',
  'L2e',
  'L3e',
  'L4e',
  'L5e',
  'L6e',
  'L7e',
];
const STORAGES = ['gasoline', 'diesel', 'cng', 'lpg', 'electric', 'hydrogen', 'other'];
/** As they are counted in a VIN: without I, O and Q. */
const VIN_LETTERS = '0123456789ABCDEFGHJKLMNPRSTUVWXYZ';
/** Milliarcseconds of a degree. */
const DEGREE_MAS = 3_600_000;
const NOWHERE = 0x7fffffff;
const NO_DIRECTION = 255;

/** ECallMessage in unaligned PER: the version, and the message as octets with their length. */
export function encodeMinimumSet(set: MinimumSet): Uint8Array {
  const message = encodeMessage(set);
  return Uint8Array.of(VERSION, message.length, ...message);
}

function encodeMessage(set: MinimumSet): Uint8Array {
  const { car, number, isAutomatic, isTest, isPositionTrusted, beganAtS, position } = set;
  const bits = new BitWriter();
  // MSDMessage: not extended, without additional data.
  bits.put(0b00, 2);
  // MSDStructure: not extended; neither former positions nor the number of passengers.
  bits.put(0b0000, 4);
  bits.put(number % 256, 8);
  for (const flag of [isAutomatic, isTest, isPositionTrusted]) bits.flag(flag);
  // An enumeration with an extension mark that is not used.
  bits.flag(false);
  bits.put(VEHICLE_TYPES.indexOf(car.vehicleType), 4);
  for (const letter of car.vin) bits.put(VIN_LETTERS.indexOf(letter), 6);
  putStorages(bits, car.propulsion);
  bits.put(beganAtS, 32);
  putPlace(bits, position);
  return bits.octets;
}

/** Each is there where it is not what it is by default, false: then true follows. */
function putStorages(bits: BitWriter, has: readonly string[]): void {
  bits.flag(false);
  for (const storage of STORAGES) bits.flag(has.includes(storage));
  for (const storage of STORAGES) if (has.includes(storage)) bits.flag(true);
}

function putPlace(bits: BitWriter, position: Fix | undefined): void {
  const mas = (degrees: number | undefined): number =>
    degrees === undefined ? NOWHERE : Math.round(degrees * DEGREE_MAS);
  // INTEGER(-2147483648..2147483647) is told from its least value.
  bits.put(mas(position?.latitude) + 2 ** 31, 32);
  bits.put(mas(position?.longitude) + 2 ** 31, 32);
  const { heading } = position ?? {};
  bits.put(heading === undefined ? NO_DIRECTION : Math.round(heading / 2) % 180, 8);
}
