import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Part {
  readonly name: string;
  readonly bytes: number;
  /** The most that it may be, where there is a limit. */
  readonly budget?: number;
}

export interface Installed {
  readonly runtime: string;
  readonly runtimeBytes: number;
  /** Agent, its libraries and the runtime. */
  readonly bytes: number;
}

/** Sizes on the camera, bytes of 8 bits, uncompressed; native parts for aarch64, stripped. */
export interface Sizes {
  readonly parts: readonly Part[];
  readonly installed: readonly Installed[];
}

const ADDON_FOLDER = 'build/vboard/arm64/dashvoip';
const LIBRARY_FOLDER = 'build/vboard/arm64/sysroot/usr/lib/aarch64-linux-gnu';
/** Without MQTT and the page, which load on demand. */
const BUNDLE_BUDGET = 450_000;
const ADDON_BUDGET = 900_000;

const RUNTIMES = [
  { runtime: 'no runtime (node is supplied elsewhere)', folder: undefined },
  { runtime: 'Node 16.20, C library of the board', folder: 'build/runtime/16' },
  { runtime: 'Node 20 and its own C library', folder: 'build/runtime/20' },
  { runtime: 'Node 22 and its own C library', folder: 'build/runtime/22' },
] as const;

/**
 * Measures what was built. Not counted: libnetfifo, which is the camera's own, the stand-in, and libavcodec and
 * libavformat, whose size is a matter of how the SDK configures them.
 * @throws Error when a file is missing.
 */
export function measureSizes(): Sizes {
  const bundle = sizeOf('dist/dashvoip.cjs');
  const addon = sizeOf(join(ADDON_FOLDER, 'dashvoip.node'));
  const modules = readdirSync(ADDON_FOLDER)
    .filter((name) => /^dashvoip-.*\.so$/.test(name))
    .sort()
    .map((name) => ({ name, bytes: sizeOf(join(ADDON_FOLDER, name)) }));
  const scripts = sizeOf('buildroot-package/package/dashvoip/S95dashvoip');
  const parts: Part[] = [
    { name: 'dashvoip.cjs (bundle)', bytes: bundle, budget: BUNDLE_BUDGET },
    { name: 'page/ (web page, plain and packed)', bytes: sizeOf('dist/page') },
    { name: 'dashvoip.node (addon)', bytes: addon, budget: ADDON_BUDGET },
    ...modules,
    { name: 'init script', bytes: scripts },
    ...['libasound.so.2', 'libspeexdsp.so.1'].map((name) => ({
      name: `${name} (Debian’s)`,
      bytes: sizeOf(join(LIBRARY_FOLDER, name)),
    })),
  ];
  const agent = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const installed = RUNTIMES.map(({ runtime, folder }) => {
    const runtimeBytes = folder === undefined ? 0 : sizeOf(folder);
    return { runtime, runtimeBytes, bytes: agent + runtimeBytes };
  });
  return { parts, installed };
}

/** Bytes of a file, or of all files in a folder. */
function sizeOf(path: string): number {
  if (!existsSync(path)) throw new Error(`${path} is missing: run scripts/size, which builds it`);
  if (!statSync(path).isDirectory()) return statSync(path).size;
  return readdirSync(path)
    .map((name) => sizeOf(join(path, name)))
    .reduce((sum, size) => sum + size, 0);
}
