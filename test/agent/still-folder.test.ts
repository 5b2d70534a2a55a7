import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { STILL_LIMIT, StillFolder } from '../../src/agent';
import { FAKE_JPEG } from './fakes';

const base = mkdtempSync(join(tmpdir(), 'dashvoip-stills-'));
afterAll(() => rmSync(base, { recursive: true }));

const STILL = { jpeg: FAKE_JPEG, width: 640, height: 360 };

describe('the folder for stills', () => {
  it('is made with the first one, for its owner alone; the same name is written over', async () => {
    const folder = new StillFolder(join(base, 'new', 'stills'));
    const path = join(base, 'new', 'stills', 'door.jpg');
    expect(await folder.keep('door', STILL)).toEqual({ path, bytes: 4, width: 640, height: 360 });
    expect(new Uint8Array(readFileSync(path))).toEqual(FAKE_JPEG);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const other = { ...STILL, jpeg: Uint8Array.of(1, 2, 3) };
    expect(await folder.keep('door', other)).toMatchObject({ path, bytes: 3 });
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    expect(readdirSync(join(base, 'new', 'stills'))).toEqual(['door.jpg']);
  });

  it('takes no name that leads out of it', async () => {
    const folder = new StillFolder(join(base, 'names'));
    for (const name of [
      '',
      '.',
      '..',
      '../x',
      'a/b',
      '/etc/passwd',
      'a.b',
      'a\0',
      '-a',
      'ä',
      'a\n',
    ]) {
      await expect(folder.keep(name, STILL)).rejects.toThrow('is no name of a still');
    }
    expect(existsSync(join(base, 'names'))).toBe(false);
  });

  it('replaces a link and does not follow it', async () => {
    const folder = new StillFolder(join(base, 'link'));
    await folder.keep('first', STILL);
    writeFileSync(join(base, 'precious'), 'text');
    symlinkSync(join(base, 'precious'), join(base, 'link', 'door.jpg'));
    await folder.keep('door', STILL);
    expect(readFileSync(join(base, 'precious'), 'utf8')).toBe('text');
    expect(new Uint8Array(readFileSync(join(base, 'link', 'door.jpg')))).toEqual(FAKE_JPEG);
  });

  it('takes two of one name at once, after a failure too', async () => {
    const directory = join(base, 'twice');
    writeFileSync(directory, '');
    const folder = new StillFolder(directory);
    await expect(folder.keep('door', STILL)).rejects.toThrow('cannot write');
    rmSync(directory);
    const other = { ...STILL, jpeg: Uint8Array.of(1, 2, 3) };
    const [first, second] = await Promise.all([
      folder.keep('door', STILL),
      folder.keep('door', other),
    ]);
    expect([first.bytes, second.bytes]).toEqual([4, 3]);
    expect([...readFileSync(second.path)]).toEqual([1, 2, 3]);
    expect(readdirSync(directory)).toEqual(['door.jpg']);
  });

  it('keeps the newest ones, and leaves alone what is no still', async () => {
    const directory = join(base, 'many');
    const folder = new StillFolder(directory);
    await folder.keep('s0', STILL);
    writeFileSync(join(directory, 'notes.txt'), '');
    for (let i = 1; i < STILL_LIMIT; i++) await folder.keep(`s${i}`, STILL);
    for (let i = 0; i < STILL_LIMIT; i++) {
      // The first one is not the oldest.
      const writtenAt = i === 0 ? 500 : i;
      utimesSync(join(directory, `s${i}.jpg`), writtenAt, writtenAt);
    }
    writeFileSync(join(directory, 'torn.jpg.new'), '');
    utimesSync(join(directory, 'torn.jpg.new'), 0, 0);
    await folder.keep('newest', STILL);
    const left = readdirSync(directory);
    expect(left).toHaveLength(STILL_LIMIT + 1);
    expect(left).toEqual(expect.arrayContaining(['newest.jpg', 's0.jpg', 's2.jpg', 'notes.txt']));
    expect(left).not.toContain('s1.jpg');
  });

  it('that cannot be written is a refusal, with the path and the reason', async () => {
    writeFileSync(join(base, 'file'), '');
    await expect(new StillFolder(join(base, 'file')).keep('door', STILL)).rejects.toMatchObject({
      refusal: 'no-resource',
      message: expect.stringMatching(/^cannot write .*\/file\/door\.jpg: E/),
    });
  });
});
