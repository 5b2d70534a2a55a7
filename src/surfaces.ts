import { dirname, join, resolve } from 'node:path';
import { type Config, configSchema } from './config';
import { COMMANDS, type Control, carryOut, type Surface, type SurfaceOptions } from './control';
import type { Logger } from './platform';

/** Opens the ways in that are configured, each from a file that is loaded for it alone. None keeps the telephone from working. */
export async function openSurfaces(
  config: Config,
  configFile: string | undefined,
  control: Control,
  log: Logger,
): Promise<Surface[]> {
  const options = (area: string): SurfaceOptions => ({
    ...{ control, commands: COMMANDS, carryOut },
    log: log.area(area),
  });
  const place = (path: string): string => resolve(configFile ? dirname(configFile) : '.', path);
  const opened = [
    ...(config.web ? [opening('web', openPage(config.web, options('web'), place), log)] : []),
  ];
  return (await Promise.all(opened)).flat();
}

async function openPage(
  { address, port, name, passwordFile }: NonNullable<Config['web']>,
  options: SurfaceOptions,
  place: (path: string) => string,
): Promise<Surface> {
  const { openWeb } = await import('./control/web');
  return openWeb({
    ...options,
    ...{ address, port, configurationSchema: configSchema },
    ...(name === undefined ? {} : { name }),
    ...(passwordFile === undefined ? {} : { passwordFile: place(passwordFile) }),
    pageFolder: besideBundle('page'),
  });
}

async function opening(name: string, surface: Promise<Surface>, log: Logger): Promise<Surface[]> {
  try {
    return [await surface];
  } catch (error) {
    log.area(name).error('cannot be had', {
      error: error instanceof Error ? error.message : String(error),
    });
    return [];
  }
}

/** In a checkout the bundle's folder is dist/. */
function besideBundle(name: string): string {
  return typeof __dirname === 'string' ? join(__dirname, name) : resolve('dist', name);
}
