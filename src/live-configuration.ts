import { type Agent, AgentException } from './agent';
import { type Config, ConfigException, ConfigStore, SettingException } from './config';
import { CommandRefusal, type Configuration, type ConfigurationChange } from './control';
import type { Log, Logger } from './platform';

/** The configuration of an agent that runs: changes of it are put in force, and surfaces are told in refusals. */
export class LiveConfiguration implements Configuration {
  readonly #store: ConfigStore;

  /** @param file none where the agent was started without one. */
  constructor(file: string | undefined, config: Config, agent: Agent, logs: Log) {
    this.#store = new ConfigStore(file, config, (changed, paths) =>
      putInForce(changed, paths, agent, logs),
    );
  }

  get(path?: string): unknown {
    return asRefusal(() => this.#store.get(path));
  }

  check(value: unknown): ReturnType<Configuration['check']> {
    return this.#store.check(value);
  }

  set(path: string, value: unknown): ConfigurationChange {
    return asRefusal(() => this.#store.set(path, value));
  }

  reload(): ConfigurationChange {
    return asRefusal(() => this.#store.reload());
  }

  /** SIGHUP, as is the custom of daemons. */
  reloadOnHangUp(log: Logger): void {
    process.on('SIGHUP', () => {
      try {
        const { applied, restart } = this.#store.reload();
        log.info('reloaded', { applied: applied.join(','), restart: restart.join(',') });
      } catch (error) {
        log.error('not reloaded', {
          error: error instanceof Error ? error.message : String(error),
        });
      }
    });
  }
}

/** What of a changed configuration can be had without opening anything anew, and is had from now on. */
function putInForce(
  { account, policy, media, log }: Config,
  paths: readonly string[],
  agent: Agent,
  logs: Log,
): readonly string[] {
  const has = (place: string): boolean =>
    paths.some((path) => path === place || path.startsWith(`${place}.`));
  agent.reconfigure({
    ...(has('account') ? { account: { value: account } } : {}),
    ...(has('policy') ? { policy } : {}),
    ...(has('media.rtpTimeout') ? { rtpTimeout: media.rtpTimeout } : {}),
  });
  if (has('log.level')) logs.setLevel(log.level);
  return paths.filter((path) =>
    /^(account|policy)(\.|$)|^(log\.level|media\.rtpTimeout)$/.test(path),
  );
}

/** Surfaces know refusals only. */
function asRefusal<Value>(act: () => Value): Value {
  try {
    return act();
  } catch (error) {
    if (error instanceof ConfigException) throw new CommandRefusal('value', error.message);
    if (!(error instanceof SettingException)) throw error;
    const { about, message } = error;
    if (about === 'file') throw new AgentException('no-resource', message);
    throw new CommandRefusal(about, message);
  }
}
