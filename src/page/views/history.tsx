import { useEffect, useState } from 'preact/hooks';
import type { HistoryEntry } from '../../control';
import { member } from '../api';
import { clockTime, shortAddress } from '../model';
import { endedInWords, useSay } from '../words';
import { failureInWords } from './answer-words';
import { nameOf } from './call-card';
import { type Act, useAct } from './context';
import { Icon } from './icons';

const PAGE_LENGTH = 20;
/** A search is asked for when typing pauses, ms. */
const TYPING_MS = 200;

interface Found {
  readonly calls: readonly HistoryEntry[];
  readonly hasMore: boolean;
}

interface HistoryViewProps {
  /** Of the status: when it changes there is more to show. */
  readonly recent: readonly HistoryEntry[];
  readonly language: string;
}

/** The ended calls, searched by the agent. */
export function HistoryView({ recent, language }: HistoryViewProps) {
  const say = useSay();
  const act = useAct();
  const [search, setSearch] = useState('');
  const [found, setFound] = useState<Found>();
  const [problem, setProblem] = useState<string>();
  const newest = recent[0]?.call;

  useEffect(() => {
    let isLate = false;
    const timer = window.setTimeout(
      async () => {
        const result = await ask(act, search, undefined);
        if (isLate) return;
        setFound(result.found);
        setProblem(result.answer && failureInWords(result.answer, say));
      },
      search === '' ? 0 : TYPING_MS,
    );
    return () => {
      isLate = true;
      window.clearTimeout(timer);
    };
  }, [search, newest]);

  const showOlder = async (): Promise<void> => {
    const last = found?.calls[found.calls.length - 1];
    const older = await ask(act, search, last?.call);
    if (!older.found) return;
    setFound({
      calls: [...(found?.calls ?? []), ...older.found.calls],
      hasMore: older.found.hasMore,
    });
  };
  return (
    <section class="card">
      <div class="search field">
        <label for="search">{say('search')}</label>
        <input
          id="search"
          type="search"
          placeholder={say('searchHistory')}
          value={search}
          onInput={({ currentTarget }) => setSearch(currentTarget.value)}
        />
      </div>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <p role="status" class="empty">
        {found?.calls.length === 0 && (search ? say('nothingFound', search) : say('noHistory'))}
      </p>
      <ul class="history">
        {found?.calls.map((entry) => (
          <Row key={entry.call} entry={entry} language={language} onProblem={setProblem} />
        ))}
      </ul>
      {found?.hasMore && (
        <button type="button" onClick={() => void showOlder()}>
          {say('showOlder')}
        </button>
      )}
    </section>
  );
}

async function ask(act: Act, search: string, before: number | undefined) {
  const answer = await act('history', {
    limit: PAGE_LENGTH,
    ...(search.trim() === '' ? {} : { search: search.trim() }),
    ...(before === undefined ? {} : { before }),
  });
  if (answer.kind !== 'done') return { answer };
  const list = member(answer.reply, 'calls');
  const calls: readonly HistoryEntry[] = Array.isArray(list) ? list : [];
  return { found: { calls, hasMore: calls.length === PAGE_LENGTH } };
}

interface RowProps {
  readonly entry: HistoryEntry;
  readonly language: string;
  readonly onProblem: (problem: string | undefined) => void;
}

function Row({ entry, language, onProblem }: RowProps) {
  const say = useSay();
  const act = useAct();
  const { direction, remote, startedAt, durationS, ended } = entry;
  const isMissed = direction === 'incoming' && durationS === 0;
  const call = async (): Promise<void> =>
    onProblem(failureInWords(await act('call', { uri: remote }), say));
  return (
    <li>
      <span class={`way ${isMissed ? 'missed' : ''}`}>
        <Icon name={direction} />
        <span class="hidden-text">{say(isMissed ? 'missed' : direction)}</span>
      </span>
      <span class="who">
        <strong class={isMissed ? 'missed' : ''}>{nameOf(entry)}</strong>
        <small>
          {nameOf(entry) !== shortAddress(remote) && <span>{shortAddress(remote)}</span>}
          <span>{endedInWords(ended, say)}</span>
        </small>
      </span>
      <span class="when">
        <time dateTime={startedAt}>{whenInWords(startedAt, language)}</time>
        <small>{durationS > 0 ? clockTime(durationS) : '–'}</small>
      </span>
      <button
        type="button"
        class="plain round"
        aria-label={say('callSomeone', nameOf(entry))}
        onClick={() => void call()}
      >
        <Icon name="phone" />
      </button>
    </li>
  );
}

/** The time of a call of today, the day of any other. */
function whenInWords(startedAt: string, language: string): string {
  const date = new Date(startedAt);
  if (Number.isNaN(date.getTime())) return startedAt;
  const isToday = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language, {
    ...(isToday ? {} : { month: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
  }).format(date);
}
