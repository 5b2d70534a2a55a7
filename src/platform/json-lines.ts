import { appendFile, readFile } from 'node:fs/promises';
import { replaceFile } from './whole-file';

/** What is read in this time is there at the start, ms. */
const LOAD_MS = 500;

/** A text file as a list of lines needs it; every operation may fail, and may take seconds on a memory card. */
export interface LineFile {
  /** undefined when there is none yet. */
  read(): Promise<string | undefined>;
  append(text: string): Promise<void>;
  /** All of it anew: whoever is ended in between leaves the old or the new file, whole. */
  replace(text: string): Promise<void>;
}

export function lineFileAt(path: string): LineFile {
  return {
    read: async () => {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    append: (text) => appendFile(path, text, { mode: 0o600 }),
    replace: (text) => replaceFile(path, text),
  };
}

/**
 * The last of what was told, as JSON lines in a file: bounded, and whole after an end at any moment.
 * What cannot be written stays in memory, and is written with the next one that can.
 */
export class JsonLines {
  readonly #file: LineFile;
  readonly #limit: number;
  #lines: readonly string[] = [];
  /** Lines in the file, those beyond the limit among them. */
  #written = 0;
  /** The file must be written anew: it has a torn line, too many, or a write failed. */
  #mustReplace = false;
  #loaded: Promise<void> | undefined;
  #writing: Promise<void> | undefined;
  #unwritten = 0;
  #problem: string | undefined;

  constructor(file: LineFile, limit: number) {
    this.#file = file;
    this.#limit = limit;
  }

  /** Why what is told does not reach the file, in words; undefined when it does. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** What the file holds, oldest first; a line that is no JSON is passed over. Never rejects. */
  load(): Promise<unknown[]> {
    this.#problem = 'it is still being read';
    const values = this.#load();
    this.#loaded = values.then(() => undefined);
    return values;
  }

  /** The same for who starts: a card that hangs keeps nobody waiting, and what it holds is not there then. */
  async loadInTime(): Promise<unknown[]> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<unknown[]>((done) => {
      timer = setTimeout(() => done([]), LOAD_MS);
    });
    const values = await Promise.race([this.load(), late]);
    clearTimeout(timer);
    return values;
  }

  async #load(): Promise<unknown[]> {
    let values: unknown[] = [];
    try {
      const text = await this.#file.read();
      const lines = (text ?? '').split('\n').filter((line) => line !== '');
      values = lines.flatMap(parsed).slice(-this.#limit);
      const added = this.#lines;
      this.#lines = [...values.map((value) => JSON.stringify(value)), ...added].slice(-this.#limit);
      this.#written = lines.length;
      // That it cannot be written is told before there is something to lose.
      if (text === undefined) await this.#file.replace(asText(this.#lines));
      else await this.#file.append('');
      this.#mustReplace ||= !/(^|\n)$/.test(text ?? '');
      this.#problem = undefined;
    } catch (error) {
      this.#failed(error);
    }
    return values;
  }

  /** Adds the newest; the oldest gives way. Returns at once. */
  add(value: unknown): void {
    this.#set([...this.#lines, JSON.stringify(value)]);
  }

  /** All of it anew, in the place of what there was. Returns at once. */
  become(values: readonly unknown[]): void {
    this.#mustReplace = true;
    this.#set(values.map((value) => JSON.stringify(value)));
  }

  /** Resolves when all that can be written is. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  #set(lines: readonly string[]): void {
    this.#lines = lines.slice(-this.#limit);
    this.#unwritten += 1;
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    await this.#loaded;
    while (this.#unwritten > 0) {
      const lines = this.#lines.slice(-this.#unwritten);
      const all = this.#mustReplace || this.#written + lines.length > 2 * this.#limit;
      this.#unwritten = 0;
      try {
        if (all) await this.#file.replace(asText(this.#lines));
        else await this.#file.append(asText(lines));
        this.#written = all ? this.#lines.length : this.#written + lines.length;
        this.#mustReplace = false;
        this.#problem = undefined;
      } catch (error) {
        this.#failed(error);
      }
    }
    this.#writing = undefined;
  }

  #failed(error: unknown): void {
    this.#mustReplace = true;
    this.#problem = error instanceof Error ? error.message : String(error);
  }
}

function asText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function parsed(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    // Torn by an end of the process, or by the card.
    return [];
  }
}
