import { useEffect, useRef, useState } from 'preact/hooks';
import { logIn } from '../api';
import type { InvitationWords } from '../model';
import { type Say, useSay } from '../words';
import { Icon } from './icons';
import { LanguageSwitch, type ShellProps } from './shell';

interface LoginProps extends Pick<ShellProps, 'language' | 'onLanguage'> {
  /** Somebody was logged in before. */
  readonly wasOpen: boolean;
  /** By which somebody wanted to come in. */
  readonly invitation: InvitationWords | undefined;
  readonly onIn: () => void;
}

/** All there is before the password. */
export function LoginView(props: LoginProps) {
  const { wasOpen, invitation, onIn } = props;
  const say = useSay();
  const field = useRef<HTMLInputElement>(null);
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  useEffect(() => field.current?.focus(), []);
  const submit = async (): Promise<void> => {
    setBusy(true);
    const result = await logIn(password);
    setBusy(false);
    if (result.kind === 'in') {
      onIn();
      return;
    }
    setPassword('');
    setProblem(
      result.kind === 'wrong'
        ? say('wrongPassword')
        : result.kind === 'wait'
          ? say('tooManyAttempts', result.seconds)
          : say('loginFailed', result.reason),
    );
    field.current?.focus();
  };
  return (
    <main class="login">
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void submit();
        }}
      >
        <h1 class="brand">
          <Icon name="phone" />
          dashvoip
        </h1>
        {invitation && !problem && <p role="status">{aboutInvitation(invitation, say)}</p>}
        {wasOpen && !problem && <p role="status">{say('sessionEnded')}</p>}
        <div class={problem ? 'field wrong' : 'field'}>
          <label for="password">{say('password')}</label>
          <input
            ref={field}
            id="password"
            type="password"
            autocomplete="current-password"
            required
            value={password}
            {...(problem ? { 'aria-invalid': true } : {})}
            aria-describedby="login-problem"
            onInput={({ currentTarget }) => setPassword(currentTarget.value)}
          />
          <p class="problem" id="login-problem" role="alert">
            {problem}
          </p>
        </div>
        <button type="submit" class="primary" disabled={busy}>
          {say('logIn')}
        </button>
        <LanguageSwitch {...props} />
      </form>
    </main>
  );
}

function aboutInvitation(invitation: InvitationWords, say: Say): string {
  switch (invitation.kind) {
    case 'refused':
      return say('invitationRefused');
    case 'over':
      return say('invitationOver');
    case 'wait':
      return say('tooManyAttempts', invitation.seconds);
    case 'failed':
      return say('failed', invitation.reason);
  }
}
