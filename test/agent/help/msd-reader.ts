/**
 * Reads a minimum set of data as EN 15722 lays it out, versions 1 and 2, by the rules of unaligned PER (X.691). It was
 * written from the standard's ASN.1 and shares nothing with the encoder; the standard's own example shows that it is right.
 */
export function readMsd(octets: Uint8Array) {
  const bits = [...octets].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  let place = 0;
  const number = (width: number): number => {
    const text = bits.slice(place, place + width);
    if (text.length < width) throw new Error(`ends ${width - text.length} bits too early`);
    place += width;
    return Number.parseInt(text, 2);
  };
  const flag = (): boolean => number(1) === 1;
  const flags = (count: number): boolean[] => Array.from({ length: count }, flag);
  const letters = (count: number): string =>
    Array.from({ length: count }, () => '0123456789ABCDEFGHJKLMNPRSTUVWXYZ'.charAt(number(6))).join(
      '',
    );
  const delta = () => ({ latitude: number(10) - 512, longitude: number(10) - 512 });

  const version = number(8);
  // From version 2 on the message is an OCTET STRING that contains it.
  const length = version >= 2 ? number(8) : undefined;
  const begin = place;
  const [isExtended, hasMore] = flags(2);
  const [isStructureExtended, hasN1, hasN2, hasPassengers] = flags(4);
  if (isExtended || isStructureExtended) throw new Error('extensions are not read');
  const id = number(8);
  const [automatic, test, trusted] = flags(3);
  if (flag()) throw new Error('an extended vehicle type');
  const vehicleType = number(4);
  const vin = letters(17);
  if (flag()) throw new Error('extended propulsion');
  const propulsion = flags(version >= 2 ? 7 : 6).map((isThere) => ({ isThere }));
  const storages = propulsion.map(({ isThere }) => isThere && flag());
  const timestamp = number(32);
  const latitude = number(32) - 2 ** 31;
  const longitude = number(32) - 2 ** 31;
  const direction = number(8);
  const n1 = hasN1 ? delta() : undefined;
  const n2 = hasN2 ? delta() : undefined;
  const passengers = hasPassengers ? number(8) : undefined;
  return {
    ...{ version, id, automatic, test, trusted, vehicleType, vin, storages },
    ...{ timestamp, latitude, longitude, direction, n1, n2, passengers, hasMore },
    /** Whether the length is that of the message, and nothing but zeros fills the last octet. */
    isWhole:
      (length === undefined || length === octets.length - 2) &&
      (hasMore || (bits.length - place < 8 && !bits.slice(place).includes('1'))),
    octetsOfMessage: Math.ceil((place - begin) / 8),
  };
}
