import { optional } from 'valibot';
import { choice, flag, section } from '../schema';

/** What the cabin hears of calls that have not come about yet. */
export const tones = section('Tones in the cabin.', {
  country: optional(
    choice(
      ['kr', 'us', 'gb', 'de'],
      'Whose ring-back, busy, congestion and waiting tone (ITU-T E.180 Supplement 2).',
    ),
    'kr',
  ),
  progress: optional(
    flag(
      'Ring-back while the far end rings (unless it sends a tone itself), and why a call did not come about.',
    ),
    true,
  ),
  ring: optional(flag('The cabin rings when somebody calls.'), false),
});
