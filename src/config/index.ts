export { checkConfig, loadConfig } from './load';
export { alternativesOf, describeSetting, entriesOf, type Schema, unwrap } from './outline';
export { ConfigException, type ConfigProblem, findProblems } from './problems';
export { type Config, configSchema } from './schema';
export { setting, text } from './settings';
export { closestTo } from './spelling';
export { configWarnings, listensToAnybody } from './warnings';
