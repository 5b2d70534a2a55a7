import { isIP } from 'node:net';
import { isHelpService } from '../sip';

/** How numbers are taken and sent. */
export interface DialPlanSettings {
  /** Without it no number is known as national. */
  readonly countryCode?: string;
  readonly trunkPrefix: string;
  readonly internationalPrefixes: readonly string[];
  readonly sendAs?: 'as-dialled' | 'e164' | 'national';
  readonly rules: readonly {
    readonly prefix: string;
    readonly strip: number;
    readonly add?: string;
  }[];
  readonly emergencyNumbers: readonly string[];
}

/** Nothing is rewritten. */
export const NO_DIAL_PLAN: DialPlanSettings = {
  ...{ trunkPrefix: '0', internationalPrefixes: ['00'], rules: [] },
  emergencyNumbers: ['112', '911', '119'],
};

/** A number by the plan, and each thing that was done to it, in words. */
export interface PlannedNumber {
  readonly number: string;
  readonly steps: readonly string[];
}

/** Shorter ones are extensions and services: no country has subscribers with so few digits. */
const MIN_SUBSCRIBER = 7;
/** ITU-T E.164 §6. */
const E164 = /^\+[1-9]\d{6,14}$/;

/** What is dialled, as digits, without what is there for the eye (RFC 3966 §5.1.1); undefined for other text. */
export function digitsOf(text: string): string | undefined {
  if (isIP(text) !== 0) return undefined;
  const bare = text
    .replace(/^tel:/i, '')
    .replace(/;.*$/, '')
    .replace(/[\s().-]/g, '');
  return /^\+?[\d*#]+$/.test(bare) ? bare : undefined;
}

/** From what a person dials to what the server is sent. */
export class DialPlan {
  readonly #settings: DialPlanSettings;

  constructor(settings: DialPlanSettings) {
    this.#settings = settings;
  }

  isEmergency(text: string): boolean {
    return isHelpService(text) || this.#settings.emergencyNumbers.includes(digitsOf(text) ?? '');
  }

  plan(dialled: string): PlannedNumber {
    const steps: string[] = [];
    const ruled = this.#byRule(dialled, steps);
    return { number: this.#asSent(ruled, steps), steps };
  }

  /** As +821012345678; undefined for an extension, and where the country is not known. */
  toE164(number: string): string | undefined {
    const { countryCode, trunkPrefix, internationalPrefixes } = this.#settings;
    if (number.startsWith('+')) return asE164(number);
    if (!/^\d+$/.test(number)) return undefined;
    const abroad = internationalPrefixes.find((prefix) => number.startsWith(prefix));
    if (abroad !== undefined) return asE164(`+${number.slice(abroad.length)}`);
    const isNational = number.startsWith(trunkPrefix) && number.length >= MIN_SUBSCRIBER;
    if (countryCode === undefined || !isNational) return undefined;
    return asE164(`+${countryCode}${number.slice(trunkPrefix.length)}`);
  }

  #byRule(dialled: string, steps: string[]): string {
    const rule = this.#settings.rules.find(({ prefix }) => dialled.startsWith(prefix));
    if (!rule) return dialled;
    const { prefix, strip, add = '' } = rule;
    const number = `${add}${dialled.slice(strip)}`;
    const [without, before] = [strip ? `without ${strip} digits` : '', add ? `${add} before` : ''];
    const words = [without, before].filter(Boolean).join(', ') || 'as it is';
    steps.push(`rule for ${prefix}: ${words}: ${number}`);
    return number;
  }

  #asSent(number: string, steps: string[]): string {
    const { countryCode, trunkPrefix, internationalPrefixes, ...settings } = this.#settings;
    const sendAs = settings.sendAs ?? (countryCode === undefined ? 'as-dialled' : 'e164');
    const global = sendAs === 'as-dialled' ? undefined : this.toE164(number);
    if (global === undefined) return number;
    const isHome = countryCode !== undefined && global.startsWith(`+${countryCode}`);
    const sent =
      sendAs === 'e164'
        ? global
        : isHome
          ? `${trunkPrefix}${global.slice(countryCode.length + 1)}`
          : `${internationalPrefixes[0] ?? '+'}${global.slice(1)}`;
    if (sent !== number) {
      steps.push(`${sendAs === 'e164' ? 'international' : 'national'} form: ${sent}`);
    }
    return sent;
  }
}

function asE164(number: string): string | undefined {
  return E164.test(number) ? number : undefined;
}
