import { useEffect, useRef, useState } from 'preact/hooks';
import { configurationSchema, member } from '../api';
import {
  type Change,
  changesBetween,
  entriesOf,
  Fields,
  isSame,
  type JsonSchema,
  newProblems,
  type Problem,
  problemsInWords,
  titleOf,
  valueAt,
  withValueAt,
} from '../forms';
import { useSay } from '../words';
import { failureInWords } from './answer-words';
import { type Act, useAct } from './context';
import { Icon } from './icons';

/** What a save came to. */
interface Saved {
  readonly applied: readonly string[];
  readonly restart: readonly string[];
  /** Ways in that are opened anew, this page perhaps among them. */
  readonly reopened: readonly string[];
  /** Changes that were refused, and why. */
  readonly refused: readonly { readonly change: Change; readonly reason: string }[];
}

interface Loaded {
  readonly schema: JsonSchema;
  readonly value: unknown;
  /** What seems wrong although nothing was changed: secrets are not in it. */
  readonly problems: readonly Problem[];
}

/** The configuration as a form made of its schema. */
export function SettingsView() {
  const say = useSay();
  const act = useAct();
  const [loaded, setLoaded] = useState<Loaded>();
  const [draft, setDraft] = useState<unknown>();
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [told, setTold] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [waiting, setWaiting] = useState<readonly string[]>([]);
  /** Fields that keep what is typed begin anew with it. */
  const [revision, setRevision] = useState(0);
  const form = useRef<HTMLFormElement>(null);

  const load = async (): Promise<void> => {
    try {
      const fresh = await loadFrom(act);
      setLoaded(fresh);
      setDraft(fresh.value);
      setRevision((last) => last + 1);
    } catch (error) {
      setFailure(say('failed', error instanceof Error ? error.message : String(error)));
    }
  };
  useEffect(() => void load(), []);
  // The first field that is wrong is where to go on.
  useEffect(() => {
    if (problems.length > 0) {
      const field = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
      field?.focus({ preventScroll: true });
      field?.scrollIntoView({ block: 'center' });
    }
  }, [problems]);

  if (failure && !loaded) return <p class="card problem">{failure}</p>;
  if (!loaded) {
    return (
      <p class="card empty" aria-busy="true">
        …
      </p>
    );
  }
  const changes = changesBetween(loaded.schema, loaded.value, draft);
  const tell = (words: string | undefined, wrong?: string): void => {
    setTold(words);
    setFailure(wrong);
  };
  const check = async (): Promise<boolean> => {
    const found = await problemsOf(act, draft);
    const news = newProblems(loaded.problems, found);
    setProblems(news);
    if (news.length > 0) tell(undefined, say('problemsFound', news.length));
    return news.length === 0;
  };
  const save = async (): Promise<void> => {
    if (!(await check())) return;
    const saved = await saveChanges(act, [...changes].sort(pageLast));
    setWaiting((before) => [...new Set([...before, ...saved.restart])]);
    if (saved.refused.length > 0) {
      setProblems(saved.refused.flatMap(problemsOfRefusal));
      tell(undefined, say('notSaved', saved.refused.map(({ reason }) => reason).join(' ')));
      return;
    }
    // A page that has another address by now cannot ask what there is.
    if (!saved.reopened.includes('web')) await load();
    else setLoaded({ ...loaded, value: draft });
    tell(savedInWords(saved));
  };
  const reload = async (): Promise<void> => {
    const answer = await act('config reload');
    const wrong = failureInWords(answer, say);
    if (answer.kind === 'done') {
      const saved = { ...changeIn(answer.reply), refused: [] };
      setWaiting((before) => [...new Set([...before, ...saved.restart])]);
      await load();
      tell(savedInWords(saved));
    } else tell(undefined, wrong);
  };
  const savedInWords = ({ applied, restart, reopened }: Saved): string =>
    [
      restart.length > 0
        ? say('savedRestart', restart.join(', '))
        : say(applied.length > 0 ? 'saved' : 'nothingChanged'),
      ...(reopened.includes('mqtt') ? [say('mqttReopened')] : []),
      ...(reopened.includes('web') ? [say('pageReopened')] : []),
    ].join(' ');
  const run = async (deed: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    tell(undefined);
    await deed();
    setBusy(false);
  };
  const discard = (): void => {
    setDraft(loaded.value);
    setProblems([]);
    setRevision(revision + 1);
    tell(undefined);
  };
  const isChanged = (path: readonly string[]): boolean =>
    !isSame(valueAt(loaded.value, path), valueAt(draft, path));

  return (
    <form
      ref={form}
      class="settings"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void run(save);
      }}
    >
      {entriesOf(loaded.schema).map(({ name, schema }) => (
        <details key={name} class="card" open={isOpen(name, problems) ? true : undefined}>
          <summary>
            <h2>{titleOf(name)}</h2>
            <span class="hint" lang="en">
              {schema.description}
            </span>
          </summary>
          <div class="fields" key={revision}>
            <Fields
              entries={schema.properties ? entriesOf(schema) : [{ name, schema, required: false }]}
              path={schema.properties ? [name] : []}
              value={draft}
              problems={problems}
              isChanged={isChanged}
              onChange={(path, value) => setDraft((now: unknown) => withValueAt(now, path, value))}
            />
          </div>
        </details>
      ))}
      <div class="settings-foot">
        <p class="hint">{say('secretNote')}</p>
        <button type="button" disabled={busy} onClick={() => void run(reload)}>
          <Icon name="refresh" />
          {say('reloadFile')}
        </button>
      </div>
      {waiting.length > 0 && (
        <p class="notice">
          {say('afterRestart')}: {waiting.join(', ')}
        </p>
      )}
      <div
        class={`save-bar card ${changes.length > 0 || told || failure ? '' : 'hidden'}`}
        data-changes={changes.length}
      >
        <div role="status">
          {told && <p class="good-words">{told}</p>}
          {changes.length > 0 && (
            <p>{changes.length === 1 ? say('oneChange') : say('manyChanges', changes.length)}</p>
          )}
        </div>
        {failure && (
          <p class="problem" role="alert">
            {failure}
          </p>
        )}
        {changes.length > 0 && (
          <div class="deeds">
            <button type="submit" class="primary" disabled={busy}>
              {say('save')}
            </button>
            <button type="button" disabled={busy} onClick={discard}>
              {say('discard')}
            </button>
          </div>
        )}
      </div>
    </form>
  );
}

/** A section with something wrong in it is opened. */
function isOpen(name: string, problems: readonly Problem[]): boolean {
  return problems.some(({ path }) => path === name || path.startsWith(`${name}.`));
}

async function loadFrom(act: Act): Promise<Loaded> {
  const [schema, answer] = await Promise.all([configurationSchema(), act('config get')]);
  if (answer.kind !== 'done') {
    throw new Error(answer.kind === 'refused' || answer.kind === 'failed' ? answer.reason : '');
  }
  const value = member(answer.reply, 'value');
  return { schema, value, problems: await problemsOf(act, value) };
}

async function problemsOf(act: Act, config: unknown): Promise<readonly Problem[]> {
  const answer = await act('config check', { config });
  const problems = answer.kind === 'done' ? member(answer.reply, 'problems') : [];
  return Array.isArray(problems) ? problems : [];
}

/** What may take the page away comes when all else is saved. */
function pageLast({ path: one }: Change, { path: other }: Change): number {
  return Number(/^web\b/.test(one)) - Number(/^web\b/.test(other));
}

/** One setting after the other; what waits for another to be right first is tried again after it. */
async function saveChanges(act: Act, changes: readonly Change[]): Promise<Saved> {
  const applied: string[] = [];
  const restart: string[] = [];
  const reopened: string[] = [];
  let pending = changes;
  for (;;) {
    const refused: { change: Change; reason: string }[] = [];
    for (const change of pending) {
      const answer = await act('config set', change);
      if (answer.kind === 'done') {
        const reply = changeIn(answer.reply);
        applied.push(...reply.applied);
        restart.push(...reply.restart);
        reopened.push(...reply.reopened);
      } else refused.push({ change, reason: reasonOf(answer) });
    }
    if (refused.length === 0 || refused.length === pending.length) {
      return { applied, restart, reopened, refused };
    }
    pending = refused.map(({ change }) => change);
  }
}

function reasonOf(answer: Awaited<ReturnType<Act>>): string {
  if (answer.kind === 'refused' || answer.kind === 'failed') return answer.reason;
  return answer.kind === 'malformed'
    ? answer.problems.map(({ found, expected }) => `${found}: ${expected}`).join(' ')
    : '';
}

function problemsOfRefusal({ change, reason }: Saved['refused'][number]): readonly Problem[] {
  return problemsInWords(reason).map((problem) =>
    problem.path === 'path' || problem.path === 'value'
      ? { ...problem, path: change.path }
      : problem,
  );
}

function changeIn(reply: unknown): Omit<Saved, 'refused'> {
  const textsIn = (name: string): readonly string[] => {
    const list = member(reply, name);
    return Array.isArray(list) ? list.map(String) : [];
  };
  return {
    applied: textsIn('applied'),
    restart: textsIn('restart'),
    reopened: textsIn('reopened'),
  };
}
