// Shows RFC 4119, 5491, 5962.

import { describe, expect, it } from 'vitest';
import { type Fix, HelpData } from '../../../src/agent/help';
import { pidfLo } from '../../../src/agent/help/pidf-lo';
import { silentLogger } from '../../../src/platform';
import { seededRandom } from '../../support/seeded-random';
import { VirtualClock } from '../../support/virtual-clock';

const SEOUL = { latitude: 37.5665, longitude: 126.978 };

/** Elements and attributes in order, as far as they are well-formed. */
function elementsOf(xml: string): string[] {
  const open: string[] = [];
  const found: string[] = [];
  for (const [, end, name = '', rest = '', isEmpty] of xml.matchAll(
    /<(\/?)([a-zA-Z:-]+)((?: [\w:]+="[^"<]*")*)(\/?)>/g,
  )) {
    if (end) expect(open.pop()).toBe(name);
    else {
      found.push(`${name}${rest}`);
      if (!isEmpty) open.push(name);
    }
  }
  expect(open).toEqual([]);
  return found;
}

const written = (fix: Fix, whose = 'sip:car@example.org;transport=tcp'): string =>
  pidfLo({ time: '2026-11-27T06:30:00.000Z', ...fix }, whose);

/** The inside of the first element of that name. */
const inside = (xml: string, name: string): string =>
  new RegExp(`<${name}[^>]*>([\\s\\S]*?)</${name}>`).exec(xml)?.[1] ?? '';

describe('a location object', () => {
  it('is a presence document of the account with one place', () => {
    const xml = written(SEOUL);
    expect(elementsOf(xml).map((element) => element.replace(/ .*/, ''))).toEqual([
      ...['presence', 'tuple', 'status', 'gp:geopriv', 'gp:location-info'],
      ...['gml:Point', 'gml:pos', 'gp:usage-rules', 'gp:method', 'timestamp'],
    ]);
    expect(xml).toContain(' entity="pres:car@example.org">');
    expect(xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n')).toBe(true);
    expect(inside(xml, 'timestamp')).toBe('2026-11-27T06:30:00.000Z');
  });

  it.each<[string, Fix, string]>([
    [
      'a point',
      { ...SEOUL, latitude: -0.0000001 },
      '<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>-0.0000001 126.978</gml:pos></gml:Point>',
    ],
    [
      'a point with its height',
      { ...SEOUL, altitude: 38.25 },
      '<gml:Point srsName="urn:ogc:def:crs:EPSG::4979"><gml:pos>37.5665 126.978 38.3</gml:pos></gml:Point>',
    ],
    [
      'a circle where the accuracy is known, which says nothing of the height',
      { ...SEOUL, altitude: 38, accuracy: 100 },
      '<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>37.5665 126.978</gml:pos><gs:radius uom="urn:ogc:def:uom:EPSG::9001">100</gs:radius></gs:Circle>',
    ],
    [
      'how it moves',
      { ...SEOUL, speed: 13.888, heading: 271 },
      '<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>37.5665 126.978</gml:pos></gml:Point><dyn:Dynamic><dyn:speed>13.89</dyn:speed><dyn:heading>271</dyn:heading></dyn:Dynamic>',
    ],
  ])('tells %s', (_, fix, shape) => {
    const xml = written(fix);
    elementsOf(xml);
    expect(inside(xml, 'gp:location-info')).toBe(shape);
  });

  it('is well-formed whatever the account is called', () => {
    const xml = written(SEOUL, 'sip:a&b"c\'<d>@example.org');
    elementsOf(xml);
    expect(xml).toContain('entity="pres:a&#38;b&#34;c\'&#60;d&#62;@example.org"');
  });
});

describe('the position', () => {
  const SOS = 'urn:service:sos';
  const setUp = () => {
    const clock = new VirtualClock();
    const onChange = (): void => undefined;
    const data = new HelpData({ clock, random: seededRandom(), log: silentLogger, onChange });
    const goesAlong = (target: string, whose = 'sip:car@example.org;transport=tls') => {
      const description = { contentType: 'application/sdp', content: 'v=0' };
      const { headers = [], body } =
        data.companionOf(target, whose)?.options.enclosing?.with(description) ?? {};
      return { geolocation: Object.fromEntries(headers).Geolocation, text: String(body?.content) };
    };
    return { clock, data, goesAlong };
  };

  it('is the last one that was told, with its age', async () => {
    const { clock, data, goesAlong } = setUp();
    expect(data.position).toBeUndefined();
    expect(data.companionOf(SOS, 'sip:car@example.org')).toBeUndefined();
    await data.tell({ ...SEOUL, speed: 3 });
    clock.advance(61_500);
    expect(data.position).toEqual({
      ...SEOUL,
      speed: 3,
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      ageS: 61,
    });
    await data.tell({ latitude: 1, longitude: 2, time: '2026-11-27T15:30:00+09:00' });
    expect(data.position).toEqual({
      ...{ latitude: 1, longitude: 2 },
      ...{ time: '2026-11-27T06:30:00.000Z', ageS: 0 },
    });
    const { text } = goesAlong(SOS);
    expect(inside(text, 'gml:pos')).toBe('1 2');
    expect(inside(text, 'timestamp')).toBe('2026-11-27T06:30:00.000Z');
  });

  it('goes along with calls for help alone', async () => {
    const { data, goesAlong } = setUp();
    await data.tell(SEOUL);
    for (const target of ['112', 'sip:112@example.org', 'urn:service:counseling']) {
      expect(data.companionOf(target, 'sip:car@example.org')).toBeUndefined();
    }
    expect(goesAlong('urn:service:sos.fire').geolocation).toMatch(/^<cid:[0-9a-f]+@example\.org>$/);
    expect(goesAlong(SOS, 'sip:car@[2001:db8::1]').geolocation).toMatch(/@\[2001:db8::1\]>$/);
  });
});
