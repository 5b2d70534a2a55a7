import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openerOf } from '../../src/media/sctp-module';

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-sctp-'));
afterAll(() => rmSync(folder, { recursive: true }));

const BUILD = 'build with -DDASHVOIP_SCTP=ON (CMake) or BR2_PACKAGE_DASHVOIP_SCTP (Buildroot)';
const OUT = 'or take "sctp" out of the list';

/** What Python is told when it asks this kernel for the same. */
const kernelHasIt =
  spawnSync('python3', [
    '-c',
    'import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132)',
  ]).status === 0;

/** A folder whose module for SCTP is `file`. */
const withModule = (name: string, place: (path: string) => void): string => {
  const own = join(folder, name);
  mkdirSync(own);
  place(join(own, 'dashvoip-sctp.node'));
  return own;
};

describe('sockets over SCTP', () => {
  it('are refused where the build has no module for them, with what to do', () => {
    expect(() => openerOf('/nowhere')).toThrow(
      `sip.transports names "sctp": expected a build that has it, found "/nowhere/dashvoip-sctp.node: cannot open shared object file: No such file or directory"; ${BUILD}, ${OUT}`,
    );
  });

  it('are refused where the module is of something else', () => {
    const other = withModule('other', (path) => symlinkSync(resolve('dist/dashvoip.node'), path));
    symlinkSync(resolve('dist/libnetfifo.so'), join(other, 'libnetfifo.so'));
    expect(() => openerOf(other)).toThrow(
      `${other}/dashvoip-sctp.node is not dashvoip's module for SCTP`,
    );
    const broken = withModule('broken', (path) => writeFileSync(path, 'no library'));
    expect(() => openerOf(broken)).toThrow(/expected a build that has it, found ".*broken.*"/);
  });

  it.skipIf(kernelHasIt)('are refused where the kernel has none, with what to do', () => {
    expect(() => openerOf('dist')).toThrow(
      `sip.transports names "sctp": expected a kernel that has it, found none (EPROTONOSUPPORT); load its module ("modprobe sctp"), or build the kernel with CONFIG_IP_SCTP, ${OUT}`,
    );
  });

  it.runIf(kernelHasIt)('are opened where build and kernel have them', () => {
    const open = openerOf('dist');
    const opened = open('127.0.0.1', 0);
    if (opened instanceof Error) throw opened;
    closeSync(opened);
    expect(open('198.51.100.7', 0)).toMatchObject({ code: 'EADDRNOTAVAIL' });
  });

  it('name no address or port that is none', () => {
    const script = `
      const holder = { exports: {} };
      process.dlopen(holder, ${JSON.stringify(resolve('dist/dashvoip-sctp.node'))});
      const { openSctpSocket } = holder.exports;
      console.log(JSON.stringify([['a.name', 1], ['127.0.0.1', 65536], ['127.0.0.1', -1], ['127.0.0.1'], [], [{}, {}], [7, '7']]
        .map((given) => openSctpSocket(...given))));`;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect(JSON.parse(stdout)).toEqual(Array.from({ length: 7 }, () => -22));
  });
});
