import { mappedLibrary } from './library';
import type { Machine } from './machine';

/** A process that has to do with the camera. */
export interface CameraUser {
  readonly pid: number;
  readonly name: string;
  /** Command, when it is dashvoip itself: `run` or `bridge`. */
  readonly dashvoip: string | undefined;
  /** It has libnetfifo loaded; undefined when that cannot be seen. */
  readonly library: boolean | undefined;
  /** Devices of the RTOS link that it has open. */
  readonly devices: readonly string[];
}

export interface UserFacts {
  /** Other processes that use NetFIFO, the RTOS's devices, or are known to. */
  readonly processes: readonly CameraUser[];
  /** Devices of the RTOS link. */
  readonly devices: readonly string[];
  /** Processes of other users, of which only the name could be seen. */
  readonly closed: number;
}

const DEVICE = /^\/dev\/(amba[a-z_]*|ppm|rpmsg\S*|aipc\S*)/;
/** Programs of the vendor, with the 15 characters that the kernel keeps of a name. */
const VENDOR = [
  ...['AmbaNetFifoDaemon', 'AmbaRTSPServer', 'AmbaEventNotifyDaemon', 'live555_server'],
  ...['ipcbind', 'util_svc', 'remoteapi_disc_daemon', 'remoteapi_cmd_daemon'],
  ...['remoteapi_data_daemon', 'remoteapi_syssvc_daemon', 'tw_link_util'],
].map((name) => name.slice(0, 15));

/** @param ownPid this process, which does not count. */
export function userFacts(machine: Machine, ownPid: number): UserFacts {
  let closed = 0;
  const processes = machine.names('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!/^\d+$/.test(name) || pid === ownPid) return [];
    const { user, isClosed } = look(machine, pid);
    if (isClosed) ++closed;
    return user ? [user] : [];
  });
  return {
    processes: processes.sort((a, b) => a.pid - b.pid),
    devices: machine
      .names('/dev')
      .map((name) => `/dev/${name}`)
      .filter((path) => DEVICE.test(path))
      .sort(),
    closed,
  };
}

function look(
  machine: Machine,
  pid: number,
): { readonly user: CameraUser | undefined; readonly isClosed: boolean } {
  const folder = `/proc/${pid}`;
  const name = machine.text(`${folder}/comm`)?.trim();
  // It ended meanwhile.
  if (name === undefined) return { user: undefined, isClosed: false };
  const commandLine = machine.text(`${folder}/cmdline`);
  const dashvoip = dashvoipCommand(commandLine);
  const maps = machine.text(`${folder}/maps`);
  const library = maps === undefined ? undefined : mappedLibrary(maps) !== undefined;
  const devices = openDevices(machine, `${folder}/fd`);
  const known = dashvoip !== undefined || VENDOR.includes(name);
  return {
    user:
      library || devices.length > 0 || known
        ? { pid, name, dashvoip, library, devices }
        : undefined,
    // The kernel's own threads have no command line, and nothing to hide.
    isClosed: maps === undefined && commandLine !== '',
  };
}

function openDevices(machine: Machine, folder: string): string[] {
  const open = machine
    .names(folder)
    .flatMap((name) => machine.link(`${folder}/${name}`) ?? [])
    .filter((path) => DEVICE.test(path));
  return [...new Set(open)].sort();
}

/** Of a command line no more is taken than which of our own commands it is. */
function dashvoipCommand(commandLine: string | undefined): string | undefined {
  const words = commandLine?.split('\0') ?? [];
  const program = words.findIndex((word) => /(^|\/)dashvoip(\.cjs)?$/.test(word));
  const command = program < 0 ? undefined : words[program + 1];
  return command === 'run' || command === 'bridge' ? command : undefined;
}
