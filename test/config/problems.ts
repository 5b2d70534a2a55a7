import { ConfigException, checkConfig } from '../../src/config';

/** What is wrong with a configuration, a line for each. */
export function problems(value: unknown): string[] {
  try {
    checkConfig(value, 'file');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigException)) throw error;
    return error.message.split('\n').map((line) => line.replace(/^file: /, ''));
  }
}
