export { ConfigException } from './exception';
export { checkConfig, loadConfig } from './load';
export { type Config, configSchema } from './schema';
export { type Change, ConfigStore, SettingException } from './store';
export { configWarnings, listensToAnybody } from './warnings';
