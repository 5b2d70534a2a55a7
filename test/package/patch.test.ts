import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makePatch } from '../../scripts/lib/package/patch';
import { developersWith, menuWithPackage } from '../../scripts/lib/package/recipe';

const ROOT = resolve(import.meta.dirname, '../..');
const SITE = 'https://example.org/dashvoip';
const AUTHOR = { name: 'Kim Minji', email: 'minji@example.org' };

const MENU = `menu "Audio and video applications"
	source "package/zynaddsubfx/Config.in"
endmenu
menu "Networking applications"
	source "package/apache/Config.in"
if BR2_PACKAGE_APACHE
menu "External Apache modules"
	source "package/modsecurity2/Config.in"
endmenu
endif
	source "package/dante/Config.in"
	source "package/dhcpcd/Config.in"
endmenu
`;
const DEVELOPERS = `# Comment

N:	Adam Ant <adam@example.org>
F:	package/apache/

N:	Zoe Zoo <zoe@example.org>
F:	package/zynaddsubfx/
`;

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-patch-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A Buildroot checkout, as far as a new package touches it; DASHVOIP_BUILDROOT names a real one to try. */
function checkout(): string {
  const tree = join(folder, 'buildroot');
  const real = process.env.DASHVOIP_BUILDROOT;
  const read = (path: string, otherwise: string): string =>
    real === undefined ? otherwise : readFileSync(join(real, path), 'utf8');
  mkdirSync(join(tree, 'package'), { recursive: true });
  writeFileSync(join(tree, 'package/Config.in'), read('package/Config.in', MENU));
  writeFileSync(join(tree, 'DEVELOPERS'), read('DEVELOPERS', DEVELOPERS));
  git(tree, 'init', '--quiet');
  git(tree, 'add', '--all');
  git(tree, 'commit', '--quiet', '-m', 'a release');
  return tree;
}

function git(tree: string, ...args: string[]): string {
  const who = ['-c', 'user.name=Maintainer', '-c', 'user.email=maintainer@example.org'];
  return execFileSync('git', [...who, ...args], { cwd: tree, encoding: 'utf8' });
}

/** What scripts/package makes, with a source that is soon packed. */
function madePackage(): string {
  const made = join(folder, 'made');
  mkdirSync(made, { recursive: true });
  execFileSync('cp', ['-r', `${ROOT}/buildroot-package/.`, made]);
  const source = join(made, 'package/dashvoip/src/native');
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, 'CMakeLists.txt'), '# the source\n');
  return made;
}

const tree = checkout();
const made = madePackage();
const date = new Date('2026-11-26T12:00:00Z');
const options = { made, tree, site: SITE, author: AUTHOR, date };
const { archive, patch } = makePatch({ ...options, out: join(folder, 'out') });

describe('the patch for Buildroot’s list', () => {
  it('applies to a checkout as one commit, in the form of the list', () => {
    git(tree, 'am', '--quiet', patch);
    const message = git(tree, 'log', '-1', '--format=%an <%ae>%n%B').trim().split('\n');
    expect(message[0]).toBe('Kim Minji <minji@example.org>');
    expect(message[1]).toBe('package/dashvoip: new package');
    expect(message.at(-1)).toBe('Signed-off-by: Kim Minji <minji@example.org>');
    expect(message.every((line) => line.length <= 72)).toBe(true);
    const changed = git(tree, 'show', '--format=', '--name-only').trim().split('\n');
    expect(changed.filter((path) => !path.startsWith('package/dashvoip/'))).toEqual([
      'DEVELOPERS',
      'package/Config.in',
    ]);
    const modes = git(tree, 'ls-files', '--stage', 'package/dashvoip').trim().split('\n');
    expect(modes.filter((line) => !line.startsWith('100644 '))).toEqual([]);
  });

  it('leaves nothing of the SDK’s old tree in the recipe, and no source in the tree', () => {
    const read = (name: string): string =>
      readFileSync(join(tree, 'package/dashvoip', name), 'utf8');
    const recipe = read('dashvoip.mk');
    expect(recipe).toContain(`DASHVOIP_SITE = ${SITE}\n`);
    expect(`${recipe}${read('Config.in')}`).not.toMatch(
      // speex is the codec's there, and no more the old tree's speexdsp.
      /DASHVOIP_SRC|20[12]\d\.|BR2_PACKAGE_SPEEX if/,
    );
    expect(existsSync(join(tree, 'package/dashvoip/src'))).toBe(false);
    const harness = join(ROOT, 'test/package/harness.mk');
    const mk = `MK=${join(tree, 'package/dashvoip/dashvoip.mk')}`;
    const dependencies = execFileSync(
      'make',
      ['-s', '-f', harness, mk, 'print-DASHVOIP_DEPENDENCIES'],
      { encoding: 'utf8' },
    );
    expect(dependencies.trim()).toBe('host-pkgconf speexdsp');
  });

  it('knows the archive by its hash, and packs the same bytes again', () => {
    const sha256 = (path: string): string =>
      createHash('sha256').update(readFileSync(path)).digest('hex');
    const hashes = readFileSync(join(tree, 'package/dashvoip/dashvoip.hash'), 'utf8');
    expect(hashes).toContain(`sha256  ${sha256(archive)}  dashvoip-0.1.0.tar.gz\n`);
    const again = makePatch({ ...options, out: join(folder, 'again') });
    expect(sha256(again.archive)).toBe(sha256(archive));
    const listed = execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' });
    expect(listed).toContain('dashvoip-0.1.0/native/CMakeLists.txt\n');
  });

  it('finds its place in the alphabet of menu and developers', () => {
    const menu = menuWithPackage(MENU).split('\n');
    const place = menu.indexOf('\tsource "package/dashvoip/Config.in"');
    expect(menu.slice(place - 1, place + 2)).toEqual([
      '\tsource "package/dante/Config.in"',
      '\tsource "package/dashvoip/Config.in"',
      '\tsource "package/dhcpcd/Config.in"',
    ]);
    expect(developersWith(DEVELOPERS, AUTHOR.name, AUTHOR.email)).toBe(
      DEVELOPERS.replace(
        'N:\tZoe',
        `N:\tKim Minji <${AUTHOR.email}>\nF:\tpackage/dashvoip/\n\nN:\tZoe`,
      ),
    );
    // A developer who has packages already gets one more line.
    expect(developersWith(DEVELOPERS, 'Adam Ant', 'adam@example.org')).toContain(
      'F:\tpackage/apache/\nF:\tpackage/dashvoip/\n\nN:\tZoe',
    );
    expect(menuWithPackage('menu "Networking applications"\nendmenu\n')).toBe(
      'menu "Networking applications"\n\tsource "package/dashvoip/Config.in"\nendmenu\n',
    );
    expect(() => menuWithPackage('menu "Games"\nendmenu\n')).toThrow('has no menu');
  });
});

const real = process.env.DASHVOIP_BUILDROOT;
it.skipIf(real === undefined)('passes Buildroot’s own utils/check-package', () => {
  const files = git(tree, 'ls-files', 'package/dashvoip', 'package/Config.in', 'DEVELOPERS');
  const checker = join(real ?? '', 'utils/check-package');
  const { stdout, stderr } = spawnSync('/usr/bin/python3', [checker, ...files.trim().split('\n')], {
    cwd: tree,
    encoding: 'utf8',
  });
  expect(`${stdout}${stderr}`).toContain('0 warnings generated');
});
