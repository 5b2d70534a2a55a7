import type { Checker, Tally } from './checker';

export interface Built {
  readonly folder: string;
  readonly tally: Tally;
}

/** Builds in `build/test-...`; a build that fails is one failure. `nice` where something else goes on. */
export async function buildNative(
  checker: Checker,
  name: string,
  options: readonly string[],
  targets: readonly string[] = [],
  nice = 0,
): Promise<Built> {
  const folder = `build/test-${name.replaceAll(/\W+/g, '-').toLowerCase()}`;
  const configured = await checker.check({
    label: `cmake ${name}`,
    command: 'cmake',
    args: [
      ...['-S', 'native', '-B', folder, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Debug'],
      ...['-DDASHVOIP_ADDON=OFF', ...options],
    ],
  });
  if (configured.failed > 0) return { folder, tally: configured };
  const tally = await checker.check({
    label: `build ${name}`,
    command: 'nice',
    args: ['-n', `${nice}`, 'ninja', '-C', folder, ...targets],
    timeoutMinutes: 30,
  });
  return { folder, tally };
}
