import { dirname, resolve } from 'node:path';

/** Paths are relative to the configuration file. */
export function placeOf(path: string, configFile: string | undefined): string {
  return resolve(configFile === undefined ? '.' : dirname(configFile), path);
}
