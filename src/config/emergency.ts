import * as v from 'valibot';
import { field, path, section, text, wholeNumber } from '../schema';
import { eCall } from './e-call';
import { nmeaPlace } from './kinds';

/** RFC 5031 §4.2, and the tests of RFC 6881 §15. */
const SERVICE = /^urn:service:(test\.)?sos(\.[a-z\d-]+)*$/i;

const callee = v.pipe(
  text('a number, an address or a name of the phone book', ''),
  v.check(
    (name) => !/^urn:/i.test(name) || SERVICE.test(name),
    'urn:service:sos, or one below it as urn:service:sos.police',
  ),
);

/** The section `emergency`: the car's own call for help. */
export const emergency = section(
  'Whom the command `emergency` calls, as docs/emergency.md tells. Without it nobody.',
  {
    calls: field(
      v.pipe(v.array(callee), v.minLength(1), v.maxLength(16)),
      'a list as ["sip:home@example.org", "112"]',
      'Who is called, one after the other, until one answers and presses a key. Of `dialPlan.emergencyNumbers` and of `urn:service:sos` no key is awaited.',
    ),
    ringSeconds: v.optional(wholeNumber(5, 120, 'How long each is rung.'), 30),
    confirmSeconds: v.optional(
      wholeNumber(5, 120, 'How long after the answer a key is awaited; then it was a machine.'),
      20,
    ),
    rounds: v.optional(wholeNumber(1, 100, 'How often the list is gone through.'), 10),
    callBackMinutes: v.optional(
      wholeNumber(
        0,
        1440,
        'How long afterwards those of the list are answered at once when they call by way of the registrar, do-not-disturb or not.',
      ),
      60,
    ),
    eCall: v.exactOptional(eCall),
    nmea: v.exactOptional(nmeaPlace('A receiver that tells where the car is by NMEA 0183.')),
    lost: v.exactOptional(
      field(
        v.pipe(v.string(), v.regex(/^https?:\/\/[^\s/]+/)),
        'a URL as "https://lost.example.org/"',
        'A LoST server (RFC 5222), which knows who answers for `urn:service:sos` here.',
      ),
    ),
    announcement: v.exactOptional(path('A WAV file that who answers hears.')),
  },
);

/** Who calls as a car has to be one. */
export function hasCar(configured: v.InferOutput<typeof emergency> | undefined): boolean {
  const { calls = [], eCall: car } = configured ?? {};
  return car !== undefined || !calls.some((name) => /sos\.ecall(\.|$)/i.test(name));
}
