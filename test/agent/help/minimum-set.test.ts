// Shows RFC 8147.

import { describe, expect, it } from 'vitest';
import { encodeMinimumSet, type MinimumSet } from '../../../src/agent/help/minimum-set';
import { readMsd } from './msd-reader';

const CAR = { vin: 'WM9VDSVDSYA123456', vehicleType: 'M1', propulsion: ['gasoline'] };
const SET: MinimumSet = {
  car: CAR,
  number: 1,
  isAutomatic: true,
  isTest: false,
  beganAtS: 1_795_761_000,
  position: { latitude: 48.1351253, longitude: 11.5819806, heading: 90 },
  isPositionTrusted: true,
};
const read = (parts: Partial<MinimumSet> = {}) => readMsd(encodeMinimumSet({ ...SET, ...parts }));

describe('the reader of the tests', () => {
  it('reads the example of EN 15722:2011, §A, as it is explained there', () => {
    const example =
      '015C0681D54970D65C3597CA0420C41464583ADE68AC52E9BB8413F149C07414FB414F6010180813E82181823230';
    expect(readMsd(Buffer.from(example, 'hex'))).toMatchObject({
      ...{ version: 1, id: 1, automatic: true, test: false, trusted: true, vehicleType: 0 },
      vin: 'WM9VDSVDSYA123456',
      storages: [true, false, false, false, true, false],
      timestamp: 123_456_789,
      ...{ latitude: 173_881_200, longitude: 41_822_520, direction: 14 },
      n1: { latitude: 10, longitude: -10 },
      n2: { latitude: 10, longitude: -20 },
      ...{ passengers: 2, hasMore: true },
    });
  });

  it('reads the VIN of what another implementation has made (a test of Legato)', () => {
    const imported = '014C0780A64D29259760170A2CC34E3D051B184861EBA0C8FF737E6420D104013F8100';
    expect(readMsd(Buffer.from(imported, 'hex'))).toMatchObject({
      version: 1,
      vin: 'ASDAJNPR1VABCDEFG',
    });
  });
});

describe('a minimum set of data', () => {
  it('tells the car, the call and the place', () => {
    expect(read()).toEqual({
      ...{ version: 2, id: 1, automatic: true, test: false, trusted: true, vehicleType: 0 },
      vin: CAR.vin,
      storages: [true, false, false, false, false, false, false],
      timestamp: 1_795_761_000,
      latitude: Math.round(48.1351253 * 3_600_000),
      longitude: Math.round(11.5819806 * 3_600_000),
      direction: 45,
      ...{ n1: undefined, n2: undefined, passengers: undefined, hasMore: false },
      isWhole: true,
      octetsOfMessage: 30,
    });
  });

  it('is laid out bit by bit as the example is, but for what version 2 has more', () => {
    // Version, length, no option, id 1, automatic and trusted, M1, and W of the VIN.
    const octets = Buffer.from(encodeMinimumSet(SET));
    expect(octets.subarray(0, 6).toString('hex')).toBe('021e000681d5');
  });

  it('says what it does not know', () => {
    expect(read({ position: undefined, isPositionTrusted: false, beganAtS: 0 })).toMatchObject({
      ...{ latitude: 0x7fffffff, longitude: 0x7fffffff, direction: 255 },
      ...{ trusted: false, timestamp: 0, isWhole: true },
    });
    expect(read({ position: { latitude: 0, longitude: 0 } }).direction).toBe(255);
  });

  it.each([
    [-90, -180, 0, -324_000_000, -648_000_000, 0],
    [90, 180, 360, 324_000_000, 648_000_000, 0],
    [0, 0, 359, 0, 0, 0],
    [0, 0, 358, 0, 0, 179],
  ])('has room for %d %d, heading %d', (latitude, longitude, heading, north, east, direction) => {
    const position = { latitude, longitude, heading };
    expect(read({ position })).toMatchObject({ latitude: north, longitude: east, direction });
  });

  it.each<[string, number]>([
    ['M1', 0],
    ['N3', 5],
    ['L1e', 6],
    ['L7e', 12],
  ])('knows cars of %s', (vehicleType, number) => {
    expect(read({ car: { ...CAR, vehicleType } }).vehicleType).toBe(number);
  });

  it('tells each thing that a car drives by', () => {
    const propulsion = ['other', 'electric', 'diesel'];
    const { storages, isWhole } = read({ car: { ...CAR, propulsion } });
    expect(storages).toEqual([false, true, false, false, true, false, true]);
    expect(isWhole).toBe(true);
  });

  it('tells who has called, and whether it is a test, and which one of a call it is', () => {
    const set = read({ isAutomatic: false, isTest: true, number: 257 });
    expect(set).toMatchObject({ automatic: false, test: true, id: 1 });
  });
});
