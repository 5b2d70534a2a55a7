import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Log, silentLogger } from '../../src/platform';
import { FOR_EVER } from '../../src/zrtp/confirm';
import { ZrtpMemory } from '../../src/zrtp/memory';
import { seededRandom } from '../support/seeded-random';
import { VirtualClock } from '../support/virtual-clock';

const clock = new VirtualClock();
const secret = (fill: number): Buffer => Buffer.alloc(32, fill);
const zid = (number: number): Buffer => Buffer.from(number.toString(16).padStart(24, '0'), 'hex');
const parts = { clock, random: seededRandom(), log: silentLogger };
const kept = { secret: secret(1), isVerified: true, expiresInS: FOR_EVER };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zrtp-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const file = (): string => join(folder, 'zrtp.json');

/** What is logged while a memory is opened there. */
async function linesOf(directory: string): Promise<string> {
  const lines: string[] = [];
  const log = new Log(
    'info',
    (line) => lines.push(line),
    () => new Date(0),
  ).logger('zrtp');
  const memory = await ZrtpMemory.open(directory, { ...parts, log });
  await memory.settled();
  return lines.join('');
}

describe('what ZRTP remembers', () => {
  it('outlives the process, for its owner alone: our own ZID, secrets, and that they were compared', async () => {
    const one = await ZrtpMemory.open(folder, parts);
    one.keep(zid(7), { ...kept, former: secret(2) });
    one.keep(zid(8), { ...kept, isVerified: false });
    await one.settled();
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    const other = await ZrtpMemory.open(folder, parts);
    expect(other.zid).toEqual(one.zid);
    expect(other.known(zid(7))).toEqual({
      secrets: { rs1: secret(1), rs2: secret(2) },
      isVerified: true,
    });
    expect(other.known(zid(8))).toEqual({ secrets: { rs1: secret(1) }, isVerified: false });
    expect(other.known(zid(9))).toEqual({ secrets: {}, isVerified: false });
  });

  it('is forgotten when the far end said how long it is good, and at once for none', async () => {
    const memory = await ZrtpMemory.open(folder, parts);
    memory.keep(zid(7), { ...kept, expiresInS: 60 });
    memory.keep(zid(8), kept);
    memory.keep(zid(8), { ...kept, expiresInS: 0 });
    expect(memory.known(zid(7)).secrets.rs1).toBeDefined();
    expect(memory.known(zid(8)).secrets.rs1).toBeUndefined();
    clock.advance(60_000);
    expect(memory.known(zid(7)).secrets.rs1).toBeUndefined();
    await memory.settled();
  });

  it('is of 500 far ends: those go first that nobody has compared with', async () => {
    const memory = await ZrtpMemory.open(undefined, parts);
    memory.keep(zid(1), kept);
    for (let number = 2; number <= 502; number += 1) {
      memory.keep(zid(number), { ...kept, isVerified: false });
    }
    const isKnown = (number: number): boolean =>
      memory.known(zid(number)).secrets.rs1 !== undefined;
    expect([1, 2, 3, 4, 502].map(isKnown)).toEqual([true, false, false, true, true]);
  });

  it('begins anew where the file is none of ours, which the log says without what stands in it', async () => {
    for (const text of ['{"zid":"secret', '[]', '{"zid":"00","peers":[]}', 'null']) {
      writeFileSync(file(), text);
      const lines = await linesOf(folder);
      expect(lines).toContain('cannot be read');
      expect(lines).not.toContain('secret');
      expect(JSON.parse(readFileSync(file(), 'utf8')).zid).toHaveLength(24);
    }
  });

  it('leaves out entries that are none, and keeps the others', async () => {
    const good = { zid: '00'.repeat(12), rs1: '11'.repeat(32), verified: true };
    const peers = [
      good,
      { ...good, rs1: 'zz' },
      { ...good, verified: 1 },
      null,
      7,
      { ...good, until: '' },
    ];
    writeFileSync(file(), JSON.stringify({ zid: '22'.repeat(12), peers }));
    expect(await linesOf(folder)).toBe('');
    const memory = await ZrtpMemory.open(folder, parts);
    expect(memory.known(Buffer.alloc(12))).toMatchObject({ isVerified: true });
  });

  it('says so when nothing can be written', async () => {
    const lines = await linesOf('/proc/nowhere');
    expect(lines).toContain('what ZRTP has to remember is not kept');
  });
});
