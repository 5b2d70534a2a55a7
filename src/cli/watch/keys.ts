/** What a key asks for. */
export type KeyPress = 'quit' | 'answer' | 'hangup' | 'redraw';

const KEYS: Readonly<Record<string, KeyPress>> = {
  q: 'quit',
  Q: 'quit',
  // Ctrl-C and Ctrl-D: a terminal in raw mode makes no signal of them.
  '\x03': 'quit',
  '\x04': 'quit',
  a: 'answer',
  h: 'hangup',
  '\x0c': 'redraw',
};

/** What a watch needs of a keyboard. */
export interface Keyboard {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  off(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** Hears keys one by one until the returned function is called, which leaves the keyboard as it was. */
export function listenToKeys(keyboard: Keyboard, onKey: (key: KeyPress) => void): () => void {
  if (!keyboard.isTTY) return () => undefined;
  const onData = (chunk: Uint8Array): void => {
    const text = Buffer.from(chunk).toString('latin1');
    // The sequence of an arrow or a function key is none of ours.
    if (text.startsWith('\x1b')) return;
    for (const character of text) {
      const key = Object.hasOwn(KEYS, character) ? KEYS[character] : undefined;
      if (key) onKey(key);
    }
  };
  keyboard.setRawMode?.(true);
  keyboard.on('data', onData);
  keyboard.resume();
  return () => {
    keyboard.off('data', onData);
    keyboard.setRawMode?.(false);
    keyboard.pause();
  };
}
