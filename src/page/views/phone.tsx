import type { StatusReply } from '../../control';
import { useSay } from '../words';
import { CallCard } from './call-card';
import { DialPad } from './dial-pad';
import { Facts, Switches, Troubles } from './facts';
import { BrowserTelephone } from './telephone';

interface PhoneProps {
  readonly status: StatusReply;
  readonly live: boolean;
}

/** Where the page begins: calls, picture and dial pad, and what the camera is doing. */
export function PhoneView({ status, live }: PhoneProps) {
  const say = useSay();
  // Those that ring stand above every view.
  const calls = status.calls.filter(({ state }) => state !== 'incoming' && state !== 'ended');
  return (
    <div class="phone">
      <section class="calls" aria-label={say('calls')}>
        {calls.map((call) => (
          <CallCard key={call.call} call={call} />
        ))}
      </section>
      <div class="see">
        <BrowserTelephone calls={status.calls} live={live} />
        <Troubles status={status} />
      </div>
      <div class="talk">
        <DialPad calls={status.calls} recent={status.recent} accounts={status.accounts} />
      </div>
      <div class="know">
        <Switches status={status} />
        <Facts status={status} />
      </div>
    </div>
  );
}
