import { childrenOf, readXml, type XmlElement } from '../../platform';
import { parseSipUri } from '../../sip';
import type { Place } from './nmea-sentence';

/** Who answers for a service at a place (RFC 5222 §5). */
export interface Mapping {
  /** In the order of the server; `sip:` and `sips:` alone. */
  readonly uris: readonly string[];
  /** Until when that is so, ms since 1970; Infinity: for ever; 0: for this call alone. */
  readonly expires: number;
  /** Rings of corners, where the server has told how far that reaches; empty where it has not. */
  readonly boundary: readonly (readonly Place[])[];
}

const LOST = 'urn:ietf:params:xml:ns:lost1';
const GML = 'http://www.opengis.net/gml';
/** A SIP URI as services have one: no header fields, nothing escaped. */
const SIP =
  /^sips?:(?:[\w.!~*'()&=+$,-]{1,64}@)?(?:[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?|\[[\da-f:]{2,39}\])(?::[1-9]\d{0,4})?(?:;[\w.-]{1,32}(?:=[\w.-]{1,64})?){0,4}$/i;
/** One after the other is called. */
const MAX_URIS = 3;
/** Of one boundary. */
const MAX_CORNERS = 3000;

/** RFC 5222 §8.2: the service by its name, the place by value, the whole way asked for by the server (§8.3.3 there). */
export function findService(service: string, { latitude, longitude }: Place): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<findService xmlns="${LOST}" xmlns:gml="${GML}" serviceBoundary="value" recursive="true">
<location id="here" profile="geodetic-2d"><gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>${latitude.toFixed(6)} ${longitude.toFixed(6)}</gml:pos></gml:Point></location>
<service>${service}</service>
</findService>
`;
}

/** What the server answers. @throws Error for what is no mapping, with what it says of that */
export function readMapping(document: string): Mapping {
  const root = readXml(document);
  if ('fault' in root) throw new Error(root.fault);
  if (root.space !== LOST) throw new Error(`found <${root.name}>, expected a LoST document`);
  if (root.name === 'errors') throw new Error(`the server says: ${errorsOf(root)}`);
  if (root.name === 'redirect') {
    const target = root.attributes.get('target') ?? 'nowhere';
    throw new Error(`the server sends on to ${target}, which is not followed`);
  }
  const [mapping] = root.name === 'findServiceResponse' ? childrenOf(root, 'mapping') : [];
  if (!mapping) throw new Error(`found <${root.name}> without a mapping`);
  const uris = childrenOf(mapping, 'uri')
    .map(({ text }) => text)
    .filter(isSipUri)
    .slice(0, MAX_URIS);
  if (uris.length === 0) throw new Error('the mapping has no SIP URI');
  return { uris, expires: expiryOf(mapping), boundary: boundaryOf(mapping) };
}

function isSipUri(text: string): boolean {
  if (!SIP.test(text)) return false;
  try {
    parseSipUri(text);
    return true;
  } catch {
    return false;
  }
}

/** §13.1: their names are words. */
function errorsOf({ children }: XmlElement): string {
  const words = children
    .slice(0, 4)
    .map(({ name, attributes }) =>
      [name, attributes.get('message')].filter(Boolean).join(': ').slice(0, 200),
    );
  return words.join('; ') || 'an error';
}

/** §5.2. What cannot be read is for this call alone. */
function expiryOf({ attributes }: XmlElement): number {
  const text = attributes.get('expires')?.trim() ?? '';
  if (text === 'NO-EXPIRATION') return Number.POSITIVE_INFINITY;
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : 0;
  return Number.isFinite(time) ? time : 0;
}

/** §5.5 and §12.2: polygons of the profile that we speak; holes in them (RFC 5964) are let be. */
function boundaryOf(mapping: XmlElement): Place[][] {
  const shapes = childrenOf(mapping, 'serviceBoundary')
    .filter(({ attributes }) => attributes.get('profile') === 'geodetic-2d')
    .flatMap((boundary) => childrenOf(boundary, 'Polygon', GML));
  const rings = shapes
    .flatMap((polygon) => childrenOf(polygon, 'exterior'))
    .flatMap((exterior) => childrenOf(exterior, 'LinearRing'));
  return rings.map(cornersOf).filter((corners) => corners.length > 2);
}

function cornersOf(ring: XmlElement): Place[] {
  const numbers = [...childrenOf(ring, 'pos'), ...childrenOf(ring, 'posList')].flatMap(({ text }) =>
    text.split(/\s+/).map(Number),
  );
  const corners: Place[] = [];
  for (let at = 0; at + 1 < numbers.length && corners.length < MAX_CORNERS; at += 2) {
    const [latitude = Number.NaN, longitude = Number.NaN] = numbers.slice(at, at + 2);
    if (Number.isFinite(latitude) && Number.isFinite(longitude)) {
      corners.push({ latitude, longitude });
    }
  }
  return corners;
}

/** Whether a ring runs round the place: how often it crosses what is north of it, on a map of degrees. */
export function isWithin(ring: readonly Place[], { latitude, longitude }: Place): boolean {
  let isInside = false;
  ring.forEach((one, at) => {
    const other = ring[(at + 1) % ring.length] ?? one;
    if (one.longitude > longitude === other.longitude > longitude) return;
    const part = (longitude - one.longitude) / (other.longitude - one.longitude);
    if (one.latitude + part * (other.latitude - one.latitude) > latitude) isInside = !isInside;
  });
  return isInside;
}
