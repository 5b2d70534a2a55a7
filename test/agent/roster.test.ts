// Shows RFC 4575.

import { describe, expect, it } from 'vitest';
import { Roster } from '../../src/agent/roster';
import { readConferenceInfo } from '../../src/sip';

const document = (head: string, body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sip:room@example.org" ${head}>${body}</conference-info>`;
const user = (name: string, status: string, head = ''): string =>
  `<user entity="sip:${name}@example.org" ${head}><display-text>${name}</display-text><endpoint entity="sip:${name}@host"><status>${status}</status></endpoint></user>`;

describe('a conference-info document', () => {
  it('tells who is there', () => {
    const text = document(
      'state="full" version="7"',
      `<conference-description><display-text>Room</display-text></conference-description>
       <users state="partial"><!-- one -->${user('bob', 'on-hold', 'state="partial"')}
       <user entity="sip:a&amp;b@example.org"/></users>`,
    );
    expect(readConferenceInfo(text)).toEqual({
      extent: 'full',
      version: 7,
      users: {
        extent: 'partial',
        list: [
          {
            entity: 'sip:bob@example.org',
            extent: 'partial',
            displayText: 'bob',
            endpoints: [{ entity: 'sip:bob@host', extent: 'full', status: 'on-hold' }],
          },
          { entity: 'sip:a&b@example.org', extent: 'full', endpoints: [] },
        ],
      },
    });
  });

  it('is read whatever its prefix, and nothing of other namespaces', () => {
    const text = `<c:conference-info xmlns:c="urn:ietf:params:xml:ns:conference-info" xmlns:x="urn:x" version="1"><x:users><x:user entity="sip:x@y"/></x:users><c:users><c:user entity="sip:a@b"><x:display-text>no</x:display-text></c:user></c:users></c:conference-info>`;
    expect(readConferenceInfo(text)?.users?.list).toEqual([
      { entity: 'sip:a@b', extent: 'full', endpoints: [] },
    ]);
  });

  it.each([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['another document', '<presence xmlns="urn:ietf:params:xml:ns:pidf"/>'],
    ['one without a version', document('', '')],
    ['one that is cut off', document('version="1"', '<users>').slice(0, -30)],
    [
      'entities of its own',
      `<!DOCTYPE conference-info [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${document('version="1"', '<users><user entity="&b;"/></users>').replace(/^.*\n/, '')}`,
    ],
  ])('is none as %s', (_, text) => expect(readConferenceInfo(text)).toBeUndefined());

  it('grows nothing without a bound', () => {
    const users = Array.from({ length: 250 }, (_, n) =>
      user(`u${n}`, n === 0 ? 'x'.repeat(300) : 'y'),
    );
    const all = (body: string) => readConferenceInfo(document('version="1"', body));
    const info = all(`<users>${users.join('')}</users>`);
    expect(info?.users?.list).toHaveLength(200);
    expect(info?.users?.list[0]?.endpoints[0]?.status).toHaveLength(256);
    expect(all('<a>'.repeat(500) + '</a>'.repeat(500))).toBeUndefined();
    expect(all(`<users>${user('ann', 'z'.repeat(70_000))}</users>`)).toBeUndefined();
  });
});

describe('who is in a conference', () => {
  const roster = (...documents: readonly string[]) => {
    const all = new Roster();
    const notes = documents.map((text) => {
      const info = readConferenceInfo(text);
      return info ? all.note(info) : 'unread';
    });
    return { all, notes, names: all.participants.map((one) => `${one.displayName} ${one.status}`) };
  };
  const full = (version: number, ...users: readonly string[]): string =>
    document(`state="full" version="${version}"`, `<users>${users.join('')}</users>`);
  const partial = (version: number, ...users: readonly string[]): string =>
    document(
      `state="partial" version="${version}"`,
      `<users state="partial">${users.join('')}</users>`,
    );

  it('comes, changes and leaves by parts', () => {
    const { names, notes } = roster(
      full(1, user('ann', 'connected'), user('bob', 'alerting')),
      partial(2, user('bob', 'connected')),
      partial(3, user('carol', 'pending'), '<user entity="sip:ann@example.org" state="deleted"/>'),
    );
    expect(notes).toEqual(['changed', 'changed', 'changed']);
    expect(names).toEqual(['bob connected', 'carol pending']);
  });

  it('keeps of one what a part does not say', () => {
    const { all } = roster(
      full(1, user('ann', 'connected')),
      partial(
        2,
        '<user entity="sip:ann@example.org" state="partial"><endpoint entity="sip:ann@host" state="partial"><status>on-hold</status></endpoint></user>',
      ),
    );
    expect(all.participants).toEqual([
      { uri: 'sip:ann@example.org', displayName: 'ann', status: 'on-hold' },
    ]);
  });

  it('is told once: what is old or repeated changes nothing', () => {
    const { names, notes } = roster(
      full(5, user('ann', 'connected')),
      full(5, user('bob', 'connected')),
      full(4),
      full(6, user('ann', 'connected')),
    );
    expect(notes).toEqual(['changed', 'same', 'same', 'same']);
    expect(names).toEqual(['ann connected']);
  });

  it('has a gap where a part is missing, or comes first; what is whole needs nothing before it', () => {
    const { names, notes } = roster(
      partial(1, user('ann', 'connected')),
      full(2, user('bob', 'connected')),
      partial(4, user('carol', 'connected')),
      full(9, user('dave', 'connected')),
    );
    expect(notes).toEqual(['gap', 'changed', 'gap', 'changed']);
    expect(names).toEqual(['dave connected']);
  });

  it('is nobody once the conference is deleted', () => {
    const { names } = roster(
      full(1, user('ann', 'connected')),
      document('state="deleted" version="2"', ''),
    );
    expect(names).toEqual([]);
  });

  it('tells who talks with any of his telephones, and no password', () => {
    const { all } = roster(
      full(
        1,
        '<user entity="sip:ann:secret@example.org"><endpoint entity="a"><status>disconnected</status></endpoint><endpoint entity="b"><status>connected</status></endpoint></user>',
      ),
    );
    expect(all.participants).toEqual([{ uri: 'sip:ann:***@example.org', status: 'connected' }]);
  });
});
