import { checkConfig } from '../../src/config';
import { type Control, Journal, NO_COMMANDS } from '../../src/control';
import { LiveConfiguration } from '../../src/live-configuration';
import { Log } from '../../src/platform';
import type { Bench } from '../agent/fakes';
import { seededRandom } from '../support/seeded-random';

/** What the surfaces command, with an agent between fakes and a configuration in memory. */
export function controlOf({ agent, clock }: Bench): Control {
  const log = new Log(
    'info',
    () => undefined,
    () => new Date(0),
  );
  log.logger('sip');
  return {
    agent,
    journal: new Journal(agent, () => clock.wallTime(), seededRandom()),
    log,
    configuration: new LiveConfiguration(undefined, checkConfig({}, 'defaults'), []),
    counters: { ...NO_COMMANDS },
    surfaces: {},
    clock,
    random: seededRandom(),
  };
}
