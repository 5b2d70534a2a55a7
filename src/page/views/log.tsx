import { useEffect, useState } from 'preact/hooks';
import { member } from '../api';
import type { LogLine } from '../model';
import { useSay, type Word } from '../words';
import { failureInWords } from './answer-words';
import { useAct } from './context';

const LEVELS = [
  ['error', 'levelError'],
  ['warn', 'levelWarn'],
  ['info', 'levelInfo'],
  ['debug', 'levelDebug'],
] as const satisfies readonly (readonly [string, Word])[];

interface LogViewProps {
  readonly log: readonly LogLine[];
  readonly language: string;
  readonly onFollow: (follow: boolean) => void;
  readonly onClear: () => void;
}

/** The agent's log as it is written, the newest line first; and how much is written. */
export function LogView({ log, language, onFollow, onClear }: LogViewProps) {
  const say = useSay();
  const act = useAct();
  const [level, setLevel] = useState('');
  const [area, setArea] = useState('');
  const [text, setText] = useState('');
  const [frozen, setFrozen] = useState<readonly LogLine[]>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    onFollow(true);
    void act('log').then((answer) => {
      if (answer.kind === 'done') setLevel(String(member(answer.reply, 'level')));
    });
    return () => onFollow(false);
  }, []);
  const change = async (wanted: string): Promise<void> => {
    const answer = await act('log', { level: wanted });
    setProblem(failureInWords(answer, say));
    if (answer.kind === 'done') setLevel(wanted);
  };
  const lines = frozen ?? log;
  const areas = [...new Set(lines.map((line) => firstWord(line.area)))].sort();
  const wanted = text.toLowerCase();
  const shown = lines.filter(
    (line) =>
      (area === '' || firstWord(line.area) === area) &&
      `${line.area}: ${line.text}`.toLowerCase().includes(wanted),
  );
  return (
    <section class="card">
      <div class="bar">
        <div class="field inline">
          <label for="level">{say('level')}</label>
          <select
            id="level"
            value={level}
            onChange={({ currentTarget }) => void change(currentTarget.value)}
          >
            {LEVELS.map(([name, word]) => (
              <option key={name} value={name}>
                {say(word)}
              </option>
            ))}
          </select>
        </div>
        <div class="field inline">
          <label for="area">{say('area')}</label>
          <select
            id="area"
            value={area}
            onChange={({ currentTarget }) => setArea(currentTarget.value)}
          >
            <option value="">{say('allAreas')}</option>
            {areas.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <div class="field inline grow">
          <label for="filter">{say('filter')}</label>
          <input
            id="filter"
            type="search"
            placeholder={say('filterLog')}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </div>
        <button
          type="button"
          aria-pressed={frozen !== undefined}
          onClick={() => setFrozen(frozen ? undefined : log)}
        >
          {say(frozen ? 'goOn' : 'pause')}
        </button>
        <button
          type="button"
          onClick={() => {
            setFrozen(undefined);
            onClear();
          }}
        >
          {say('clear')}
        </button>
      </div>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {shown.length === 0 && (
        <p class="empty">{say(lines.length === 0 ? 'logEmpty' : 'logFiltered')}</p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <ol class="log" lang="en" aria-label={say('logLines')} tabIndex={0}>
        {[...shown].reverse().map((line) => (
          <li key={line.key} class={line.level}>
            <time dateTime={line.at.toISOString()}>{timeOf(line.at, language)}</time>
            <span class="tag">{line.level}</span>
            <span class="area">{line.area}</span>
            <span class="words">{line.text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** `call` of `call 7`. */
function firstWord(area: string): string {
  return area.split(' ')[0] ?? area;
}

function timeOf(at: Date, language: string): string {
  const time = new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  }).format(at);
  return `${time}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}
