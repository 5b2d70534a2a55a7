import { type Agent, AgentException } from './agent';
import {
  type Change,
  type Config,
  ConfigException,
  ConfigStore,
  configWarnings,
  SettingException,
} from './config';
import { CommandRefusal, type Configuration, type ConfigurationChange } from './control';
import type { Log, Logger, LogOutput } from './platform';
import { accountsFor, helpOf, policyOf } from './sip-settings';

/**
 * Puts in force what it can of a changed configuration, and says at which places, as `policy` or `log.level`.
 * Nothing that comes of it drops a call.
 */
export type Follow = (config: Config, isChanged: (place: string) => boolean) => readonly string[];

/** The ways in that are opened anew for a change of their section. */
const WAYS_IN = ['mqtt', 'web'] as const;

/** The configuration of an agent that runs: changes of it are put in force, and surfaces are told in refusals. */
export class LiveConfiguration implements Configuration {
  readonly #store: ConfigStore;
  readonly #followers: Follow[];

  /** @param file none where the agent was started without one. */
  constructor(file: string | undefined, config: Config, followers: readonly Follow[]) {
    this.#followers = [...followers];
    this.#store = new ConfigStore(file, config, (changed, paths) => {
      const isChanged = (place: string): boolean => paths.some((path) => isAt(path, place));
      const places = this.#followers.flatMap((follow) => follow(changed, isChanged));
      return paths.filter((path) => places.some((place) => isAt(path, place)));
    });
  }

  /** One more that follows it. */
  follow(follower: Follow): void {
    this.#followers.push(follower);
  }

  get(path?: string): unknown {
    return asRefusal(() => this.#store.get(path));
  }

  check(value: unknown): ReturnType<Configuration['check']> {
    return this.#store.check(value);
  }

  set(path: string, value: unknown): ConfigurationChange {
    return withReopened(asRefusal(() => this.#store.set(path, value)));
  }

  reload(): ConfigurationChange {
    return withReopened(asRefusal(() => this.#store.reload()));
  }

  /** SIGHUP, as is the custom of daemons. */
  reloadOnHangUp(log: Logger): void {
    process.on('SIGHUP', () => {
      try {
        const { applied, restart, reopened } = this.reload();
        log.info('reloaded', {
          applied: applied.join(','),
          restart: restart.join(','),
          reopened: reopened.join(','),
        });
      } catch (error) {
        log.error('not reloaded', {
          error: error instanceof Error ? error.message : String(error),
        });
      }
    });
  }
}

/** What of the agent's needs no socket anew. */
export function agentFollows(agent: Agent, file: string | undefined): Follow {
  return (config, isChanged) => {
    const { policy, dialPlan, record, tones, media } = config;
    const isOfAccounts = isChanged('account') || isChanged('accounts');
    agent.reconfigure({
      warnings: configWarnings(config, file),
      ...(isOfAccounts ? { accounts: accountsFor(config, file) } : {}),
      ...(isChanged('policy') ? { policy: policyOf(policy, file) } : {}),
      ...(isChanged('dialPlan') ? { dialPlan } : {}),
      ...(isChanged('emergency') ? { emergency: { value: helpOf(config.emergency, file) } } : {}),
      ...(isChanged('record') ? { record } : {}),
      ...(isChanged('tones') ? { tones } : {}),
      ...(isChanged('media.rtpTimeout') ? { rtpTimeout: media.rtpTimeout } : {}),
    });
    return [
      ...['account', 'accounts', 'policy', 'dialPlan', 'emergency', 'record', 'tones'],
      'media.rtpTimeout',
    ];
  };
}

export function logFollows(logs: Log, output: LogOutput): Follow {
  return ({ log }, isChanged) => {
    if (isChanged('log.level')) logs.setLevel(log.level);
    if (isChanged('log.target')) output.setTarget(log.target);
    return ['log'];
  };
}

function isAt(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}.`);
}

function withReopened(change: Change): ConfigurationChange {
  const reopened = WAYS_IN.filter((name) => change.applied.some((path) => isAt(path, name)));
  return { ...change, reopened };
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
