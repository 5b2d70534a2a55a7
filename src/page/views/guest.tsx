import { useState } from 'preact/hooks';
import type { GuestCall } from '../api';
import type { GuestState, PageState } from '../model';
import { type Language, useSay } from '../words';
import { failureInWords } from './answer-words';
import { stateWord } from './call-card';
import { useAct } from './context';
import { Icon } from './icons';
import { LanguageSwitch, type ShellProps } from './shell';
import { BrowserTelephone } from './telephone';

interface GuestProps extends Pick<ShellProps, 'language' | 'onLanguage' | 'onLogOut'> {
  readonly guest: GuestState;
  readonly connection: PageState['connection'];
}

/** All that a guest sees: the camera's picture, the telephone, and until when. */
export function GuestView(props: GuestProps) {
  const { guest, connection, language, onLogOut } = props;
  const say = useSay();
  const calls = guest.calls.filter(({ state }) => state !== 'ended');
  return (
    <main class="guest">
      <header class="guest-top">
        <h1 class="brand">
          <Icon name="phone" />
          {say('guestTitle')}
        </h1>
        <LanguageSwitch {...props} />
      </header>
      <div role="status" class="notices">
        {connection === 'lost' && (
          <p class="notice bad">
            <Icon name="warning" />
            {say('connectionLost')}
          </p>
        )}
      </div>
      <BrowserTelephone calls={guest.calls} live={connection === 'live'} />
      {calls.map((call) => (
        <OwnCall key={call.call} call={call} />
      ))}
      <footer class="guest-foot">
        <span>{say('guestUntil', timeOfDay(guest.until, language))}</span>
        <button type="button" class="plain" onClick={onLogOut}>
          {say('leave')}
        </button>
      </footer>
    </main>
  );
}

function OwnCall({ call: { call, state } }: { readonly call: GuestCall }) {
  const say = useSay();
  const act = useAct();
  const [problem, setProblem] = useState<string>();
  const hangUp = async (): Promise<void> =>
    setProblem(failureInWords(await act('hangup', { call }), say));
  return (
    <section class="card call" aria-label={say('calls')} data-call={call}>
      <p class="call-state" role="status">
        {say(stateWord({ state }))}
      </p>
      <div class="deeds">
        <button type="button" class="stop" onClick={() => void hangUp()}>
          <Icon name="hangUp" />
          {say('hangUp')}
        </button>
      </div>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}

function timeOfDay(time: Date, language: Language): string {
  return time.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });
}
