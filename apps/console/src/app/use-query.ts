import { useCallback, useEffect, useRef, useState } from "react";
import { isConnectionLost } from "../connection/connection-lost.ts";
import { useServices } from "./services.tsx";
import { useStore } from "./use-store.ts";

/** What is known of a question to the gateway. An older answer stays while a newer one is fetched, also when that fails. */
export interface Query<Result> {
  readonly data: Result | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly refresh: () => void;
}

interface QueryState<Result> {
  readonly name: string;
  readonly data: Result | undefined;
  readonly error: unknown;
}

interface QueryOptions {
  /** Asks again so often while the page is looked at. Default: never by itself. */
  readonly everyMs?: number;
}

/** Asks the gateway, again whenever `name` changes and whenever the connection is back. */
export function useQuery<Result>(name: string, ask: () => Promise<Result>, { everyMs }: QueryOptions = {}): Query<Result> {
  const { connection } = useServices();
  const status = useStore(connection.status);
  const epoch = status.kind === "open" ? status.epoch : 0;
  const [state, setState] = useState<QueryState<Result>>({ name, data: undefined, error: undefined });
  const [round, setRound] = useState(0);
  const question = useRef(ask);
  useEffect(() => {
    question.current = ask;
  });

  useEffect(() => {
    if (epoch === 0) return;
    let isWanted = true;
    const keep = (change: (state: QueryState<Result>) => QueryState<Result>): void => {
      if (isWanted) setState(change);
    };
    question.current().then(
      (data) => keep(() => ({ name, data, error: undefined })),
      (error: unknown) => {
        // What the connection lost is asked again with the next one.
        if (isConnectionLost(error)) return;
        keep((before) => ({ name, data: before.name === name ? before.data : undefined, error }));
      },
    );
    return () => {
      isWanted = false;
    };
  }, [name, epoch, round]);

  const refresh = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => (everyMs === undefined ? undefined : whileVisible(everyMs, refresh)), [everyMs, refresh]);

  const isOurs = state.name === name;
  const data = isOurs ? state.data : undefined;
  const error = isOurs ? state.error : undefined;
  return { data, error, isLoading: data === undefined && error === undefined, refresh };
}

/** Runs something every so often while the page is looked at, and at once when it is looked at again. Returns what ends it. */
export function whileVisible(everyMs: number, run: () => void): () => void {
  const ifVisible = (): void => {
    if (document.visibilityState === "visible") run();
  };
  const timer = setInterval(ifVisible, everyMs);
  document.addEventListener("visibilitychange", ifVisible);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", ifVisible);
  };
}
