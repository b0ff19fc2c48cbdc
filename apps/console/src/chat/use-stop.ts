import { useCallback, useEffect, useState } from "react";
import { hasDialog } from "../app/use-shell-keys.ts";
import { useServices } from "../app/services.tsx";
import { tell } from "../design/toasts.tsx";
import { errorSentence } from "../i18n/error-sentence.ts";
import { useSpeech } from "../i18n/language.tsx";

/** Interrupts the answer of a conversation: by a call, and by Escape while it runs. */
export function useStop(sessionKey: string, isRunning: boolean): { readonly stop: () => void; readonly isStopping: boolean } {
  const { client } = useServices();
  const { t } = useSpeech();
  const [isStopping, setStopping] = useState(false);
  const stop = useCallback(() => {
    setStopping(true);
    client
      .call("chat.stop", { session_key: sessionKey })
      .then(
        ({ done, message }) => {
          if (!done) tell(message);
        },
        (error: unknown) => tell(errorSentence(error, t)),
      )
      .finally(() => setStopping(false));
  }, [client, sessionKey, t]);
  useEffect(() => {
    if (!isRunning) return;
    const onKey = (event: KeyboardEvent): void => {
      const isTaken = event.defaultPrevented || event.isComposing || hasDialog();
      if (event.key === "Escape" && !isTaken && document.querySelector(":popover-open") === null) stop();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [isRunning, stop]);
  return { stop, isStopping };
}
