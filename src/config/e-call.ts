import * as v from 'valibot';
import { choice, field, section } from '../schema';

const STORAGES = ['gasoline', 'diesel', 'cng', 'lpg', 'electric', 'hydrogen', 'other'] as const;

/** The section `emergency.eCall`: what a car tells of itself. */
export const eCall = section(
  'The car, for `urn:service:sos.ecall` (RFC 8147). Nobody has certified this.',
  {
    vin: field(
      v.pipe(v.string(), v.regex(/^[0-9A-HJ-NPR-Z]{17}$/)),
      '17 capital letters and digits without I, O and Q',
      'Its vehicle identification number.',
    ),
    vehicleType: v.optional(
      choice(
        ['M1', 'M2', 'M3', 'N1', 'N2', 'N3', 'L1e', 'L2e', 'L3e', 'L4e', 'L5e', 'L6e', 'L7e'],
        'Its category by UNECE; M1 is a passenger car.',
      ),
      'M1',
    ),
    propulsion: field(
      v.pipe(v.array(v.picklist(STORAGES)), v.minLength(1), v.maxLength(7)),
      `a list of ${STORAGES.join(', ')}`,
      'What it drives by.',
    ),
  },
);
