import { describe, expect, it } from 'vitest';
import { libertyNames, validateRequest } from '../../../src/sip/message';
import { LIBERTIES, type LibertyName } from '../../../src/sip/message/leniency';
import { invite } from './samples';
import { parsed, SERVES } from './torture';

/** Makes a message take that liberty, and no other. */
const TAKING: Readonly<Record<LibertyName, (text: string) => string>> = {
  'a line that is no header field': (text) => text.replace('Max-', 'Remark\r\nMax-'),
  'no blank line behind the fields': (text) => text.replace(/(\r\n)+$/, '\r\n'),
  'blanks in the start line': (text) => text.replace('SIP/2.0\r', 'SIP/2.0 \r'),
  'quotes inferred in a display name': (text) => text.replace('"Alice"', 'Alice, A.'),
  'blanks or unescaped characters in a URI': (text) => text.replace('<sip:alice', '< sip:alice'),
  'an address without a scheme, or none': (text) => text.replace(/From: .*;/, 'From: <>;'),
  'a colon without a port': (text) => text.replace('atlanta.example.com>', 'atlanta.example.com:>'),
  'an empty parameter': (text) => text.replace(';tag=9', ';;tag=9'),
  'a parameter that cannot be read': (text) => text.replace(';tag=9', ';x="y;tag=9'),
  'an empty element of a list': (text) =>
    text.replace('Max-', 'Record-Route: <sip:p;lr>,,<sip:q;lr>\r\nMax-'),
};

const verdictOf = (text: string) => {
  const message = parsed(text);
  if (message.kind !== 'request') throw new Error('expected a request');
  const { kind, ...rest } = validateRequest(message, SERVES);
  void message.recordRoutes;
  return { verdict: 'status' in rest ? rest.status : kind, taken: libertyNames(message.liberties) };
};

/** RFC 4475 asks for 400 where nothing is lost by it; a call is. */
describe.each(LIBERTIES)('$name ($clause)', ({ name, isForCalls }) => {
  const call = TAKING[name](invite());
  const question = call.replaceAll('INVITE', 'OPTIONS');

  it('costs nobody a call, nor what a dialog asks', () => {
    expect(verdictOf(call)).toEqual({ verdict: 'accept', taken: [name] });
    const within = question.replace('biloxi.example.com>', 'biloxi.example.com>;tag=b');
    expect(verdictOf(within)).toEqual({ verdict: 'accept', taken: [name] });
  });

  it(`${isForCalls ? 'costs' : 'does not cost'} a question 400`, () => {
    expect(verdictOf(question)).toEqual({ verdict: isForCalls ? 400 : 'accept', taken: [name] });
  });
});
