import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { developersWith, menuWithPackage, optionsForBuildroot, recipeForBuildroot } from './recipe';

const NAME = 'package/dashvoip';
/** The source, which is downloaded there, and what only a tree without LINUX_CONFIG_FIXUPS needs. */
const NOT_THERE = ['src', 'linux-audio.fragment'];

export interface PatchOptions {
  /** What scripts/package made. */
  readonly made: string;
  /** A Buildroot tree: package/Config.in and DEVELOPERS are read there, nothing is written. */
  readonly tree: string;
  /** URL of the folder where the source archive will lie. */
  readonly site: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly date: Date;
  /** Folder for patch and archive. */
  readonly out: string;
}

/** Makes the source archive and the patch that adds the package; returns their paths. */
export function makePatch(options: PatchOptions): { archive: string; patch: string } {
  const { made, out } = options;
  mkdirSync(out, { recursive: true });
  const recipe = readFileSync(join(made, NAME, 'dashvoip.mk'), 'utf8');
  const version = /^DASHVOIP_VERSION = (.+)$/m.exec(recipe)?.[1];
  if (version === undefined) throw new Error('dashvoip.mk names no version');
  const archive = join(out, `dashvoip-${version}.tar.gz`);
  pack(join(made, NAME, 'src'), `dashvoip-${version}`, archive);
  const patch = join(out, '0001-package-dashvoip-new-package.patch');
  const work = mkdtempSync(join(tmpdir(), 'dashvoip-patch-'));
  try {
    writeFileSync(patch, writeMail(work, archive, options));
  } finally {
    rmSync(work, { recursive: true });
  }
  return { archive, patch };
}

/** The same bytes for the same files. */
function pack(folder: string, name: string, archive: string): void {
  const sorted = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  const renamed = [`--transform=s,^\\.,${name},`, '-C', folder, '.'];
  const tar = execFileSync('tar', [...sorted, '-c', ...renamed], { maxBuffer: 1 << 28 });
  writeFileSync(archive, execFileSync('gzip', ['-9n'], { input: tar, maxBuffer: 1 << 28 }));
}

/** The package in a tree that has what the patch changes and nothing else. */
function addPackage(work: string, archive: string, options: PatchOptions): void {
  const { made, site } = options;
  const ours = (name: string): string => readFileSync(join(made, NAME, name), 'utf8');
  const put = (name: string, text: string): void => writeFileSync(join(work, NAME, name), text);
  cpSync(join(made, NAME), join(work, NAME), {
    recursive: true,
    filter: (path) => !NOT_THERE.includes(relative(join(made, NAME), path)),
  });
  put('dashvoip.mk', recipeForBuildroot(ours('dashvoip.mk'), site));
  put('Config.in', optionsForBuildroot(ours('Config.in')));
  const hash = createHash('sha256').update(readFileSync(archive)).digest('hex');
  const line = `sha256  ${hash}  ${basename(archive)}\n`;
  put('dashvoip.hash', ours('dashvoip.hash').replace('\n', `\n${line}`));
}

/** Commits the change in a repository made for it, and has git write the mail. */
function writeMail(work: string, archive: string, options: PatchOptions): string {
  const { tree, author, date } = options;
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: work,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: {
        ...process.env,
        ...{ GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email },
        ...{ GIT_COMMITTER_NAME: author.name, GIT_COMMITTER_EMAIL: author.email },
        ...{ GIT_AUTHOR_DATE: date.toISOString(), GIT_COMMITTER_DATE: date.toISOString() },
      },
    });
  const edit = (path: string, change: (text: string) => string): void => {
    const before = readFileSync(join(tree, path), 'utf8');
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), before);
    git('add', path);
    writeFileSync(join(work, path), change(before));
  };
  git('init', '--quiet');
  edit('package/Config.in', menuWithPackage);
  edit('DEVELOPERS', (text) => developersWith(text, author.name, author.email));
  git('commit', '--quiet', '--no-verify', '-m', 'Buildroot');
  addPackage(work, archive, options);
  git('add', '--all');
  git('commit', '--quiet', '--no-verify', '--signoff', '-m', MESSAGE);
  return git('format-patch', '-1', '--stdout', '--no-signature');
}

const MESSAGE = `package/dashvoip: new package

dashvoip is a SIP telephone for dashcams: it takes the sound and the
picture that the real-time system of an Ambarella H22 camera encodes,
and makes calls with any SIP phone or exchange. It also runs as a plain
telephone with ALSA.

It is one JavaScript file run by Node.js, and a native module of C++14.
The archive holds the built JavaScript file and the headers of Node-API:
neither node, npm nor the network is needed to build the package.
`;
