import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILDS } from '../../scripts/lib/bundling';
import { LENT } from '../../scripts/lib/lent';

const ROOT = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'dashvoip-lent-'));
const place = join(folder, 'lib');
const bundle = join(place, 'dashvoip.cjs');

/** Before the process ends it has a transport refuse, which is in the file that loads on demand, and says whose error that is. */
const HOOK = `
const { exit } = process;
process.exit = async (code) => {
  const { TlsTransport } = process.mainModule.require('./dashvoip-tls.cjs');
  const identity = { certificateFile: '/nowhere', keyFile: '/nowhere' };
  const error = await TlsTransport.bind('127.0.0.1', 0, { identity }, {}).catch((caught) => caught);
  const { TransportException } = process.mainModule.exports['sip/transport/flow']();
  console.log(JSON.stringify([error.failure, error instanceof TransportException]));
  exit(code);
};
`;
const hook = join(folder, 'hook.cjs');

beforeAll(async () => {
  mkdirSync(join(folder, 'bin'));
  symlinkSync('../lib/dashvoip.cjs', join(folder, 'bin', 'dashvoip'));
  writeFileSync(hook, HOOK);
  for (const { outfile, ...options } of BUILDS) {
    if (!/dashvoip(-tls)?\.cjs$/.test(outfile ?? '')) continue;
    const to = join(place, basename(outfile ?? ''));
    await build({ ...options, sourcemap: false, outfile: to, absWorkingDir: ROOT });
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('what the bundle lends', () => {
  it.each([
    ['by its path', bundle, ROOT],
    ['by a link to it', join(folder, 'bin', 'dashvoip'), ROOT],
    ['from its folder', 'dashvoip.cjs', place],
    ['by a link from another folder', 'dashvoip', join(folder, 'bin')],
  ])('is the bundle’s own when it is started %s', (_, started, cwd) => {
    const { stdout } = spawnSync(process.execPath, ['-r', hook, started, 'run', '--nothing'], {
      ...{ cwd, encoding: 'utf8', timeout: 20_000 },
    });
    expect(stdout).toBe('["no-certificate",true]\n');
  });

  it('is of no use to a file that is not there, which is said where it is needed', () => {
    const alone = join(folder, 'alone');
    mkdirSync(alone);
    copyFileSync(bundle, join(alone, 'dashvoip.cjs'));
    const sip = { address: '127.0.0.1', port: 0, transports: ['tls'], tls: { port: 0 } };
    const config = { sip, control: { port: 0 } };
    writeFileSync(join(alone, 'agent.json'), JSON.stringify(config));
    const args = ['dashvoip.cjs', 'run', '--config', 'agent.json'];
    const { status, stderr } = spawnSync(process.execPath, args, {
      ...{ cwd: alone, encoding: 'utf8', timeout: 20_000 },
    });
    expect([status, stderr]).toEqual([
      1,
      'dashvoip: expected the file dashvoip-tls.cjs beside dashvoip.cjs, found none: install that of the same build\n',
    ]);
  });

  it('is not in the files that load on demand as well', async () => {
    const borrowers = BUILDS.filter(({ outfile }) => /-(more|tls)\.cjs$/.test(outfile ?? ''));
    const made = await Promise.all(
      borrowers.map((options) =>
        build({
          ...{ ...options, sourcemap: false, write: false, metafile: true, absWorkingDir: ROOT },
        }),
      ),
    );
    const outputs = made.flatMap(({ metafile }) => Object.values(metafile?.outputs ?? {}));
    const inputs = outputs.flatMap((each) => Object.keys(each.inputs));
    expect(outputs.length).toBe(2);
    expect(LENT.filter((path) => inputs.includes(path))).toEqual([]);
    // Each is asked for: what nobody borrows is not lent.
    expect(LENT.filter((path) => !inputs.includes(`lent:${path}`))).toEqual([]);
  });
});
