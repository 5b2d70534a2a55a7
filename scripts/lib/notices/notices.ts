import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import * as v from 'valibot';
import { BUILDS, PAGE_BUILD } from '../bundling';

const ROOT = resolve(import.meta.dirname, '../../..');
const RULE = '-'.repeat(80);

/** Headers that are compiled into dashvoip.node. */
const NATIVE = ['node-addon-api', 'node-api-headers'];

const Manifest = v.object({ name: v.string(), version: v.string(), license: v.string() });

/** Packages of npm whose code is in the bundle or in a file beside it, as esbuild tells. */
export async function bundledPackages(): Promise<string[]> {
  const made = await Promise.all(
    [...BUILDS, PAGE_BUILD].map((options) =>
      build({ ...options, absWorkingDir: ROOT, metafile: true, write: false }),
    ),
  );
  const names = made
    .flatMap(({ metafile }) => Object.keys(metafile.inputs))
    .flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/** The notices that have to go wherever the bundle and the addon go. */
export async function thirdPartyNotices(): Promise<string> {
  const notices = [...(await bundledPackages()), ...NATIVE].map(noticeOf);
  return [
    'dashvoip*.cjs and dashvoip.node contain the following packages, each under its own licence. Libraries that are',
    'only linked to (alsa-lib, speexdsp, FFmpeg, those of codecs) and Node itself are not among them: they come with their own.',
    'A build that asks for G.729 has dashvoip-g729.so, which is linked to bcg729 (GPL 3) and comes under its licence, too.',
    ...notices,
    '',
  ].join('\n');
}

function noticeOf(name: string): string {
  const folder = join(ROOT, 'node_modules', name);
  const { version, license } = v.parse(
    Manifest,
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
  );
  const text = readFileSync(licenceOf(name, folder), 'utf8').replaceAll('\r', '').trim();
  return ['', RULE, `${name} ${version} (${license})`, RULE, '', text].join('\n');
}

/** Its own file, or that of its repository, kept here, where its package of npm was made without. */
function licenceOf(name: string, folder: string): string {
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  if (file) return join(folder, file);
  const kept = join(import.meta.dirname, `${name}.txt`);
  if (!existsSync(kept)) throw new Error(`${name} has no licence file: find out what it is under`);
  return kept;
}
