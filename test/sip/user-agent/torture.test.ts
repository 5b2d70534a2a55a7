// Shows RFC 4475.

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { readTorture } from '../message/torture';
import { headline, ring, World } from '../support/world';

type Folder = 'rfc4475' | 'rfc5118';

/**
 * The last status that a running phone, which rings, gives to each message. Where it is another than
 * the one that an element owes that serves every method (`rfc4475.test.ts`), the method comes first
 * (RFC 3261 §8.2.1): a phone is no registrar and takes no text, whatever else is wrong with it.
 */
const OWED: Readonly<Record<Folder, Readonly<Record<string, string>>>> = {
  rfc4475: {
    180: 'baddate esc01 inv2543 longreq',
    200: 'lwsdisp semiuri transports zeromf',
    400:
      'badaspec badbranch baddn badinv01 clerr escruri insuf ltgtruri lwsruri lwsstart mcl01 ' +
      'mismatch01 multi01 ncl quotbal trws',
    405: 'cparam01 cparam02 dblreq escnull regaut01 regbadct regescrt scalar02 unksm2',
    406: 'sdp01',
    415: 'invut',
    416: 'novelsc unkscm',
    480: 'mpart01',
    420: 'bext01',
    // Within a dialog that this phone does not have.
    481: 'wsinv',
    501: 'esc02 intmeth mismatch02',
    505: 'badvers',
    nothing: 'bcast bigcode noreason scalarlg unreason',
  },
  rfc5118: {
    180: 'ipv4-mapped-ipv6 ipv6-in-sdp mult-ip-in-sdp',
    200: 'ipv6-bug-abnf-3-colons ipv6-correct-abnf-2-colons via-received-param-no-delim',
    400: 'ipv6-bad',
    405: 'ipv6-good port-ambiguous port-unambiguous',
    481: 'mult-ip-in-header via-received-param-with-delim',
  },
};

const ROWS = (['rfc4475', 'rfc5118'] as const).flatMap((folder) =>
  Object.entries(OWED[folder]).flatMap(([status, names]) =>
    names.split(' ').map((name) => [folder, name, status] as const),
  ),
);

function filesOf(folder: Folder): string[] {
  return readdirSync(fileURLToPath(new URL(`../../data/${folder}`, import.meta.url)));
}

describe('a running phone answers the torture messages', () => {
  test.each(ROWS)('%s %s: %s', (folder, name, status) => {
    const world = new World();
    const bob = world.phone('bob').listen();
    bob.onCall = ring;
    const peer = world.peer(bob);
    peer.sendBytes(readTorture(folder, folder === 'rfc4475' ? `${name}.dat` : name));
    world.run(1000);
    const answers = world.network.sent.filter(({ from }) => from.startsWith(bob.address.address));
    expect(answers.map(({ text }) => headline(text).split(' ')[0]).at(-1) ?? 'nothing').toBe(
      status,
    );
    // Whatever its Via says: the answer goes to where it came from.
    for (const { to } of answers) expect(to).toContain(`${peer.address.address}:`);
    expect(bob.userAgent.internalErrors).toBe(0);
  });

  it('every one of them', () => {
    for (const folder of ['rfc4475', 'rfc5118'] as const) {
      const names = ROWS.filter(([where]) => where === folder).map(([, name]) => name);
      expect(names.sort()).toEqual(
        filesOf(folder)
          .map((file) => file.replace('.dat', ''))
          .sort(),
      );
    }
  });
});
