import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a build has that is not asked of this one. */
const WITHOUT = ['ALSA', 'AAC', 'RTSP', 'STILL', 'OPUS', 'GSM', 'SPEEX', 'AMR', 'G723', 'ILBC'];

/**
 * The native parts as they lie in dist/, and G.729 beside them, which no build has that does not ask for it.
 * @returns the addon among them.
 */
export async function addonWithG729(folder: string): Promise<string> {
  const build = resolve('build/test/g729');
  await run('cmake', [
    ...['-S', 'native', '-B', build, '-G', 'Ninja', '-DDASHVOIP_G729=ON'],
    ...['-DDASHVOIP_ADDON=OFF', '-DDASHVOIP_CAMERA=none'],
    ...WITHOUT.map((part) => `-DDASHVOIP_${part}=OFF`),
  ]);
  await run('ninja', ['-C', build, 'dashvoip-g729']);
  const place = join(folder, 'with-g729');
  mkdirSync(place, { recursive: true });
  const native = readdirSync('dist').filter((name) => /\.(node|so)$/.test(name));
  for (const name of native) copyFileSync(join('dist', name), join(place, name));
  copyFileSync(join(build, 'lib/dashvoip-g729.so'), join(place, 'dashvoip-g729.so'));
  return join(place, 'dashvoip.node');
}
