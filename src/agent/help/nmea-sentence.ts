export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** What one sentence says. */
export interface Told {
  /** `lost`: the receiver does not know; undefined: the sentence is of something else. */
  readonly place?: Place | 'lost' | undefined;
  /** Of the day, ms. */
  readonly timeOfDay?: number | undefined;
  /** The midnight before, ms since 1970. */
  readonly midnight?: number | undefined;
  readonly altitude?: number | undefined;
  readonly accuracy?: number | undefined;
  readonly speed?: number | undefined;
  readonly heading?: number | undefined;
}

type Fields = readonly string[];

const DAY_MS = 86_400_000;
const KNOT = 1852 / 3600;
/** The radius in which it is in 95 of 100 cases, for an HDOP of one, m: what gpsd takes, without and with corrections. */
const RADIUS = 15;
const CORRECTED_RADIUS = 4;
/** Beyond it a receiver says that it does not know. */
const MAX_HDOP = 50;

const READERS: Readonly<Record<string, (fields: Fields) => Told>> = {
  RMC: recommended,
  GGA: fixData,
  GNS: gnssFix,
  VTG: overGround,
};

/** The fields of a sentence of any talker, its type first; undefined where its checksum is not right. */
export function fieldsOf(line: string): Fields | undefined {
  // What stands before it is noise, or a block of tags.
  const [, text = '', sum = ''] = /\$([^$*]+)\*([\dA-F]{2})$/i.exec(line.trimEnd()) ?? [];
  let found = 0;
  for (const octet of Buffer.from(text, 'latin1')) found ^= octet;
  if (text === '' || found !== Number.parseInt(sum, 16)) return undefined;
  const [address = '', ...fields] = text.split(',');
  return [/^[A-Z][A-Z\d]([A-Z]{3})$/.exec(address)?.[1] ?? '', ...fields];
}

/** Undefined where it is of none of the types that are read. */
export function told([type = '', ...fields]: Fields): Told | undefined {
  return READERS[type]?.(fields);
}

/** Recommended minimum data. */
function recommended(fields: Fields): Told {
  const [time, status, latitude, north, longitude, east, speed, heading, date, , , mode = 'A'] =
    fields;
  const isFix = status === 'A' && /^[ADEFPR]?$/.test(mode);
  return {
    place: isFix ? placeOf(latitude, north, longitude, east) : 'lost',
    timeOfDay: timeOfDay(time),
    midnight: midnight(date),
    speed: within(numberOf(speed) * KNOT, 0, 500),
    heading: within(numberOf(heading), 0, 360),
  };
}

/** Fix data. Entered by hand (7) and made up (8) is where nobody is. */
function fixData(fields: Fields): Told {
  const [time, latitude, north, longitude, east, quality = '', , hdop, height, , separation] =
    fields;
  const isFix = /^[1-6]$/.test(quality);
  return {
    place: isFix ? placeOf(latitude, north, longitude, east) : 'lost',
    timeOfDay: timeOfDay(time),
    altitude: altitude(height, separation),
    accuracy: quality === '6' ? undefined : accuracy(hdop, /^[245]$/.test(quality)),
  };
}

/** Fix data of several systems, with a letter for how each of them is used. */
function gnssFix(fields: Fields): Told {
  const [time, latitude, north, longitude, east, modes = '', , hdop, height, separation] = fields;
  const isFix = /[ADEFPR]/.test(modes);
  const isEstimated = !/[ADFPR]/.test(modes);
  return {
    place: isFix ? placeOf(latitude, north, longitude, east) : 'lost',
    timeOfDay: timeOfDay(time),
    altitude: altitude(height, separation),
    accuracy: isEstimated ? undefined : accuracy(hdop, /[DFR]/.test(modes)),
  };
}

/** Course and speed over ground. */
function overGround(fields: Fields): Told {
  const [heading, , , , knots, , , , mode = ''] = fields;
  if (!/^[ADEFPR]?$/.test(mode)) return {};
  return {
    speed: within(numberOf(knots) * KNOT, 0, 500),
    heading: within(numberOf(heading), 0, 360),
  };
}

function placeOf(latitude = '', north = '', longitude = '', east = ''): Place | 'lost' {
  const found = {
    latitude: degrees(/^(\d\d)(\d\d(?:\.\d{1,10})?)$/.exec(latitude), north, 'NS', 90),
    longitude: degrees(/^(\d{3})(\d\d(?:\.\d{1,10})?)$/.exec(longitude), east, 'EW', 180),
  };
  const isPlace = Number.isFinite(found.latitude) && Number.isFinite(found.longitude);
  return isPlace ? found : 'lost';
}

/** Degrees and minutes, to a centimetre. */
function degrees(
  parts: readonly string[] | null,
  side: string,
  sides: string,
  limit: number,
): number {
  const [, whole, minutes] = parts ?? [];
  const value = Number(whole) + Number(minutes) / 60;
  const isRight =
    Number(minutes) < 60 && value <= limit && side.length === 1 && sides.includes(side);
  if (!isRight) return Number.NaN;
  return Math.round(value * 1e7 * (sides.startsWith(side) ? 1 : -1)) / 1e7;
}

/** Above the ellipsoid: above the sea, and how far that is above the ellipsoid. */
function altitude(height: string | undefined, separation: string | undefined): number | undefined {
  const value = numberOf(height) + numberOf(separation);
  return within(Math.round(value * 10) / 10, -1000, 20_000);
}

function accuracy(hdop: string | undefined, isCorrected: boolean): number | undefined {
  const value = within(numberOf(hdop), 0.01, MAX_HDOP);
  if (value === undefined) return undefined;
  return Math.ceil(value * (isCorrected ? CORRECTED_RADIUS : RADIUS));
}

function timeOfDay(text = ''): number | undefined {
  const [, hours, minutes, seconds] = /^(\d\d)(\d\d)(\d\d(?:\.\d{1,6})?)$/.exec(text) ?? [];
  const value = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000;
  return within(Math.round(value), 0, DAY_MS);
}

/** Years of two digits: GPS begins in 1980. */
function midnight(text = ''): number | undefined {
  const [, day, month, year] = /^(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  const century = Number(year) < 80 ? 2000 : 1900;
  const value = new Date(Date.UTC(century + Number(year), Number(month) - 1, Number(day)));
  return value.getUTCDate() === Number(day) ? value.getTime() : undefined;
}

/** NaN where there is none: an empty field is no zero. */
function numberOf(text = ''): number {
  return /^-?\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
}

function within(value: number, from: number, to: number): number | undefined {
  return value >= from && value <= to ? value : undefined;
}
