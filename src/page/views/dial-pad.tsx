import { useState } from 'preact/hooks';
import type { CallStatus, HistoryEntry, StatusReply } from '../../control';
import { recentContacts, shortAddress } from '../model';
import { useSay } from '../words';
import { failureInWords, insteadInWords } from './answer-words';
import { useAct } from './context';
import { Icon } from './icons';

/** ITU-T E.161. */
const KEYS: readonly (readonly [string, string])[] = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', '+'],
  ['#', ''],
];
const RECENT_LIMIT = 4;

interface DialPadProps {
  readonly calls: readonly CallStatus[];
  readonly recent: readonly HistoryEntry[];
  /** To choose from where there are several. */
  readonly accounts: StatusReply['accounts'];
}

/** Dials; while a call talks its keys go to the far end. */
export function DialPad({ calls, recent, accounts }: DialPadProps) {
  const say = useSay();
  const act = useAct();
  const [text, setText] = useState('');
  const [sent, setSent] = useState('');
  const [problem, setProblem] = useState<string>();
  const [account, setAccount] = useState('');
  const [instead, setInstead] = useState<string>();
  const talking = calls.find(({ state }) => state === 'active');
  const call = async (uri: string): Promise<void> => {
    const target = uri.trim();
    if (target === '') return;
    const answer = await act('call', { uri: target, ...(account ? { account } : {}) });
    setProblem(failureInWords(answer, say));
    setInstead(insteadInWords(answer, say));
    if (answer.kind === 'done') setText('');
  };
  const press = async (key: string): Promise<void> => {
    if (!talking) {
      setText(text + key);
      return;
    }
    setSent((former) => (former + key).slice(-24));
    setProblem(failureInWords(await act('dtmf', { digits: key, call: talking.call }), say));
  };
  return (
    <section class="card dial" aria-label={say('dialPad')}>
      <form
        class="dial-line"
        onSubmit={(event) => {
          event.preventDefault();
          void call(text);
        }}
      >
        <label class="hidden-text" for="number">
          {say('numberOrAddress')}
        </label>
        <input
          id="number"
          type="text"
          inputMode="text"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          placeholder={say('numberOrAddress')}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        {text !== '' && (
          <button
            type="button"
            class="plain"
            aria-label={say('erase')}
            onClick={() => setText(text.slice(0, -1))}
          >
            <Icon name="erase" />
          </button>
        )}
      </form>
      {talking && (
        <p class="hint keys-sent" role="status">
          {sent ? say('keysSent', sent) : say('keysInCall')}
        </p>
      )}
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {instead && (
        <p class="hint" role="status">
          {instead}
        </p>
      )}
      {accounts.length > 1 && (
        <div class="field">
          <label for="by-account">{say('byAccount')}</label>
          <select
            id="by-account"
            value={account}
            onChange={({ currentTarget }) => setAccount(currentTarget.value)}
          >
            <option value="">{say('defaultAccount')}</option>
            {accounts.map((one) => (
              <option key={one.uri} value={one.account}>
                {one.account}
              </option>
            ))}
          </select>
        </div>
      )}
      <div class="keys">
        {KEYS.map(([key, letters]) => (
          <button key={key} type="button" class="key" onClick={() => void press(key)}>
            <span>{key}</span>
            <small aria-hidden="true">{letters}</small>
          </button>
        ))}
      </div>
      <button
        type="button"
        class="go call-button"
        disabled={text.trim() === ''}
        onClick={() => void call(text)}
      >
        <Icon name="phone" />
        {say('callNow')}
      </button>
      <Recent recent={recent} onCall={(uri) => void call(uri)} />
    </section>
  );
}

interface RecentProps {
  readonly recent: readonly HistoryEntry[];
  readonly onCall: (uri: string) => void;
}

function Recent({ recent, onCall }: RecentProps) {
  const say = useSay();
  const contacts = recentContacts(recent, RECENT_LIMIT);
  if (contacts.length === 0) return null;
  return (
    <>
      <h2 class="small-heading">{say('recentNumbers')}</h2>
      <ul class="recent">
        {contacts.map(({ uri, name }) => (
          <li key={uri}>
            <button
              type="button"
              class="plain"
              title={shortAddress(uri)}
              aria-label={say('callSomeone', name)}
              onClick={() => onCall(uri)}
            >
              <Icon name="phone" />
              {name}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
