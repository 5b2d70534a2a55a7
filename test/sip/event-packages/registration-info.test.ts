// Shows RFC 3680.

import { describe, expect, it } from 'vitest';
import { RegistrationTable } from '../../../src/sip/event-packages';

const info = (version: number, state: string, registrations = ''): string =>
  `<?xml version="1.0"?><reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="${version}" state="${state}">${registrations}</reginfo>`;

const registration = (state: string, contacts = '', id = 'as9'): string =>
  `<registration aor="sip:user@example.com" id="${id}" state="${state}">${contacts}</registration>`;

const contact = (id: string, state: string, event: string, more = ''): string =>
  `<contact id="${id}" state="${state}" event="${event}" duration-registered="7322" q="0.8"><uri>sip:user@pc${id}.example.com</uri>${more}</contact>`;

describe('the registrations of an address', () => {
  it('are those that the registrar tells: the example of RFC 3680 §5.3', () => {
    const table = new RegistrationTable();
    expect(table.state).toEqual({ state: 'unknown', contacts: [] });
    const contacts = contact('76', 'active', 'registered') + contact('77', 'terminated', 'expired');
    expect(table.take(info(0, 'full', registration('active', contacts)))).toBe('taken');
    expect(table.state).toEqual({
      state: 'active',
      contacts: [
        { uri: 'sip:user@pc76.example.com', state: 'active', event: 'registered' },
        { uri: 'sip:user@pc77.example.com', state: 'terminated', event: 'expired' },
      ],
    });
  });

  it('come and go by documents that tell of one of them: the flow of §6', () => {
    const table = new RegistrationTable();
    table.take(info(0, 'full', registration('init')));
    expect(table.state).toEqual({ state: 'init', contacts: [] });
    const named = contact('76', 'active', 'created', '<display-name>Joe</display-name>');
    table.take(info(1, 'partial', registration('active', named)));
    table.take(info(2, 'partial', registration('active', contact('77', 'active', 'registered'))));
    expect(table.state.contacts).toMatchObject([
      { uri: 'sip:user@pc76.example.com', event: 'created', displayName: 'Joe' },
      { uri: 'sip:user@pc77.example.com' },
    ]);
    const gone = contact('76', 'terminated', 'deactivated');
    expect(table.take(info(3, 'partial', registration('active', gone)))).toBe('taken');
    expect(table.state.contacts).toMatchObject([
      { uri: 'sip:user@pc76.example.com', state: 'terminated', event: 'deactivated' },
      { uri: 'sip:user@pc77.example.com', state: 'active' },
    ]);
    table.take(info(4, 'partial', registration('active')));
    expect(table.state.contacts).toHaveLength(1);
    table.take(
      info(5, 'partial', registration('terminated', contact('77', 'terminated', 'expired'))),
    );
    expect(table.state.state).toBe('terminated');
  });

  it('have to be asked for as a whole after a gap, and nothing that was overtaken counts', () => {
    const table = new RegistrationTable();
    table.take(info(3, 'full', registration('active', contact('1', 'active', 'registered'))));
    const left = registration('terminated', contact('1', 'terminated', 'expired'));
    expect(table.take(info(3, 'partial', left))).toBe('stale');
    expect(table.take(info(2, 'partial', left))).toBe('stale');
    expect(table.state.state).toBe('active');
    expect(table.take(info(5, 'partial', left))).toBe('incomplete');
    expect(table.state.state).toBe('terminated');
    table.restart();
    expect(table.take(info(0, 'partial'))).toBe('incomplete');
  });

  it('are the last that tells all, though it has the same version, as kamailio has it', () => {
    const table = new RegistrationTable();
    table.take(info(0, 'full', registration('active', contact('1', 'active', 'registered'))));
    expect(table.take(info(0, 'full', registration('terminated')))).toBe('taken');
    expect(table.state).toEqual({ state: 'terminated', contacts: [] });
    table.takeNothing();
    expect(table.state).toEqual({ state: 'unknown', contacts: [] });
  });

  it('of several addresses that are registered with ours are all told', () => {
    const table = new RegistrationTable();
    const second = registration('active', contact('2', 'active', 'registered'), 'other');
    table.take(info(0, 'full', registration('terminated') + second));
    expect(table.state).toMatchObject({ state: 'active', contacts: [{ state: 'active' }] });
  });

  it.each([
    ['no id', '<registration state="active"/>'],
    ['no state', '<registration id="1"/>'],
    ['another namespace', '<registration xmlns="urn:other" id="1" state="active"/>'],
  ])('with %s are passed over', (_, text) => {
    const table = new RegistrationTable();
    expect(table.take(info(0, 'full', text))).toBe('taken');
    expect(table.state.state).toBe('unknown');
  });

  it.each([
    ['no id', '<contact state="active" event="created"><uri>sip:a@b</uri></contact>'],
    ['no state', '<contact id="1" event="created"><uri>sip:a@b</uri></contact>'],
    ['no address', '<contact id="1" state="active" event="created"/>'],
  ])('keep no contact with %s', (_, text) => {
    const table = new RegistrationTable();
    table.take(info(0, 'full', registration('active', text)));
    expect(table.state).toEqual({ state: 'active', contacts: [] });
  });

  it('are kept up to a bound', () => {
    const table = new RegistrationTable();
    table.take(info(0, 'full', registration('active')));
    for (let version = 1; version < 200; version += 1) {
      const some = contact(`${version}`, 'active', 'created');
      const id = `r${version % 20}`;
      table.take(info(version, 'partial', registration('active', some, id)));
    }
    expect(table.state.contacts).toHaveLength(8);
  });

  it('beyond that bound are unknown: the ninth address, and the thirty-third contact', () => {
    const idle = Array.from({ length: 8 }, (_, i) => registration('init', '', `r${i}`)).join('');
    const table = new RegistrationTable();
    table.take(info(0, 'full', idle + registration('active', '', 'ninth')));
    expect(table.state.state).toBe('init');
    const all = (state: string, count: number): string =>
      Array.from({ length: count }, (_, i) => contact(`${i}`, state, 'created')).join('');
    table.take(info(1, 'full', registration('active', all('active', 33))));
    expect(table.state.contacts).toHaveLength(8);
    table.take(info(2, 'partial', registration('active', all('terminated', 31))));
    table.take(info(3, 'partial'));
    expect(table.state.contacts).toMatchObject([{ uri: 'sip:user@pc31.example.com' }]);
  });

  it('are not read from what is none', () => {
    const table = new RegistrationTable();
    for (const text of ['', '<reginfo/>', info(0, 'whole'), info(0, 'full').slice(0, -1)])
      expect(table.take(text)).toHaveProperty('fault');
  });
});
