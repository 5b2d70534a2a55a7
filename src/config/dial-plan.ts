import * as v from 'valibot';
import { choice, field, section, text, wholeNumber } from '../schema';

const digits = (pattern: RegExp, expected: string, description: string) =>
  field(v.pipe(v.string(), v.regex(pattern)), expected, description);

const DIALLED = /^\+?[\d*#]{1,15}$/;

const rule = section('What becomes of numbers that begin so. The first rule that fits is taken.', {
  prefix: digits(DIALLED, 'digits as "9"', 'How the number begins.'),
  strip: v.optional(wholeNumber(0, 15, 'How many digits at its beginning are left out.'), 0),
  add: v.exactOptional(
    digits(DIALLED, 'digits as "00"', 'What is put before it then. A + makes it international.'),
  ),
});

/** The section `dialPlan`: what becomes of a number that somebody dials. */
export const dialPlan = section(
  'What becomes of a number that is dialled, as docs/dialling.md tells. Addresses (`sip:…`) and names are left as they are.',
  {
    countryCode: v.exactOptional(
      digits(
        /^[1-9]\d{0,2}$/,
        'a country code as "82"',
        'Where the camera is at home. With it national numbers become international ones, and the other way round.',
      ),
    ),
    trunkPrefix: v.optional(
      digits(/^\d{0,3}$/, 'digits as "0", or none', 'What national numbers begin with.'),
      '0',
    ),
    internationalPrefixes: v.optional(
      field(
        v.pipe(v.array(v.pipe(v.string(), v.regex(/^\d{1,5}$/))), v.maxLength(8)),
        'a list of digits, as ["00"]',
        'What numbers of other countries begin with, where they do not begin with +.',
      ),
      ['00'],
    ),
    sendAs: v.exactOptional(
      choice(
        ['as-dialled', 'e164', 'national'],
        'How numbers go to the server: as they were dialled, as +821012345678, or those of this country as 01012345678 and others with the first international prefix. Without it "e164" where `countryCode` is set.',
      ),
    ),
    rules: v.optional(
      field(v.pipe(v.array(rule), v.maxLength(32)), 'a list of rules', 'Tried first, in order.'),
      [],
    ),
    emergencyNumbers: v.optional(
      field(
        v.pipe(v.array(v.pipe(text('a number', ''), v.regex(/^\d{2,6}$/))), v.maxLength(16)),
        'a list of numbers, as ["112"]',
        'Never rewritten, whatever rules and phone book say.',
      ),
      ['112', '911', '119'],
    ),
  },
);

export type DialPlanConfig = v.InferOutput<typeof dialPlan>;
