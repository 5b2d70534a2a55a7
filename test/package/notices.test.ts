import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundledPackages, thirdPartyNotices } from '../../scripts/lib/notices/notices';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

describe('THIRD-PARTY.txt', () => {
  it('is what the bundle holds; if not, run "npx tsx scripts/lib/notices/main.ts" and mend dashvoip.hash', async () => {
    expect(read('THIRD-PARTY.txt')).toBe(await thirdPartyNotices());
  });

  it('has a licence for each package of the bundle, and all of them may be passed on under MIT', async () => {
    const packages = await bundledPackages();
    expect(packages).toContain('sdp-transform');
    expect(packages).toContain('valibot');
    const notices = read('THIRD-PARTY.txt');
    for (const name of [...packages, 'node-addon-api', 'node-api-headers']) {
      const head = new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((MIT|ISC)\\)$`, 'm').exec(notices);
      expect(head, name).not.toBeNull();
      // Up to the next one.
      const [, text = ''] = notices.slice(head?.index).split(/^-{80}$/m);
      expect(text, name).toMatch(/permission notice/);
    }
  });

  it('goes along to dist, the Buildroot package and the card', () => {
    for (const script of ['scripts/build', 'scripts/package', 'scripts/sdcard']) {
      expect(read(script)).toMatch(/^ *cp .*THIRD-PARTY\.txt/m);
    }
  });
});

describe('the licences of a runtime', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dashvoip-notices-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const notices = (...packages: string[]) =>
    spawnSync(
      join(ROOT, 'scripts/lib/runtime-notices'),
      [folder, join(folder, 'out'), ...packages],
      {
        encoding: 'utf8',
      },
    );

  it('are those of the packages its libraries come from, and the texts that they name', () => {
    const doc = join(folder, 'usr/share/doc');
    mkdirSync(join(doc, 'libc6'), { recursive: true });
    mkdirSync(join(doc, 'gcc-12-base'));
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(doc, 'libc6/copyright'), 'of libc');
    writeFileSync(join(doc, 'gcc-12-base/copyright'), 'of gcc');
    symlinkSync('gcc-12-base', join(doc, 'libgcc-s1'));
    expect(notices('libc6', 'libgcc-s1').status).toBe(0);
    expect(readdirSync(join(folder, 'out')).sort()).toEqual([
      'LICENSE.GPL-3',
      'LICENSE.LGPL-2.1',
      'LICENSE.libc6',
      'LICENSE.libgcc-s1',
    ]);
    expect(readFileSync(join(folder, 'out/LICENSE.libgcc-s1'), 'utf8')).toBe('of gcc');
  });

  it('are asked for: without them there is no runtime', () => {
    const { status, stderr } = notices('libstdc++6');
    expect(status).toBe(1);
    expect(stderr).toContain('libstdc++6 came without its copyright file');
  });

  it('are put there for each package that scripts/runtime takes a library from', () => {
    const script = read('scripts/runtime');
    expect(script).toMatch(
      /^scripts\/lib\/runtime-notices "\$unpacked" "\$out" libc6 libgcc-s1 libstdc\+\+6$/m,
    );
    expect(script).toMatch(/LICENSE\.node/);
  });
});
