import { useEffect, useState } from 'preact/hooks';
import { type Answer, type ListedCommand, listedCommands } from '../api';
import { entriesOf, Fields, titleOf, withoutEmpty, withValueAt } from '../forms';
import { useSay } from '../words';
import { failureInWords } from './answer-words';
import { useAct } from './context';

/** Every command that the agent has, each with a form made of what it takes. */
export function CommandsView() {
  const say = useSay();
  const [commands, setCommands] = useState<readonly ListedCommand[]>();
  const [failure, setFailure] = useState<string>();
  const [chosen, setChosen] = useState('status');
  useEffect(() => {
    listedCommands().then(setCommands, (error: unknown) =>
      setFailure(say('failed', error instanceof Error ? error.message : String(error))),
    );
  }, [say]);
  const command = commands?.find(({ name }) => name === chosen) ?? commands?.[0];
  return (
    <section class="card">
      {failure && (
        <p class="problem" role="alert">
          {failure}
        </p>
      )}
      <div class="field inline">
        <label for="command">{say('command')}</label>
        <select
          id="command"
          value={command?.name}
          onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        >
          {commands?.map(({ name }) => (
            <option key={name} value={name}>
              {titleOf(name)}
            </option>
          ))}
        </select>
      </div>
      {command && <CommandForm key={command.name} command={command} />}
    </section>
  );
}

function CommandForm({ command: { name, summary, param } }: { readonly command: ListedCommand }) {
  const say = useSay();
  const act = useAct();
  const [value, setValue] = useState<unknown>({});
  const [answer, setAnswer] = useState<Answer>();
  const [busy, setBusy] = useState(false);
  const entries = entriesOf(param);
  const run = async (): Promise<void> => {
    setBusy(true);
    setAnswer(await act(name, withoutEmpty(value)));
    setBusy(false);
  };
  const problems =
    answer?.kind === 'malformed'
      ? answer.problems
      : answer?.kind === 'refused' && answer.param !== undefined
        ? [{ path: answer.param, found: '', expected: answer.reason }]
        : [];
  return (
    <form
      class="command"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <p lang="en">{summary}</p>
      {entries.length === 0 && <p class="hint">{say('noParameters')}</p>}
      <div class="fields">
        <Fields
          entries={entries}
          value={value}
          problems={problems.filter(({ found }) => found !== '')}
          onChange={(path, changed) => setValue((now: unknown) => withValueAt(now, path, changed))}
        />
      </div>
      <div class="deeds">
        <button type="submit" class="primary" disabled={busy}>
          {say('run')}
        </button>
      </div>
      <div role="status">
        {answer?.kind === 'done' && <p class="good-words">{say('done')}</p>}
        {answer?.kind === 'malformed' && <p class="problem">{say('malformed')}</p>}
        {(answer?.kind === 'refused' || answer?.kind === 'failed') && (
          <p class="problem">{failureInWords(answer, say)}</p>
        )}
      </div>
      {answer?.kind === 'done' && answer.reply !== undefined && (
        <>
          <h2 class="small-heading">{say('reply')}</h2>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
          <pre class="reply" lang="en" tabIndex={0}>
            {JSON.stringify(answer.reply, null, 2)}
          </pre>
        </>
      )}
    </form>
  );
}
