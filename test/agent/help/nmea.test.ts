import { describe, expect, it } from 'vitest';
import { NmeaFix } from '../../../src/agent/help/nmea-fix';
import { NmeaLines } from '../../../src/agent/help/nmea-lines';
import { fieldsOf } from '../../../src/agent/help/nmea-sentence';
import type { Fix } from '../../../src/agent/help/shapes';

/** With its checksum. */
const sentence = (text: string): string => {
  const sum = [...Buffer.from(text)].reduce((sum, octet) => sum ^ octet, 0);
  return `$${text}*${sum.toString(16).toUpperCase().padStart(2, '0')}`;
};

/** The last fix that a receiver which says this has told. */
function fixOf(...lines: readonly string[]): Fix | undefined {
  const fix = new NmeaFix();
  let last: Fix | undefined;
  for (const [at, line] of lines.entries()) {
    const fields = fieldsOf(line);
    if (!fields) throw new Error(`no sentence: ${line}`);
    last = fix.hear(fields, at) ?? last;
  }
  return last;
}

describe('a sentence of NMEA 0183', () => {
  // Those of receivers' manuals and of gpsd's collection.
  it.each<[string, string, Fix]>([
    [
      'RMC',
      '$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A',
      {
        ...{ latitude: 48.1173, longitude: 11.5166667, speed: 11.52, heading: 84.4 },
        time: '1994-03-23T12:35:19.000Z',
      },
    ],
    [
      'RMC of the south and the west, with fractions',
      sentence('GNRMC,083559.25,A,4717.11437,S,00833.91522,W,0.004,,091226,,,A,V'),
      {
        ...{ latitude: -47.2852395, longitude: -8.5652537, speed: 0 },
        time: '2026-12-09T08:35:59.250Z',
      },
    ],
    [
      'GGA, which tells its height above the sea',
      '$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47',
      { latitude: 48.1173, longitude: 11.5166667, altitude: 592.3, accuracy: 14 },
    ],
    [
      'GGA with corrections',
      '$GPGGA,134658.00,5106.9792,N,11402.3003,W,2,09,1.0,1048.47,M,-16.27,M,08,AAAA*60',
      { latitude: 51.11632, longitude: -114.0383383, altitude: 1032.2, accuracy: 4 },
    ],
    [
      'GNS',
      '$GNGNS,014035.00,4332.69262,S,17235.48549,E,RR,13,0.9,25.63,11.24,,*70',
      { latitude: -43.544877, longitude: 172.5914248, altitude: 36.9, accuracy: 4 },
    ],
  ])('tells where it is: %s', (_, line, fix) => {
    expect(fixOf(line)).toEqual(fix);
  });

  it('is of any talker, and may have noise or tags before it', () => {
    const rmc = 'RMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W';
    for (const talker of ['GP', 'GN', 'GL', 'BD', 'P1']) {
      expect(fixOf(sentence(`${talker}${rmc}`))?.latitude).toBe(48.1173);
    }
    expect(fixOf(`\\s:r,c:1*2E\\\x00\xff${sentence(`GP${rmc}`)} `)?.latitude).toBe(48.1173);
  });

  it.each([
    ['another checksum', '$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6B'],
    ['none', '$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W'],
    ['a letter that is torn off', '$PRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4*6A'],
    ['nothing between', '$*00'],
    ['binary', 'µb\x01\x07\\\x00'],
    ['nothing', ''],
  ])('is none with %s', (_, line) => {
    expect(fieldsOf(line)).toBeUndefined();
  });

  it.each([
    ['RMC without a fix', 'GPRMC,123519,V,4807.038,N,01131.000,E,,,230394,,,N'],
    ['RMC by hand', 'GPRMC,123519,A,4807.038,N,01131.000,E,,,230394,,,M'],
    ['GGA without a fix', 'GPGGA,123519,4807.038,N,01131.000,E,0,00,99.9,,M,,M,,'],
    ['GGA of a simulator', 'GPGGA,123519,4807.038,N,01131.000,E,8,08,0.9,545.4,M,46.9,M,,'],
    ['GNS without a fix', 'GNGNS,123519,4807.038,N,01131.000,E,NN,00,99.9,,,,'],
    ['minutes beyond an hour', 'GPRMC,123519,A,4860.000,N,01131.000,E,,,230394,,'],
    ['a latitude beyond the pole', 'GPRMC,123519,A,9000.001,N,01131.000,E,,,230394,,'],
    ['a longitude beyond the date line', 'GPRMC,123519,A,4807.038,N,18000.001,E,,,230394,,'],
    ['no side', 'GPRMC,123519,A,4807.038,,01131.000,E,,,230394,,'],
    ['another side', 'GPRMC,123519,A,4807.038,NS,01131.000,E,,,230394,,'],
    ['degrees that are none', 'GPRMC,123519,A,48.1,N,11.5,E,,,230394,,'],
    ['no field at all', 'GPRMC'],
    ['another type', 'GPGSV,4,1,13,02,28,259,33'],
    ['speed alone', 'GPVTG,054.7,T,034.4,M,005.5,N,010.2,K'],
  ])('tells no place: %s', (_, text) => {
    expect(fixOf(sentence(text))).toBeUndefined();
  });

  it('leaves out what is not there, or cannot be', () => {
    const place = { latitude: 48.1173, longitude: 11.5166667 };
    const at = '4807.038,N,01131.000,E';
    expect(fixOf(sentence(`GPRMC,123519,A,${at},999999,361,310294,,`))).toEqual(place);
    expect(fixOf(sentence(`GPRMC,250000,A,${at},-1,-1,230394,,`))).toEqual(place);
    expect(fixOf(sentence(`GPGGA,123519,${at},1,08,99.99,545.4,M,,M,,`))).toEqual(place);
    // Reckoned on from the last fix: how far off nobody knows.
    expect(fixOf(sentence(`GPGGA,123519,${at},6,00,0.9,,M,,M,,`))).toEqual(place);
    expect(fixOf(sentence(`GNGNS,123519,${at},EN,00,0.9,,,,`))).toEqual(place);
  });
});

describe('the sentences of a receiver', () => {
  const RMC = '$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A';
  const GGA = '$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47';
  const VTG = '$GPVTG,054.7,T,034.4,M,005.5,N,010.2,K*48';
  const whole = {
    ...{ latitude: 48.1173, longitude: 11.5166667, altitude: 592.3, accuracy: 14 },
    ...{ speed: 11.52, heading: 84.4, time: '1994-03-23T12:35:19.000Z' },
  };

  it('are one fix, in either order', () => {
    expect(fixOf(RMC, GGA)).toEqual(whole);
    expect(fixOf(GGA, RMC)).toEqual(whole);
    expect(fixOf(RMC, VTG, GGA)).toEqual({ ...whole, speed: 2.83, heading: 54.7 });
    expect(fixOf(VTG, RMC, GGA)).toEqual(whole);
  });

  it('are of the day that was told before midnight', () => {
    const before = sentence('GPRMC,235959.50,A,4807.038,N,01131.000,E,,,311226,,');
    const after = sentence('GPGGA,000000.50,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,');
    expect(fixOf(before, after)?.time).toBe('2027-01-01T00:00:00.500Z');
  });

  it('count together for three seconds, and until the fix is lost', () => {
    const [rmc = [], gga = []] = [RMC, GGA].map((line) => fieldsOf(line));
    const lost = fieldsOf(sentence('GPRMC,123520,V,,,,,,,230394,,')) ?? [];
    const fix = new NmeaFix();
    fix.hear(gga, 0);
    expect(fix.hear(rmc, 2999)).toHaveProperty('accuracy');
    expect(fix.hear(rmc, 3000)).not.toHaveProperty('accuracy');
    fix.hear(gga, 4000);
    expect(fix.hear(lost, 4001)).toBeUndefined();
    expect(fix.hear(rmc, 4002)).not.toHaveProperty('accuracy');
  });
});

describe('lines', () => {
  it('end as they like, and come in any pieces', () => {
    const lines = new NmeaLines();
    const text = 'one\r\ntwo\nthree\r\r\nfour';
    expect([...Buffer.from(text)].flatMap((octet) => lines.push(Buffer.of(octet)))).toEqual([
      ...['one', 'two', 'three'],
    ]);
    expect(lines.end()).toEqual(['four']);
    expect(lines.push(Buffer.from('five\nsix\n'))).toEqual(['five', 'six']);
  });

  it('without an end take no room, and what follows is read', () => {
    const lines = new NmeaLines();
    const megabyte = Buffer.alloc(1_000_000, 'x');
    for (let at = 0; at < megabyte.length; at += 1000) {
      expect(lines.push(megabyte.subarray(at, at + 1000))).toEqual([]);
    }
    expect(lines.push(megabyte)).toEqual([]);
    expect(lines.push(Buffer.from('\nshort\n'))).toEqual(['short']);
    expect(lines.push(Buffer.from(`${'x'.repeat(256)}\n${'x'.repeat(257)}\n`))).toEqual([
      'x'.repeat(256),
    ]);
  });
});
