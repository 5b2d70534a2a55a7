import type { StatusReply } from '../../control';
import { type Glyphs, type Palette, Screen, type Terminal } from '../screen';
import { notificationInWords } from '../status-words';
import { CallCurves } from './call-curves';
import { dashboard } from './dashboard';
import type { View } from './views';

/** More than the highest terminal shows. */
const MAX_EVENTS = 100;

/** The terminal's whole page. */
export class ScreenView implements View {
  readonly #screen: Screen;
  readonly #glyphs: Glyphs;
  readonly #now: () => Date;
  readonly #curves = new CallCurves();
  #events: readonly string[] = [];
  #status: StatusReply | undefined;

  constructor(terminal: Terminal, palette: Palette, glyphs: Glyphs, now: () => Date) {
    this.#screen = new Screen(terminal, palette);
    this.#glyphs = glyphs;
    this.#now = now;
  }

  event(type: string, param: unknown): void {
    const words = notificationInWords(type, param);
    if (words) this.say(words);
  }

  look(status: StatusReply): void {
    // Not before there is something to show: who finds no agent keeps the page.
    if (!this.#status) this.#screen.open();
    this.#status = status;
    this.#curves.look(status);
    this.#draw();
  }

  say(words: string): void {
    const time = this.#now().toISOString().slice(11, 19);
    this.#events = [...this.#events, `${time}  ${words}`].slice(-MAX_EVENTS);
    this.#draw();
  }

  /** The terminal has another size, or something else has written on it. */
  redraw(): void {
    this.#screen.reset();
    this.#draw();
  }

  end(): void {
    this.#screen.close();
  }

  #draw(): void {
    if (!this.#status) return;
    const picture = {
      status: this.#status,
      curves: this.#curves,
      events: this.#events,
      now: this.#now(),
    };
    this.#screen.draw(dashboard(picture, this.#screen.size, this.#glyphs));
  }
}
