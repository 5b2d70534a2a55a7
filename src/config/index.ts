export { ConfigException } from './exception';
export { checkConfig, loadConfig } from './load';
export { type Config, configSchema } from './schema';
export { configWarnings, listensToAnybody } from './warnings';
