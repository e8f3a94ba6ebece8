import { useEffect, useState, type ReactNode } from 'react';
import { isUnreachable } from '../api/problem';
import { Entrance } from './entrance';
import { currentPath } from './session';
import { beginSignIn, finishSignIn, isCallback, takePending } from './sign-in';
import { tokenStore } from './tokens';

type State = 'going' | 'in' | Error;

/** Where the page goes after a sign-in that this tab knows nothing of. */
const HOME = '/console/';

let entering: Promise<void> | undefined;

/** A code can be redeemed once, however often React mounts this. */
function enter(): Promise<void> {
  entering ??= isCallback(location) ? takeAnswer() : beginSignIn(currentPath());
  return entering;
}

async function takeAnswer(): Promise<void> {
  const answer = new URLSearchParams(location.search);
  const pending = takePending();
  // The code leaves the address bar and the history before anything else happens.
  history.replaceState(null, '', pending?.returnTo ?? HOME);
  tokenStore.set(await finishSignIn(answer, pending));
}

/** Lets in who is signed in, and sends everybody else to sign in. */
export function SignInGate({ children }: { children: ReactNode }) {
  const [state, setState] = useState<State>('going');
  useEffect(() => {
    let mounted = true;
    enter().then(
      () => mounted && tokenStore.get() && setState('in'),
      (error: Error) => mounted && setState(error),
    );
    return () => {
      mounted = false;
    };
  }, []);
  if (state === 'in') return children;
  const retry = () => {
    setState('going');
    beginSignIn(currentPath()).catch(setState);
  };
  const error = state === 'going' ? undefined : state;
  return <Entrance error={error} retry={retry} action={isUnreachable(error) ? 'Try again' : 'Sign in'} />;
}
