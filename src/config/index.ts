export { ConfigException } from './exception';
export { checkConfig, loadConfig, readConfig } from './load';
export { NEWEST_VERSION } from './migration';
export { type BrokerAddress, brokerAddress, type MqttConfig, servesCommands } from './mqtt';
export { placeOf } from './place';
export { type Config, configSchema } from './schema';
export { type Change, ConfigStore, SettingException } from './store';
export type { VoiceConfig } from './voice';
export { configWarnings, listensToAnybody } from './warnings';
