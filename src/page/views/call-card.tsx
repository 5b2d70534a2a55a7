import { useState } from 'preact/hooks';
import type { CallStatus } from '../../control';
import { clockTime, shortAddress } from '../model';
import { useSay, type Word } from '../words';
import { failureInWords } from './answer-words';
import { useAct } from './context';
import { Icon, type IconName } from './icons';
import { Verification } from './verification';

const SILENCE_MS = 5000;

interface Deed {
  readonly command: string;
  readonly word: Word;
  readonly icon: IconName;
  readonly look: 'go' | 'stop' | '';
}

const ANSWER: Deed = { command: 'answer', word: 'answer', icon: 'phone', look: 'go' };
const REJECT: Deed = { command: 'reject', word: 'reject', icon: 'hangUp', look: 'stop' };
const HANG_UP: Deed = { command: 'hangup', word: 'hangUp', icon: 'hangUp', look: 'stop' };
const HOLD: Deed = { command: 'hold', word: 'hold', icon: 'hold', look: '' };
const RESUME: Deed = { command: 'resume', word: 'resume', icon: 'resume', look: '' };

/** What can be done with a call as it stands. */
function deedsFor({ state, heldBy }: CallStatus): readonly Deed[] {
  switch (state) {
    case 'incoming':
      return [ANSWER, REJECT];
    case 'dialing':
    case 'ringing':
      return [HANG_UP];
    case 'active':
      return [HOLD, HANG_UP];
    case 'held':
      return [heldBy === 'peer' ? HOLD : RESUME, HANG_UP];
    case 'ended':
      return [];
  }
}

export function stateWord({ state, heldBy }: Pick<CallStatus, 'state' | 'heldBy'>): Word {
  switch (state) {
    case 'dialing':
      return 'stateDialing';
    case 'ringing':
      return 'stateRinging';
    case 'incoming':
      return 'stateIncoming';
    case 'active':
      return 'stateActive';
    case 'held':
      return heldBy === 'both'
        ? 'stateHeldBoth'
        : heldBy === 'peer'
          ? 'stateHeldPeer'
          : 'stateHeldUs';
    case 'ended':
      return 'stateEnded';
  }
}

/** Who is at the far end, for people. */
export function nameOf({
  contact,
  displayName,
  remote,
}: Pick<CallStatus, 'contact' | 'displayName' | 'remote'>): string {
  return contact ?? displayName ?? shortAddress(remote);
}

/** One call, and what can be done with it. */
export function CallCard({ call }: { readonly call: CallStatus }) {
  const say = useSay();
  const { state, media, durationS } = call;
  const isUp = state === 'active' || state === 'held';
  const isSilent = state === 'active' && (media?.silentMs ?? 0) >= SILENCE_MS;
  const codecs = [media?.audio?.codec, media?.video?.codec].filter((codec) => codec !== undefined);
  return (
    <section
      class={`card call ${state}`}
      aria-label={say('callWith', nameOf(call))}
      data-call={call.call}
    >
      <p class="call-state" role="status">
        {say(stateWord(call))}
      </p>
      <p class="call-name">{nameOf(call)}</p>
      {nameOf(call) !== shortAddress(call.remote) && (
        <p class="call-address">{shortAddress(call.remote)}</p>
      )}
      {call.redirectedTo !== undefined && (
        <p class="call-address">{say('redirectedTo', shortAddress(call.redirectedTo))}</p>
      )}
      <p class="call-time">
        {isUp && <span class="timer">{clockTime(durationS)}</span>}
        {codecs.length > 0 && <span class="tag">{codecs.join(' + ')}</span>}
        {media?.audio?.mos !== undefined && (
          <span class="tag">MOS {media.audio.mos.toFixed(2)}</span>
        )}
      </p>
      {isSilent && <p class="problem">{say('silent')}</p>}
      <Verification call={call} />
      <CallDeeds call={call} />
    </section>
  );
}

export function CallDeeds({ call }: { readonly call: CallStatus }) {
  const say = useSay();
  const act = useAct();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const run = async (command: string): Promise<void> => {
    setBusy(true);
    const answer = await act(command, { call: call.call });
    setBusy(false);
    setProblem(failureInWords(answer, say));
  };
  return (
    <>
      <div class="deeds">
        {deedsFor(call).map(({ command, word, icon, look }) => (
          <button
            key={command}
            type="button"
            class={look}
            // A call can be ended while its hold is under way.
            disabled={busy && command !== 'hangup'}
            onClick={() => void run(command)}
          >
            <Icon name={icon} />
            {say(word)}
          </button>
        ))}
      </div>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

/** Calls that ring are seen from wherever the reader is. */
export function IncomingBanner({ calls }: { readonly calls: readonly CallStatus[] }) {
  const say = useSay();
  const ringing = calls.filter(({ state }) => state === 'incoming');
  return (
    <div role="alert" class="incoming-banner">
      {ringing.map((call) => (
        <div class="card call incoming" key={call.call} data-call={call.call}>
          <p class="call-state">{say('stateIncoming')}</p>
          <p class="call-name">{nameOf(call)}</p>
          {call.displayName !== undefined && (
            <p class="call-address">{shortAddress(call.remote)}</p>
          )}
          <CallDeeds call={call} />
        </div>
      ))}
    </div>
  );
}
