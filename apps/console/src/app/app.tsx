import { useCallback, useEffect, useState, type ReactNode } from "react";
import { readSession, signIn, signOut, type SignedIn, type SignInOutcome } from "../connection/session.ts";
import { LanguageProvider } from "../i18n/language.tsx";
import { Console } from "./console.tsx";
import { FaultBoundary } from "./fault-boundary.tsx";
import type { Preferences } from "./preferences.ts";
import { SignIn } from "./sign-in.tsx";
import { Starting, Unreachable } from "./starting.tsx";

type State =
  | { readonly kind: "starting" | "unreachable" }
  | { readonly kind: "signed-out"; readonly outcome?: SignInOutcome }
  | { readonly kind: "signed-in"; readonly who: SignedIn };

interface AppProps {
  readonly preferences: Preferences;
  /** Of a sign-in link. */
  readonly code: string | undefined;
}

/** Who one is decides what is shown: the console, or the way in. */
export function App({ preferences, code }: AppProps): ReactNode {
  const [state, setState] = useState<State>({ kind: "starting" });
  const look = useCallback(async () => setState(await stateOfSession()), []);
  useEffect(() => {
    void begin(code).then(setState);
  }, [code]);
  const enter = async (given: string): Promise<SignInOutcome> => {
    const outcome = await signIn(given);
    if (outcome === "signed-in") await look();
    return outcome;
  };
  const leave = useCallback(async () => {
    await signOut();
    setState({ kind: "signed-out" });
  }, []);
  const signedOut = useCallback(() => setState({ kind: "signed-out" }), []);
  return (
    <LanguageProvider store={preferences.language}>
      <FaultBoundary>
        {state.kind === "starting" && <Starting />}
        {state.kind === "unreachable" && <Unreachable onRetry={() => void look()} />}
        {state.kind === "signed-out" && <SignIn preferences={preferences} onCode={enter} outcome={state.outcome} />}
        {state.kind === "signed-in" && (
          <Console
            key={state.who.user}
            preferences={preferences}
            signedIn={state.who}
            onSignOut={leave}
            onSignedOut={signedOut}
          />
        )}
      </FaultBoundary>
    </LanguageProvider>
  );
}

/** A code works once: the one of the link is traded once, however often React begins. */
let trade: Promise<State> | undefined;

async function begin(code: string | undefined): Promise<State> {
  if (code === undefined) return await stateOfSession();
  trade ??= (async (): Promise<State> => {
    const outcome = await signIn(code);
    const state = await stateOfSession();
    // An old link harms nobody who is signed in already.
    return state.kind === "signed-out" && outcome !== "signed-in" ? { ...state, outcome } : state;
  })();
  return await trade;
}

async function stateOfSession(): Promise<State> {
  try {
    const who = await readSession();
    return who === undefined ? { kind: "signed-out" } : { kind: "signed-in", who };
  } catch {
    return { kind: "unreachable" };
  }
}
