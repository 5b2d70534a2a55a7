import type { ComponentChildren, JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { useSay } from '../words';
import { type Problem, problemsAt } from './problems';
import { type Control, controlFor, type Entry, type JsonSchema } from './schema';
import { titleOf } from './titles';
import { isPlain, isSame, valueAt } from './value';

export interface FieldsProps {
  readonly entries: readonly Entry[];
  /** Of the whole form. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where in the form they stand. */
  readonly path?: readonly string[];
  readonly onChange: (path: readonly string[], value: unknown) => void;
  /** Whether a field differs from what is saved. */
  readonly isChanged?: (path: readonly string[]) => boolean;
}

/** The fields of a section, made from its schema; sections within it stand in a frame. */
export function Fields(props: FieldsProps) {
  const { entries, path = [] } = props;
  return (
    <>
      {entries.map((entry) => (
        <EntryField key={entry.name} {...props} entry={entry} path={[...path, entry.name]} />
      ))}
    </>
  );
}

type EntryProps = FieldsProps & { readonly entry: Entry; readonly path: readonly string[] };

function EntryField(props: EntryProps) {
  const { entry, path } = props;
  const control = controlFor(entry.schema);
  if (control.kind !== 'section') return <SingleField {...props} control={control} />;
  return (
    <fieldset class="group">
      <legend>{titleOf(entry.name)}</legend>
      <Fields {...props} entries={control.entries} path={path} />
    </fieldset>
  );
}

/** What a control is given to put itself up. */
interface ControlProps<Kind extends Control['kind']> {
  readonly control: Extract<Control, { kind: Kind }>;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly field: {
    readonly id: string;
    readonly 'aria-describedby'?: string;
    readonly 'aria-invalid'?: boolean;
    readonly 'aria-required'?: boolean;
  };
  readonly label: string;
  readonly schema: JsonSchema;
}

function SingleField(props: EntryProps & { readonly control: Control }) {
  const { entry, path, value, problems, onChange, control, isChanged } = props;
  const say = useSay();
  const id = useId();
  const { schema, name, required } = entry;
  const mine = problemsAt(problems, path.join('.'));
  const hints = [
    schema.description,
    control.kind === 'number' ? rangeOf(control) : undefined,
    schema.default === undefined ? undefined : say('defaultIs', shown(schema.default)),
  ].filter((hint) => hint !== undefined);
  const describedBy = [
    ...(hints.length > 0 ? [`${id}-hint`] : []),
    ...(mine.length > 0 ? [`${id}-problem`] : []),
  ].join(' ');
  const isOneInput = !['selection', 'tuple', 'variant'].includes(control.kind);
  const inner = controlElement(control, {
    value: valueAt(value, path),
    onChange: (changed) => onChange(path, changed),
    field: {
      id,
      ...(describedBy ? { 'aria-describedby': describedBy } : {}),
      ...(mine.length > 0 ? { 'aria-invalid': true } : {}),
      ...(required ? { 'aria-required': true } : {}),
    },
    label: titleOf(name),
    schema,
  });
  const label = (
    <>
      {titleOf(name)}
      {required && <span class="required"> ({say('required')})</span>}
    </>
  );
  const state = [
    'field',
    mine.length > 0 ? 'wrong' : '',
    isChanged?.(path) ? 'changed' : '',
    control.kind === 'flag' ? 'flag' : '',
  ];
  return (
    <div class={state.filter(Boolean).join(' ')} data-path={path.join('.')}>
      {isOneInput ? (
        <label for={id}>{label}</label>
      ) : (
        <span class="label" id={`${id}-label`}>
          {label}
        </span>
      )}
      {isOneInput ? (
        inner
      ) : (
        <Group labelledBy={`${id}-label`} describedBy={describedBy}>
          {inner}
        </Group>
      )}
      {hints.length > 0 && (
        <p class="hint" id={`${id}-hint`} lang="en">
          {hints.join(' · ')}
        </p>
      )}
      {mine.length > 0 && (
        <p class="problem" id={`${id}-problem`}>
          {mine.map(({ found, expected }) => say('foundExpected', found, expected)).join(' ')}
        </p>
      )}
    </div>
  );
}

interface GroupProps {
  readonly labelledBy: string;
  readonly describedBy: string;
  readonly children: ComponentChildren;
}

function Group({ labelledBy, describedBy, children }: GroupProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: the label stands above, as those of all fields do
    <div
      role="group"
      aria-labelledby={labelledBy}
      {...(describedBy ? { 'aria-describedby': describedBy } : {})}
    >
      {children}
    </div>
  );
}

function controlElement(
  control: Control,
  props: Omit<ControlProps<Control['kind']>, 'control'>,
): JSX.Element {
  switch (control.kind) {
    case 'choice':
      return <ChoiceControl {...props} control={control} />;
    case 'flag':
      return <FlagControl {...props} control={control} />;
    case 'number':
      return <NumberControl {...props} control={control} />;
    case 'text':
      return <TextControl {...props} control={control} />;
    case 'selection':
      return <SelectionControl {...props} control={control} />;
    case 'lines':
      return <LinesControl {...props} control={control} />;
    case 'tuple':
      return <TupleControl {...props} control={control} />;
    case 'variant':
      return <VariantControl {...props} control={control} />;
    case 'json':
    case 'section':
      return <JsonControl {...props} control={{ kind: 'json' }} />;
  }
}

function ChoiceControl({ control, value, onChange, field, schema }: ControlProps<'choice'>) {
  const say = useSay();
  const text = textOf(value);
  // What the schema does not know is shown all the same.
  const options =
    text === '' || control.options.includes(text) ? control.options : [text, ...control.options];
  return (
    <select
      {...field}
      value={text}
      onChange={({ currentTarget }) => onChange(currentTarget.value || undefined)}
    >
      {(text === '' || schema.default === undefined) && <option value="">{say('notSet')}</option>}
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  );
}

function FlagControl({ value, onChange, field }: ControlProps<'flag'>) {
  const { 'aria-required': _, ...rest } = field;
  return (
    <input
      {...rest}
      type="checkbox"
      role="switch"
      class="switch"
      checked={value === true}
      aria-checked={value === true}
      onChange={({ currentTarget }) => onChange(currentTarget.checked)}
    />
  );
}

function NumberControl({ value, onChange, field }: ControlProps<'number'>) {
  return (
    <input
      {...field}
      type="text"
      inputMode="numeric"
      autocomplete="off"
      class="short"
      value={textOf(value)}
      onInput={({ currentTarget }) => onChange(numberIn(currentTarget.value))}
    />
  );
}

function TextControl({ value, onChange, field }: ControlProps<'text'>) {
  return (
    <input
      {...field}
      type="text"
      autocomplete="off"
      autocapitalize="none"
      spellcheck={false}
      value={textOf(value)}
      onInput={({ currentTarget }) => onChange(currentTarget.value || undefined)}
    />
  );
}

function LinesControl({ value, onChange, field }: ControlProps<'lines'>) {
  const say = useSay();
  // What is being typed, with its empty lines.
  const [text, setText] = useState(Array.isArray(value) ? value.join('\n') : textOf(value));
  return (
    <textarea
      {...field}
      rows={3}
      spellcheck={false}
      placeholder={say('onePerLine')}
      value={text}
      onInput={({ currentTarget }) => {
        setText(currentTarget.value);
        const lines = currentTarget.value.split('\n').map((line) => line.trim());
        const full = lines.filter((line) => line !== '');
        onChange(full.length > 0 ? full : undefined);
      }}
    />
  );
}

function JsonControl({ value, onChange, field }: ControlProps<'json'>) {
  const say = useSay();
  const [text, setText] = useState(value === undefined ? '' : JSON.stringify(value, null, 1));
  return (
    <textarea
      {...field}
      class="code"
      rows={3}
      spellcheck={false}
      placeholder={say('asJson')}
      value={text}
      onInput={({ currentTarget }) => {
        setText(currentTarget.value);
        onChange(jsonIn(currentTarget.value));
      }}
    />
  );
}

function SelectionControl({ control, value, onChange, field }: ControlProps<'selection'>) {
  const say = useSay();
  const chosen = (Array.isArray(value) ? value : []).map(String);
  const others = control.options.filter((option) => !chosen.includes(option));
  const moveUp = (place: number): void => {
    const moved = [...chosen];
    moved.splice(place - 1, 0, ...moved.splice(place, 1));
    onChange(moved);
  };
  return (
    <ol class="selection">
      {[...chosen, ...others].map((option, place) => (
        <li key={option}>
          <label>
            <input
              type="checkbox"
              {...(place === 0 ? { id: field.id } : {})}
              checked={chosen.includes(option)}
              onChange={({ currentTarget }) =>
                onChange(
                  currentTarget.checked
                    ? [...chosen, option]
                    : chosen.filter((name) => name !== option),
                )
              }
            />
            {option}
          </label>
          {place > 0 && place < chosen.length && (
            <button
              type="button"
              class="plain small"
              aria-label={say('moveUp', option)}
              onClick={() => moveUp(place)}
            >
              ↑
            </button>
          )}
        </li>
      ))}
    </ol>
  );
}

function TupleControl({ control, value, onChange, field, label }: ControlProps<'tuple'>) {
  const say = useSay();
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const names = control.items.length === 2 ? [say('from'), say('to')] : [];
  return (
    <div class="tuple">
      {control.items.map((_, place) => (
        <input
          key={place}
          {...field}
          id={place === 0 ? field.id : `${field.id}-${place}`}
          type="text"
          inputMode="numeric"
          class="short"
          aria-label={`${label}: ${names[place] ?? place + 1}`}
          value={textOf(items[place])}
          onInput={({ currentTarget }) =>
            onChange(
              control.items.map((_item, at) =>
                at === place ? (numberIn(currentTarget.value) ?? '') : (items[at] ?? ''),
              ),
            )
          }
        />
      ))}
    </div>
  );
}

function VariantControl({ control, value, onChange, field, label }: ControlProps<'variant'>) {
  const chosen = textOf(valueAt(value, [control.key]));
  const option = control.options.find(({ name }) => name === chosen);
  return (
    <div class="variant">
      <select
        {...field}
        aria-label={label}
        value={chosen}
        onChange={({ currentTarget }) => onChange({ [control.key]: currentTarget.value })}
      >
        {control.options.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      {option?.entries.map(({ name, schema }) => (
        <input
          key={name}
          type="text"
          autocomplete="off"
          spellcheck={false}
          aria-label={`${label}: ${titleOf(name)}`}
          placeholder={titleOf(name)}
          title={schema.description}
          value={textOf(valueAt(value, [name]))}
          onInput={({ currentTarget }) =>
            onChange({ ...(isPlain(value) ? value : {}), [name]: currentTarget.value })
          }
        />
      ))}
    </div>
  );
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function numberIn(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : trimmed;
}

function jsonIn(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function rangeOf({ minimum, maximum }: Extract<Control, { kind: 'number' }>): string | undefined {
  if (minimum === undefined || maximum === undefined || maximum > 1e9) return undefined;
  return `${minimum}–${maximum}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (isPlain(value)) return isSame(value, {}) ? '' : Object.values(value).map(shown).join(', ');
  return String(value);
}
