import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Controller, PageState } from '../model';
import { type Language, languageFor, SayContext, sayIn, useSay } from '../words';
import { IncomingBanner, nameOf } from './call-card';
import { CommandsView } from './commands';
import { ActContext } from './context';
import { GuestView } from './guest';
import { HistoryView } from './history';
import { LadderView } from './ladder';
import { LogView } from './log';
import { LoginView } from './login';
import { PhoneView } from './phone';
import { QualityView } from './quality';
import { type Route, useRoute } from './routes';
import { SettingsView } from './settings';
import { MoreView, Shell } from './shell';

interface AppProps {
  readonly state: PageState;
  readonly controller: Controller;
}

const LANGUAGE_KEY = 'dashvoip.language';

export function App({ state, controller }: AppProps) {
  const route = useRoute();
  const [language, setLanguage] = useState<Language>(() =>
    languageFor([localStorage.getItem(LANGUAGE_KEY) ?? '', ...navigator.languages]),
  );
  const say = useMemo(() => sayIn(language), [language]);
  const act = useMemo(() => controller.act.bind(controller), [controller]);
  const ringing = state.status?.calls.find((call) => call.state === 'incoming');
  const place = say(state.guest ? 'guestTitle' : route);
  const title = ringing ? say('incomingFrom', nameOf(ringing)) : place;
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = `${title} · dashvoip`;
  }, [language, title]);
  const chooseLanguage = (chosen: Language): void => {
    localStorage.setItem(LANGUAGE_KEY, chosen);
    setLanguage(chosen);
  };
  return (
    <SayContext.Provider value={say}>
      <ActContext.Provider value={act}>
        {state.connection === 'login' ? (
          <LoginView
            wasOpen={state.wasOpen}
            invitation={state.invitation}
            language={language}
            onLanguage={chooseLanguage}
            onIn={() => void controller.start()}
          />
        ) : state.guest ? (
          <GuestView
            guest={state.guest}
            connection={state.connection}
            language={language}
            onLanguage={chooseLanguage}
            onLogOut={() => void controller.logOut()}
          />
        ) : (
          <Shell
            state={state}
            route={route}
            language={language}
            onLanguage={chooseLanguage}
            onLogOut={() => void controller.logOut()}
            onNoticeRead={() => controller.noticeRead()}
            banner={<IncomingBanner calls={state.status?.calls ?? []} />}
          >
            <View route={route} state={state} controller={controller} language={language} />
          </Shell>
        )}
      </ActContext.Provider>
    </SayContext.Provider>
  );
}

function Connecting() {
  const say = useSay();
  return <p class="card empty">{say('connecting')}</p>;
}

interface ViewProps extends AppProps {
  readonly route: Route;
  readonly language: Language;
}

function View({ route, state, controller, language }: ViewProps) {
  const { status } = state;
  if (!status) return <Connecting />;
  switch (route) {
    case 'phone':
      return <PhoneView status={status} live={state.connection === 'live'} />;
    case 'history':
      return <HistoryView recent={status.recent} language={language} />;
    case 'quality':
      return <QualityView status={status} samples={state.samples} />;
    case 'ladder':
      return (
        <LadderView changed={status.calls.map((call) => `${call.call}${call.state}`).join()} />
      );
    case 'settings':
      return <SettingsView />;
    case 'log':
      return (
        <LogView
          log={state.log}
          language={language}
          onFollow={(follow) => controller.followLog(follow)}
          onClear={() => controller.clearLog()}
        />
      );
    case 'commands':
      return <CommandsView />;
    case 'more':
      return <MoreView />;
  }
}
