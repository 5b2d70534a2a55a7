// Shows RFC 3966.

import { describe, expect, it } from 'vitest';
import { DialPlan, type DialPlanSettings, digitsOf, NO_DIAL_PLAN } from '../../src/agent/dial-plan';

const planned = (dialled: string, settings: Partial<DialPlanSettings> = {}) =>
  new DialPlan({ ...NO_DIAL_PLAN, ...settings }).plan(dialled);

const KOREA = { countryCode: '82', internationalPrefixes: ['00700', '001', '002'] };

describe('what is dialled as a number', () => {
  it.each([
    ['02-1234-5678', '0212345678'],
    ['+82 (0)10.1', '+820101'],
    ['tel:+82-2;phone-context=x', '+822'],
    ['*72#', '*72#'],
    ['192.0.2.7', undefined],
    ['home', undefined],
    ['sip:1@b', undefined],
    ['1a', undefined],
    ['', undefined],
  ])('%s is %s', (text, digits) => {
    expect(digitsOf(text)).toBe(digits);
  });
});

describe('a number by the plan', () => {
  it.each([
    // National, international by prefix, by +, an extension, a service.
    ['0212345678', '+82212345678'],
    ['01012345678', '+821012345678'],
    ['00113015551234', '+13015551234'],
    ['007004930123456', '+4930123456'],
    ['+4930123456', '+4930123456'],
    ['1001', '1001'],
    ['15881234', '15881234'],
    ['*72', '*72'],
    ['00', '00'],
  ])('%s goes out as %s', (dialled, number) => {
    expect(planned(dialled, KOREA).number).toBe(number);
  });

  it.each([
    ['+82212345678', '0212345678'],
    ['0212345678', '0212345678'],
    ['+13015551234', '0070013015551234'],
    ['1001', '1001'],
  ])('%s in national form goes out as %s', (dialled, number) => {
    expect(planned(dialled, { ...KOREA, sendAs: 'national' }).number).toBe(number);
  });

  it('of a country without a trunk prefix is known by its length', () => {
    const settings = { countryCode: '45', trunkPrefix: '' };
    expect(planned('12345678', settings).number).toBe('+4512345678');
    expect(planned('1234', settings).number).toBe('1234');
  });

  it('is left as it is where nothing is configured, or wanted', () => {
    for (const settings of [{}, { ...KOREA, sendAs: 'as-dialled' as const }]) {
      expect(planned('0212345678', settings)).toEqual({ number: '0212345678', steps: [] });
    }
  });

  it('goes by the first rule that fits, and by the country then', () => {
    const rules = [
      { prefix: '9', strip: 1 },
      { prefix: '*9', strip: 2, add: '+82' },
      { prefix: '8', strip: 0, add: '02123' },
      { prefix: '98', strip: 0, add: '7' },
    ];
    expect(planned('90212345678', { ...KOREA, rules })).toEqual({
      number: '+82212345678',
      steps: ['rule for 9: without 1 digits: 0212345678', 'international form: +82212345678'],
    });
    expect(planned('*9212345678', { rules }).number).toBe('+82212345678');
    expect(planned('84567', { ...KOREA, rules })).toEqual({
      number: '+82212384567',
      steps: ['rule for 8: 02123 before: 0212384567', 'international form: +82212384567'],
    });
    expect(planned('98', { rules }).number).toBe('8');
  });
});
