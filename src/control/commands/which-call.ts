import * as v from 'valibot';
import { field } from '../../schema';

export const callNumber = (description: string) =>
  field(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), 'the number of a call', description);

/** The last parameter of commands about one call. */
export const whichCall = (otherwise: string) =>
  v.exactOptional(callNumber(`Which call. Without it ${otherwise}.`));
