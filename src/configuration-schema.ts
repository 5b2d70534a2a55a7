import { configSchema } from './config';

/** JSON Schema of the configuration file, made by what the web page makes its form of. */
export async function configurationSchema(): Promise<object> {
  const { jsonSchemaOf } = await import('./control/web');
  return jsonSchemaOf(configSchema);
}
