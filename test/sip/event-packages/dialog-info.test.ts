// Shows RFC 4235.

import { describe, expect, it } from 'vitest';
import { LineTable } from '../../../src/sip/event-packages';

const info = (version: number | string, state: string, dialogs = ''): string =>
  `<?xml version="1.0"?>\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="${version}" state="${state}" entity="sip:alice@example.com">${dialogs}</dialog-info>`;

const dialog = (id: string, state: string, direction = 'recipient', more = ''): string =>
  `<dialog id="${id}" call-id="c${id}" direction="${direction}"><state>${state}</state>${more}</dialog>`;

/** RFC 4235 §6.1: Alice calls Bob. */
const alice = (state: string): string =>
  `<dialog id="as7d900as8" call-id="a84b4c76e66710" local-tag="1928301774" direction="initiator">${state}</dialog>`;

describe('the dialogs of a line', () => {
  it('are told by the first document, and changed by those that follow: the example of RFC 4235 §6.1', () => {
    const table = new LineTable();
    expect(table.state).toEqual({ state: 'unknown', calls: [] });
    expect(table.take(info(0, 'full'))).toBe('taken');
    expect(table.state).toEqual({ state: 'idle', calls: [] });
    expect(table.take(info(1, 'partial', alice('<state>trying</state>')))).toBe('taken');
    expect(table.state).toEqual({
      state: 'busy',
      calls: [{ direction: 'outgoing', state: 'trying' }],
    });
    table.take(info(2, 'partial', alice('<state>early</state>')));
    table.take(info(3, 'partial', alice('<state>confirmed</state>')));
    expect(table.state.calls).toEqual([{ direction: 'outgoing', state: 'confirmed' }]);
    table.take(info(4, 'partial', alice('<state event="remote-bye">terminated</state>')));
    expect(table.state).toEqual({ state: 'idle', calls: [] });
  });

  it('tell with whom, and whether the line holds the call: the elements of §4.1.6', () => {
    const table = new LineTable();
    const parties = `<local><identity display="Alice">sip:alice@example.com</identity>
      <target uri="sip:alice@pc33.example.com"><param pname="isfocus" pval="true"/><param pname="+sip.rendering" pval="no"/></target></local>
      <remote><identity display="Bob">sip:bob@example.org</identity><target uri="sip:bobster@phone21.example.org"/></remote>`;
    table.take(info(0, 'full', dialog('1', 'confirmed', 'initiator', parties)));
    expect(table.state.calls).toEqual([
      {
        ...{ direction: 'outgoing', state: 'confirmed', held: true },
        ...{ remote: 'sip:bob@example.org', displayName: 'Bob' },
      },
    ]);
    const params =
      '<local><target uri="sip:a@b"><param pname="+sip.rendering" pval="yes"/><param pname="video" pval="no"/></target></local>';
    table.take(info(1, 'full', dialog('1', 'confirmed', 'initiator', params)));
    expect(table.state.calls).toEqual([{ direction: 'outgoing', state: 'confirmed' }]);
    const target = '<remote><target uri="sip:bobster@phone21.example.org"/></remote>';
    table.take(info(1, 'full', dialog('1', 'early', 'sideways', target)));
    expect(table.state).toEqual({
      state: 'ringing',
      calls: [{ state: 'early', remote: 'sip:bobster@phone21.example.org' }],
    });
  });

  it.each([
    ['idle', ''],
    ['idle', dialog('1', 'terminated')],
    ['ringing', dialog('1', 'early')],
    ['ringing', dialog('1', 'trying')],
    ['ringing', dialog('1', 'Proceeding')],
    ['busy', dialog('1', 'early', 'initiator')],
    ['busy', dialog('1', 'confirmed')],
    ['busy', dialog('1', 'early') + dialog('2', 'confirmed')],
    ['idle', `${dialog('1', 'dreaming')}<dialog><state>early</state></dialog>`],
    ['idle', dialog('1', 'early').replaceAll('state>', 'stat>')],
    ['idle', '<dialog xmlns="urn:other" id="1"><state>confirmed</state></dialog>'],
  ])('make it %s: %s', (state, dialogs) => {
    const table = new LineTable();
    table.take(info(0, 'full', dialogs));
    expect(table.state.state).toBe(state);
  });

  it('have to be asked for as a whole where a version is missing, or the first is none', () => {
    const table = new LineTable();
    expect(table.take(info(7, 'partial', dialog('1', 'confirmed')))).toBe('incomplete');
    expect(table.state.state).toBe('busy');
    expect(table.take(info(8, 'partial', dialog('1', 'terminated')))).toBe('taken');
    expect(table.state.state).toBe('unknown');
    expect(table.take(info(9, 'full'))).toBe('taken');
    expect(table.state.state).toBe('idle');
    expect(table.take(info(11, 'partial', dialog('2', 'early')))).toBe('incomplete');
    expect(table.state.state).toBe('ringing');
    expect(table.take(info(15, 'full', dialog('3', 'confirmed')))).toBe('taken');
    expect(table.state.calls).toHaveLength(1);
  });

  it('are not changed by what was overtaken, unless that tells all', () => {
    const table = new LineTable();
    table.take(info(4, 'full', dialog('1', 'confirmed')));
    expect(table.take(info(4, 'partial', dialog('1', 'terminated')))).toBe('stale');
    expect(table.take(info(3, 'partial', dialog('1', 'terminated')))).toBe('stale');
    expect(table.state.state).toBe('busy');
    expect(table.take(info(5, 'partial', dialog('1', 'terminated')))).toBe('taken');
    expect(table.take(info(0, 'full', dialog('1', 'early')))).toBe('taken');
    expect(table.state.state).toBe('ringing');
  });

  it('are counted anew by another subscription, and known until that tells', () => {
    const table = new LineTable();
    table.take(info(9, 'full', dialog('1', 'confirmed')));
    table.restart();
    expect(table.state.state).toBe('busy');
    expect(table.take(info(0, 'partial', dialog('1', 'terminated')))).toBe('incomplete');
    expect(table.state.state).toBe('idle');
  });

  it('are none where the server has nothing to tell, and unknown once nobody tells', () => {
    const table = new LineTable();
    table.take(info(0, 'full', dialog('1', 'confirmed')));
    table.takeNothing();
    expect(table.state).toEqual({ state: 'idle', calls: [] });
    table.forget();
    expect(table.state).toEqual({ state: 'unknown', calls: [] });
  });

  it('are known by their whole ids, unless those are longer than any', () => {
    const table = new LineTable();
    const [one, other] = [`${'i'.repeat(200)}1`, `${'i'.repeat(200)}2`];
    table.take(info(0, 'full', dialog(one, 'early') + dialog(other, 'early')));
    table.take(info(1, 'partial', dialog(other, 'terminated') + dialog('i'.repeat(257), 'early')));
    expect(table.state.calls).toHaveLength(1);
    table.take(info(2, 'partial', dialog(one, 'terminated')));
    expect(table.state.state).toBe('idle');
  });

  it('are kept up to sixteen, and four are told of', () => {
    const table = new LineTable();
    for (let version = 0; version < 100; version += 1) {
      table.take(info(version, version === 0 ? 'full' : 'partial', dialog(`${version}`, 'early')));
    }
    expect(table.state.calls).toHaveLength(4);
    table.take(info(100, 'partial', dialog('15', 'confirmed')));
    expect(table.state.state).toBe('busy');
    table.take(info(101, 'partial', dialog('15', 'terminated') + dialog('99', 'confirmed')));
    expect(table.state.state).toBe('busy');
    table.take(info(102, 'partial', dialog('16', 'confirmed')));
    table.take(info(103, 'partial', dialog('99', 'terminated')));
    expect(table.state.state).toBe('ringing');
  });

  it.each([
    ['no version', info(0, 'full').replace('version="0"', '')],
    ['a version below zero', info(-1, 'full')],
    ['a version of 33 bits', info(4_294_967_296, 'full')],
    ['no state', info(0, '')],
    ['a state that is none', info(0, 'some')],
    ['another root', '<presence xmlns="urn:ietf:params:xml:ns:pidf"/>'],
    ['a torn end', info(0, 'full').slice(0, -3)],
  ])('are not read from a document with %s', (_, document) => {
    const table = new LineTable();
    expect(table.take(document)).toHaveProperty('fault');
    expect(table.state.state).toBe('unknown');
  });

  it('may have a version with zeros before it', () => {
    expect(new LineTable().take(info('00000000007', 'full'))).toBe('taken');
  });
});
