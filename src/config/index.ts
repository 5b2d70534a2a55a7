export { checkConfig, loadConfig } from './load';
export { alternativesOf, describeSetting, entriesOf, type Schema, unwrap } from './outline';
export { ConfigException, type ConfigProblem } from './problems';
export { type Config, configSchema } from './schema';
export { closestTo } from './spelling';
