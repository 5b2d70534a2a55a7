import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { getSystemErrorName } from 'node:util';

/** Opens a socket bound to that address and port: its descriptor, or what hinders, with its `code`. */
export type OpenSocket = (address: string, port: number) => number | NodeJS.ErrnoException;

/** What the kernel says of a protocol that it has not. */
const UNKNOWN: readonly unknown[] = ['EPROTONOSUPPORT', 'ESOCKTNOSUPPORT'];

/**
 * Sockets over SCTP, by the module in `folder` (native/src/addon/sctp_module.cc). One is tried.
 * @throws Error where this build or this kernel has none, which says what to do.
 */
export function openerOf(folder: string): OpenSocket {
  const path = join(folder, 'dashvoip-sctp.node');
  const open = openerIn(loaded(path), path);
  const tried = open('0.0.0.0', 0);
  if (typeof tried === 'number') {
    closeSync(tried);
    return open;
  }
  if (!UNKNOWN.includes(tried.code)) throw tried;
  throw refusal(
    `a kernel that has it, found none (${tried.code})`,
    'load its module ("modprobe sctp"), or build the kernel with CONFIG_IP_SCTP',
  );
}

function loaded(path: string): unknown {
  const holder: { exports: unknown } = { exports: {} };
  try {
    process.dlopen(holder, path, constants.dlopen.RTLD_NOW);
  } catch (error) {
    throw refusal(
      `a build that has it, found "${error instanceof Error ? error.message : String(error)}"`,
      'build with -DDASHVOIP_SCTP=ON (CMake) or BR2_PACKAGE_DASHVOIP_SCTP (Buildroot)',
    );
  }
  return holder.exports;
}

function openerIn(exports: unknown, path: string): OpenSocket {
  const native: unknown =
    typeof exports === 'object' && exports !== null && Reflect.get(exports, 'openSctpSocket');
  if (typeof native !== 'function') throw new Error(`${path} is not dashvoip's module for SCTP`);
  return (address, port) => {
    const opened: unknown = native(address, port);
    if (typeof opened !== 'number') throw new Error(`${path} gave ${String(opened)}`);
    return opened < 0 ? systemError(opened) : opened;
  };
}

/** @param errno below zero, as libuv has it. */
function systemError(errno: number): NodeJS.ErrnoException {
  const code = getSystemErrorName(errno);
  return Object.assign(new Error(`no socket over SCTP can be opened (${code})`), { code });
}

function refusal(expectedAndFound: string, remedy: string): Error {
  return new Error(
    `sip.transports names "sctp": expected ${expectedAndFound}; ${remedy}, or take "sctp" out of the list`,
  );
}
