// Shows RFC 3856, 3863, 4480.

import { describe, expect, it } from 'vitest';
import { PresenceTable } from '../../../src/sip/event-packages';
import { presenceDocument } from '../../../src/sip/publication/presence-document';

const read = (document: string) => {
  const table = new PresenceTable();
  const taken = table.take(document);
  return { taken, state: table.state };
};

/** RFC 3863 §4.4. */
const RFC_3863 = `<?xml version="1.0" encoding="UTF-8"?>
<impp:presence xmlns:impp="urn:ietf:params:xml:ns:pidf"
    xmlns:myex="http://id.example.com/presence/"
    entity="pres:someone@example.com">
  <impp:tuple id="ck38g9">
    <impp:status>
      <impp:basic>open</impp:basic>
      <myex:location>home</myex:location>
    </impp:status>
    <impp:contact priority="0.8">im:someone@mobilecarrier.example</impp:contact>
    <impp:note xml:lang="en">Don't Disturb Please!</impp:note>
    <impp:note xml:lang="fr">Ne derangez pas, s'il vous plait</impp:note>
    <impp:timestamp>2001-10-27T16:49:29Z</impp:timestamp>
  </impp:tuple>
  <impp:tuple id="md66je">
    <impp:status><impp:basic>closed</impp:basic></impp:status>
    <impp:contact priority="1.0">mailto:someone@example.com</impp:contact>
  </impp:tuple>
  <impp:note>I'll be in Tokyo next week</impp:note>
</impp:presence>`;

/** The shape of RFC 4480 §4. */
const RFC_4480 = `<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"
    xmlns:r="urn:ietf:params:xml:ns:pidf:rpid" entity="pres:someone@example.com">
  <tuple id="bs35r9">
    <status><basic>closed</basic></status>
    <r:activities><r:in-transit/><r:on-the-phone/></r:activities>
  </tuple>
  <dm:person id="p1">
    <r:activities from="2005-05-30T12:00:00+05:00" until="2005-05-30T17:00:00+05:00">
      <r:note>Far away</r:note>
      <r:on-the-phone/>
      <r:other>Feeding the cat</r:other>
      <r:unknown/>
      <x:sleeping xmlns:x="urn:other"/>
    </r:activities>
    <dm:note>Scoring 120</dm:note>
  </dm:person>
</presence>`;

const tuple = (basic: string): string =>
  `<presence xmlns="urn:ietf:params:xml:ns:pidf"><tuple id="a"><status>${basic}</status></tuple></presence>`;

const A_WAY = '<tuple id="b"><status><basic>open</basic></status></tuple>';

describe('a presence document', () => {
  it('is open where one of its ways is, with the first note: the example of RFC 3863', () => {
    expect(read(RFC_3863)).toEqual({
      taken: 'taken',
      state: { state: 'open', activities: [], note: 'I\u0027ll be in Tokyo next week' },
    });
  });

  it('tells of the person what RFC 4480 has for that', () => {
    expect(read(RFC_4480).state).toEqual({
      state: 'closed',
      activities: ['on-the-phone', 'Feeding the cat', 'in-transit'],
      note: 'Scoring 120',
    });
  });

  it.each([
    ['open', tuple('<basic>open</basic>')],
    ['open', tuple('<basic>closed</basic>').replace('</tuple>', `</tuple>${A_WAY}`)],
    ['closed', tuple('<basic> closed </basic>')],
    ['unknown', tuple('')],
    ['unknown', tuple('<basic>perhaps</basic>')],
    ['unknown', '<presence xmlns="urn:ietf:params:xml:ns:pidf"/>'],
  ])('is %s: %s', (state, document) => {
    expect(read(document)).toEqual({ taken: 'taken', state: { state, activities: [] } });
  });

  it('is what we publish ourselves', () => {
    const document = presenceDocument({ isOpen: true, isOnThePhone: true }, 'sip:car@example.org');
    expect(read(document).state).toEqual({ state: 'open', activities: ['on-the-phone'] });
  });

  it('keeps no more than is shown', () => {
    const many = Array.from({ length: 50 }, (_, i) => `<r:a${i}/>`).join('');
    const { state } = read(
      `<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:r="urn:ietf:params:xml:ns:pidf:rpid"><tuple><r:activities>${many}</r:activities></tuple><note>${'n'.repeat(5000)}</note></presence>`,
    );
    expect(state.activities).toHaveLength(4);
    expect(state.note).toBe('n'.repeat(100));
  });

  it('is cut in whole characters', () => {
    const { state } = read(
      `<presence xmlns="urn:ietf:params:xml:ns:pidf"><note>${'\u{1f697}'.repeat(26)}</note></presence>`,
    );
    expect(state.note).toBe('\u{1f697}'.repeat(25));
    const other = read(
      `<presence xmlns="urn:ietf:params:xml:ns:pidf"><note>x${'\u{1f697}'.repeat(26)}</note></presence>`,
    );
    expect(other.state.note).toBe(`x${'\u{1f697}'.repeat(24)}`);
  });

  it('that cannot be read leaves what is known, and is told of', () => {
    const table = new PresenceTable();
    table.take(tuple('<basic>open</basic>'));
    expect(table.take('<presence>')).toHaveProperty('fault');
    expect(table.take('<reginfo xmlns="urn:ietf:params:xml:ns:reginfo"/>')).toHaveProperty('fault');
    expect(table.state.state).toBe('open');
    table.takeNothing();
    expect(table.state).toEqual({ state: 'unknown', activities: [] });
  });
});
