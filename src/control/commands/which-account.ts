import * as v from 'valibot';
import { text } from '../../schema';

/** By its name or address; on a command line `--account`. */
export const whichAccount = (without: string) =>
  v.exactOptional(
    text(
      'the name or address of an account',
      `By which account, as \`status\` calls it. Without it ${without}.`,
    ),
  );
