import * as v from 'valibot';
import { exportCards, importCards, MAX_NAME, MAX_NUMBER, SHORT_NUMBER } from '../../agent';
import { field, madeOfType, text, wholeNumber } from '../../schema';
import { type Command, defineCommand } from '../command';

const upTo = (limit: number, expected: string, description: string) =>
  field(
    v.pipe(v.string(), v.regex(/^[^\x00-\x1f\x7f]+$/), v.maxLength(limit)),
    `${expected}, ${limit} characters at most`,
    description,
  );

const contactName = (description: string) => upTo(MAX_NAME, 'a name', description);

/** Nothing but cards is read or written there. */
const cardFile = field(
  v.pipe(v.string(), v.regex(/^\/[^\x00-\x1f\x7f]*\.(vcf|vcard)$/i)),
  'a path from the root that ends in .vcf, as "/tmp/SD0/contacts.vcf"',
  'The file, on the machine of the agent.',
);

const count = (description: string) => wholeNumber(0, Number.MAX_SAFE_INTEGER, description);

const contactReply = madeOfType(v.looseObject({}), 'Contact');

/** Names, numbers, and what becomes of a number that is dialled. */
export const PHONE_BOOK_COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'phone-book list',
    repeats: true,
    summary: 'The phone book, by name.',
    param: {
      search: v.exactOptional(text('text', 'Only those with this in name or numbers.')),
    },
    reply: v.object({ contacts: v.array(contactReply) }),
    run: ({ agent }, { search }) => ({
      contacts: agent.phoneBook.find(search).map((contact) => ({ ...contact })),
    }),
  }),
  defineCommand({
    name: 'phone-book add',
    summary:
      'Puts a number into the phone book: of a new name, or one more of a name that is there.',
    notes:
      'The first number of a name is the one that is called. It is dialled by name or by short number in `call`, `message` and `transfer`.',
    param: {
      name: contactName('Whose it is. Case does not matter.'),
      number: upTo(MAX_NUMBER, 'a number or address', 'As in `call`.'),
      short: v.exactOptional(
        field(
          v.pipe(v.string(), v.regex(SHORT_NUMBER)),
          '1 to 6 of 0-9, * and #',
          'Short number that is dialled in its place.',
        ),
      ),
    },
    reply: v.object({ contact: contactReply }),
    run: async ({ agent }, { name, number, short }) => ({
      contact: { ...(await agent.phoneBook.add(name, number, short)) },
    }),
    words: (_, { name, number }) => `${name}: ${number} is in the phone book`,
  }),
  defineCommand({
    name: 'phone-book remove',
    summary: 'Takes a name out of the phone book, with all its numbers.',
    param: { name: contactName('Which one, by name or short number.') },
    run: ({ agent }, { name }) => agent.phoneBook.remove(name),
    words: (_, { name }) => `${name} is no longer in the phone book`,
  }),
  defineCommand({
    name: 'phone-book import',
    summary: 'Takes in a file of vCards (RFC 6350; those of 3.0 and 2.1, too).',
    notes:
      'Names that are there get the numbers that they have not; a short number that is taken stays whose it is. Cards without a name or a number are left out.',
    param: { file: cardFile },
    reply: v.object({
      added: count('New names.'),
      changed: count('Names that have got something.'),
      skipped: count('Cards that were left out.'),
    }),
    run: async ({ agent }, { file }) => ({ ...(await importCards(agent.phoneBook, file)) }),
    words: ({ added, changed, skipped }) =>
      `${added} added, ${changed} changed, ${skipped} left out`,
  }),
  defineCommand({
    name: 'phone-book export',
    summary: 'Writes the phone book into a file of vCards (RFC 6350).',
    notes: 'A file that is there is written over; its folder has to be there.',
    param: { file: cardFile },
    reply: v.object({ contacts: count('How many were written.') }),
    run: async ({ agent }, { file }) => ({ contacts: await exportCards(agent.phoneBook, file) }),
    words: ({ contacts }, { file }) => `${contacts} written to ${file}`,
  }),
  defineCommand({
    name: 'dial-plan',
    repeats: true,
    summary: 'What would be called for a number or name, and why. Nobody is called.',
    param: { number: text('a number, a name or an address', 'What would be dialled.') },
    reply: madeOfType(v.looseObject({ uri: v.string(), steps: v.array(v.string()) }), 'Dialled'),
    run: ({ agent }, { number }) => {
      const { steps, ...rest } = agent.planOf(number);
      return { ...rest, steps: [...steps] };
    },
    words: ({ uri, steps }) => [...steps, uri].join('\n'),
  }),
];
