import type { Checker, Tally } from './checker';

/** Builds in `build/test-...`; a build that fails is one failure. */
export async function buildNative(
  checker: Checker,
  name: string,
  options: readonly string[],
  targets: readonly string[],
): Promise<{ folder: string; tally: Tally }> {
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
    command: 'ninja',
    args: ['-C', folder, ...targets],
    timeoutMinutes: 20,
  });
  return { folder, tally };
}
