import type { Page } from "@hermes/protocol";
import { useCallback, useEffect, useState } from "react";
import { useQuery, type Query } from "../app/use-query.ts";

/** Pages of a list, one behind the other. */
export interface Pages<Row> extends Pick<Query<Row>, "error" | "isLoading" | "refresh"> {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
  readonly loadMore: () => void;
  readonly isLoadingMore: boolean;
}

interface More<Row> {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly next: string | undefined;
  readonly error: unknown;
}

interface PagesOptions<Row> {
  /** Names the question: another name begins anew. */
  readonly name: string;
  readonly ask: (after: string | undefined) => Promise<Page<Row>>;
  /** What tells rows apart. */
  readonly nameOf: (row: Row) => string;
  readonly everyMs: number;
}

/** The first page is asked again so often; the ones behind it when somebody wants to see them. */
export function usePages<Row>({ name, ask, nameOf, everyMs }: PagesOptions<Row>): Pages<Row> {
  const first = useQuery(name, async () => await ask(undefined), { everyMs });
  const [more, setMore] = useState<More<Row>>();
  const [isLoadingMore, setLoadingMore] = useState(false);
  useEffect(() => setMore(undefined), [name]);
  const ours = more?.name === name ? more : undefined;
  const next = ours === undefined ? first.data?.next : ours.next;
  const loadMore = useCallback(() => {
    if (next === undefined) return;
    setLoadingMore(true);
    const before = ours?.rows ?? [];
    ask(next)
      .then(
        (page) => setMore({ name, rows: [...before, ...page.rows], next: page.next, error: undefined }),
        (error: unknown) => setMore({ name, rows: before, next, error }),
      )
      .finally(() => setLoadingMore(false));
  }, [next, ours, ask, name]);
  const top = first.data?.rows ?? [];
  const known = new Set(top.map(nameOf));
  const rows = [...top, ...(ours?.rows ?? []).filter((row) => !known.has(nameOf(row)))];
  return {
    rows,
    hasMore: next !== undefined,
    loadMore,
    isLoadingMore,
    error: first.error ?? ours?.error,
    isLoading: first.isLoading,
    refresh: first.refresh,
  };
}
