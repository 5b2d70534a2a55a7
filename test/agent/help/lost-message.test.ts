// Shows RFC 5222.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findService, isWithin, readMapping } from '../../../src/agent/help/lost-message';
import { readXml } from '../../../src/platform';
import { parseSipUri } from '../../../src/sip';

/** As the examples of RFC 5222 §8.2.1 are built. */
const response = (mapping: string, attributes = 'expires="2027-01-01T01:44:33Z"'): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<findServiceResponse xmlns="urn:ietf:params:xml:ns:lost1" xmlns:p2="http://www.opengis.net/gml">
  <mapping ${attributes} lastUpdated="2026-11-01T01:00:00Z" source="authoritative.example" sourceId="7e3f40b098c711dbb6060800200c9a66">
    <displayName xml:lang="en">Police &amp; Fire</displayName>
    <service>urn:service:sos.police</service>
    ${mapping}
    <serviceNumber>911</serviceNumber>
  </mapping>
  <path><via source="resolver.example"/><via source="authoritative.example"/></path>
  <locationUsed id="here"/>
</findServiceResponse>`;
const URI = '<uri>sip:psap@example.com</uri>';
const boundary = (inside: string, profile = 'geodetic-2d'): string =>
  `<serviceBoundary profile="${profile}"><p2:Polygon srsName="urn:ogc:def::crs:EPSG::4326"><p2:exterior><p2:LinearRing>${inside}</p2:LinearRing></p2:exterior></p2:Polygon></serviceBoundary>`;

describe('a question to a LoST server', () => {
  it('names the service and where the car is', () => {
    const root = readXml(
      findService('urn:service:sos.fire', { latitude: 37.775, longitude: -122.4194155 }),
    );
    if ('fault' in root) throw new Error(root.fault);
    expect([root.space, root.name]).toEqual(['urn:ietf:params:xml:ns:lost1', 'findService']);
    expect(Object.fromEntries(root.attributes)).toMatchObject({ recursive: 'true' });
    const [location, service] = root.children;
    expect(location?.attributes.get('profile')).toBe('geodetic-2d');
    const [point] = location?.children ?? [];
    expect(point?.space).toBe('http://www.opengis.net/gml');
    expect(point?.children[0]?.text).toBe('37.775000 -122.419415');
    expect(service?.text).toBe('urn:service:sos.fire');
  });
});

describe('what a LoST server answers', () => {
  it('is who answers, until when and how far around', () => {
    const corners =
      '<p2:pos>37.775 -122.4194</p2:pos><p2:pos>37.555 -122.4194</p2:pos><p2:pos>37.555 -122.4264</p2:pos><p2:pos>37.775 -122.4264</p2:pos><p2:pos>37.775 -122.4194</p2:pos>';
    expect(readMapping(response(boundary(corners) + URI))).toEqual({
      uris: ['sip:psap@example.com'],
      expires: Date.UTC(2027, 0, 1, 1, 44, 33),
      boundary: [
        [
          { latitude: 37.775, longitude: -122.4194 },
          { latitude: 37.555, longitude: -122.4194 },
          { latitude: 37.555, longitude: -122.4264 },
          { latitude: 37.775, longitude: -122.4264 },
          { latitude: 37.775, longitude: -122.4194 },
        ],
      ],
    });
    const list = '<p2:posList>1 2 3 4\n5 6</p2:posList>';
    expect(readMapping(response(boundary(list) + URI)).boundary).toEqual([
      [
        { latitude: 1, longitude: 2 },
        { latitude: 3, longitude: 4 },
        { latitude: 5, longitude: 6 },
      ],
    ]);
  });

  it.each([
    ['expires="NO-EXPIRATION"', Number.POSITIVE_INFINITY],
    ['expires="NO-CACHE"', 0],
    ['expires="soon"', 0],
    ['', 0],
  ])('is good for %s', (attributes, expires) => {
    expect(readMapping(response(URI, attributes)).expires).toBe(expires);
  });

  it('has no boundary where that is of another kind, by reference or torn', () => {
    for (const other of [
      boundary('<p2:pos>1 2</p2:pos><p2:pos>3 4</p2:pos>'),
      boundary('<p2:posList>1 2 3 4 5 6</p2:posList>', 'civic'),
      '<serviceBoundaryReference source="a.example" key="b"/>',
    ]) {
      expect(readMapping(response(other + URI)).boundary).toEqual([]);
    }
  });

  it('is called by SIP alone, three of them at most', () => {
    const uris = [
      'xmpp:a@b',
      'sips:a@b.example',
      'tel:112',
      'sip:c;transport=tcp',
      'sip:[::1]:5080',
    ];
    const all = [...uris, 'sip:fourth'].map((uri) => `<uri>${uri}</uri>`).join('');
    expect(readMapping(response(all)).uris).toEqual([
      ...['sips:a@b.example', 'sip:c;transport=tcp', 'sip:[::1]:5080'],
    ]);
    for (const odd of [
      'sip:a b',
      'sip:',
      'sip:a:70000',
      'sip:a&lt;b',
      'sip:a@b?Replaces=c',
      'sip:a@b@c',
    ]) {
      expect(() => readMapping(response(`<uri>${odd}</uri>`))).toThrow('no SIP URI');
    }
  });

  it('names nobody whom our own parser would not read', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^sips?:[a-z0-9@:;.[\]=%&+$,_-]{1,20}$/), (uri) => {
        const taken = (() => {
          try {
            return readMapping(response(`<uri>${uri.replaceAll('&', '&amp;')}</uri>`)).uris;
          } catch {
            return [];
          }
        })();
        for (const one of taken) parseSipUri(one);
      }),
      { numRuns: 2000 },
    );
  });

  const LOST = 'xmlns="urn:ietf:params:xml:ns:lost1"';
  it.each([
    [
      `<errors ${LOST} source="a.example"><notFound message="No service here" xml:lang="en"/><internalError/></errors>`,
      'the server says: notFound: No service here; internalError',
    ],
    [
      `<redirect ${LOST} target="east.example" source="west.example" message="there"/>`,
      'the server sends on to east.example, which is not followed',
    ],
    [`<findServiceResponse ${LOST}/>`, 'found <findServiceResponse> without a mapping'],
    [`<listServicesResponse ${LOST}/>`, 'found <listServicesResponse> without a mapping'],
    [response(''), 'the mapping has no SIP URI'],
    ['<html><body/></html>', 'found <html>, expected a LoST document'],
    [response(URI).slice(0, -5), 'unclosed'],
    [response('&internal;'), 'undefined entity'],
    [`<!DOCTYPE a [<!ENTITY b "c">]>${response(URI)}`, 'expected no document type'],
    [response(`<uri>${'x'.repeat(70_000)}</uri>`), 'expected at most 65536 characters'],
    [response('<uri>sip:[a0]</uri><uri>sip:a.example:70000</uri>'), 'the mapping has no SIP URI'],
    [response('<a>'.repeat(40) + '</a>'.repeat(40)), 'expected at most 32 levels'],
    ['', 'document must contain a root element'],
  ])('is no mapping: %.60s', (document, reason) => {
    expect(() => readMapping(document)).toThrow(reason);
  });
});

describe('a boundary', () => {
  const square = [
    { latitude: 0, longitude: 0 },
    { latitude: 0, longitude: 2 },
    { latitude: 2, longitude: 2 },
    { latitude: 2, longitude: 0 },
  ];
  const notch = [...square, { latitude: 1, longitude: 1 }];

  it.each([
    [square, 1, 1, true],
    [square, 1, 2.1, false],
    [square, 2.1, 1, false],
    [square, -0.1, 1, false],
    [square, 1, -0.1, false],
    [[...square, ...square.slice(0, 1)], 1, 0.5, true],
    [notch, 1, 0.5, false],
    [notch, 1, 1.5, true],
    [[], 1, 1, false],
  ])('%# is left or not', (ring, latitude, longitude, isIn) => {
    expect(isWithin(ring, { latitude, longitude })).toBe(isIn);
  });
});
