import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { PageState } from '../model';
import { LANGUAGE_NAMES, type Language, useSay, type Word } from '../words';
import { Icon } from './icons';
import { MAIN_ROUTES, ROUTES, type Route } from './routes';

export interface ShellProps {
  readonly state: PageState;
  readonly route: Route;
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
  readonly onLogOut: () => void;
  readonly onNoticeRead: () => void;
  readonly banner: ComponentChildren;
  readonly children: ComponentChildren;
}

/** What stands around every view: name and connection above, the menu, and what the reader must know. */
export function Shell(props: ShellProps) {
  const { state, route, banner, children } = props;
  const say = useSay();
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  // Another view is another page: a screen reader begins at its heading.
  useEffect(() => {
    if (!first.current) heading.current?.focus({ preventScroll: true });
    first.current = false;
    window.scrollTo(0, 0);
  }, [route]);
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => heading.current?.focus()}>
        {say('skipToContent')}
      </button>
      <header class="top">
        <span class="brand">
          <Icon name="phone" />
          dashvoip
        </span>
        <Connection state={state} />
        <span class="tools">
          <LanguageSwitch {...props} />
          {state.needsPassword && (
            <button type="button" class="plain" onClick={props.onLogOut}>
              <Icon name="logOut" />
              <span class="wide-only">{say('logOut')}</span>
              <span class="hidden-text narrow-only">{say('logOut')}</span>
            </button>
          )}
        </span>
      </header>
      <Menu route={route} />
      <main id="content">
        <h1 ref={heading} tabIndex={-1}>
          {say(route)}
        </h1>
        <Notices {...props} />
        {banner}
        {children}
      </main>
    </div>
  );
}

function Connection({ state: { connection } }: { readonly state: PageState }) {
  const say = useSay();
  const word: Word =
    connection === 'live' ? 'connected' : connection === 'lost' ? 'disconnected' : 'connecting';
  return (
    <span class={`connection ${connection}`}>
      <span class="dot" />
      {say(word)}
    </span>
  );
}

/** Each language calls itself by its own name, so that whoever cannot read this one finds it. */
export function LanguageSwitch({
  language,
  onLanguage,
}: Pick<ShellProps, 'language' | 'onLanguage'>) {
  const say = useSay();
  const other: Language = language === 'en' ? 'ko' : 'en';
  return (
    <button
      type="button"
      class="plain"
      lang={other}
      title={say('language')}
      onClick={() => onLanguage(other)}
    >
      {LANGUAGE_NAMES[other]}
    </button>
  );
}

function Menu({ route }: { readonly route: Route }) {
  const say = useSay();
  const isMain = (name: Route): boolean => MAIN_ROUTES.includes(name);
  return (
    <nav aria-label={say('mainMenu')}>
      <ul>
        {ROUTES.map((name) => {
          const isHere = name === route || (name === 'more' && !isMain(route));
          const place = name === 'more' ? 'narrow-only' : isMain(name) ? '' : 'wide-only';
          return (
            <li key={name} class={place}>
              <a href={`#/${name}`} {...(isHere ? { 'aria-current': 'page' } : {})}>
                <Icon name={name} />
                <span>{say(name)}</span>
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

/** Told aloud, too: what became of the connection. */
function Notices({ state, onNoticeRead }: Pick<ShellProps, 'state' | 'onNoticeRead'>) {
  const say = useSay();
  const { connection, notice, missed } = state;
  return (
    <div role="status" class="notices">
      {connection === 'lost' && (
        <p class="notice bad">
          <Icon name="warning" />
          {say('connectionLost')}
        </p>
      )}
      {connection !== 'lost' && notice !== undefined && (
        <p class={`notice ${notice === 'stopping' ? 'bad' : 'good'}`} data-notice={notice}>
          {say(notice)}
          <button type="button" class="plain small" onClick={onNoticeRead}>
            {say('dismiss')}
          </button>
        </p>
      )}
      {missed > 0 && (
        <p class="notice bad" data-notice="missed">
          <Icon name="warning" />
          {say('eventsMissed', missed)}
          <button type="button" class="plain small" onClick={onNoticeRead}>
            {say('dismiss')}
          </button>
        </p>
      )}
    </div>
  );
}

/** What a phone's menu has no room for. */
export function MoreView() {
  const say = useSay();
  return (
    <ul class="card links">
      {ROUTES.filter((name) => name !== 'more' && !MAIN_ROUTES.includes(name)).map((name) => (
        <li key={name}>
          <a href={`#/${name}`}>
            <Icon name={name} />
            {say(name)}
          </a>
        </li>
      ))}
    </ul>
  );
}
