import { useEffect, useState } from 'preact/hooks';
import type { Answer } from '../api';
import { dialogsIn, type TracedDialog, type TracedMessage } from '../model';
import { useSay } from '../words';
import { failureInWords } from './answer-words';
import { useAct } from './context';
import { Icon } from './icons';

/** The last SIP dialogs, message by message, between this camera and its far ends. */
export function LadderView({ changed }: { readonly changed: string }) {
  const say = useSay();
  const act = useAct();
  const [dialogs, setDialogs] = useState<readonly TracedDialog[]>();
  const [answer, setAnswer] = useState<Answer>();
  const [chosen, setChosen] = useState<string>();
  const load = async (): Promise<void> => {
    const result = await act('trace', { text: true });
    setAnswer(result);
    if (result.kind === 'done') setDialogs(dialogsIn(result.reply));
  };
  useEffect(() => void load(), [changed]);
  const shown = dialogs?.find(({ callId }) => callId === chosen) ?? dialogs?.[0];
  const problem = answer && failureInWords(answer, say);
  return (
    <section class="card">
      <div class="bar">
        {dialogs && dialogs.length > 0 && (
          <div class="field inline">
            <label for="dialog">{say('dialog')}</label>
            <select
              id="dialog"
              value={shown?.callId}
              onChange={({ currentTarget }) => setChosen(currentTarget.value)}
            >
              {dialogs.map((dialog) => (
                <option key={dialog.callId} value={dialog.callId}>
                  {titleOf(dialog)}
                </option>
              ))}
            </select>
          </div>
        )}
        <button type="button" class="plain" onClick={() => void load()}>
          <Icon name="refresh" />
          {say('refresh')}
        </button>
      </div>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {dialogs?.length === 0 && <p class="empty">{say('noLadder')}</p>}
      {shown && <Ladder key={shown.callId} dialog={shown} />}
    </section>
  );
}

function titleOf({ call, kind, callId, messages }: TracedDialog): string {
  const first = messages[0]?.summary ?? callId;
  return call === undefined ? `${kind}: ${first}` : `${call} · ${first}`;
}

/** A table whose rows are arrows: read aloud it is a table. */
function Ladder({ dialog }: { readonly dialog: TracedDialog }) {
  const say = useSay();
  const [open, setOpen] = useState<number>();
  const start = dialog.messages[0]?.at.getTime() ?? 0;
  return (
    <table class="ladder">
      <caption class="hidden-text">{say('ladderOf', titleOf(dialog))}</caption>
      <thead>
        <tr>
          <th scope="col">{say('time')}</th>
          <th scope="col" class="ends">
            <span>{say('here')}</span>
            <span>{say('farEnd')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {dialog.messages.map((message) => (
          <MessageRow
            key={message.number}
            message={message}
            start={start}
            isOpen={open === message.number}
            onOpen={() => setOpen(open === message.number ? undefined : message.number)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface MessageRowProps {
  readonly message: TracedMessage;
  readonly start: number;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}

function MessageRow({ message, start, isOpen, onOpen }: MessageRowProps) {
  const say = useSay();
  const { direction, summary, at, text, octets, transport, from, to } = message;
  const seconds = (at.getTime() - start) / 1000;
  const far = direction === 'out' ? to : from;
  return (
    <>
      <tr class={`message ${direction} ${toneOf(summary)}`}>
        <td class="timer">{`+${seconds.toFixed(3)}`}</td>
        <td>
          <button type="button" class="plain" aria-expanded={isOpen} onClick={onOpen}>
            <span class="hidden-text">{say(direction === 'out' ? 'sent' : 'received')}: </span>
            <span class="summary">{shortSummary(summary)}</span>
            <span class="arrow" />
          </button>
        </td>
      </tr>
      {isOpen && (
        <tr class="text">
          <td colSpan={2}>
            <p class="hint">{`${far} · ${transport} · ${octets} B`}</p>
            <pre lang="en">{text ?? summary}</pre>
          </td>
        </tr>
      )}
    </>
  );
}

/** Of an answer by its class, RFC 3261 §7.2. */
function toneOf(summary: string): string {
  const status = Number(/^(\d)\d\d /.exec(summary)?.[1] ?? 0);
  if (status === 0) return 'request';
  if (status === 1) return 'provisional';
  return status === 2 ? 'success' : 'failure';
}

function shortSummary(summary: string): string {
  return summary.replace(/ sips?:/, ' ').replace(/[;?][^ )]*/g, '');
}
