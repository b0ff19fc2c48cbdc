import type { ReactNode } from "react";
import { Button } from "../design/button.tsx";
import { ErrorNote } from "../design/note.tsx";
import { Skeleton } from "../design/page.tsx";
import { useSpeech } from "../i18n/language.tsx";
import type { Pages } from "./use-pages.ts";

interface PagedRowsProps<Row> {
  readonly pages: Pages<Row>;
  /** Shown where there are no rows. */
  readonly empty: ReactNode;
  readonly children: (rows: readonly Row[]) => ReactNode;
}

/** A list that is read page by page: what is on its way, what went wrong, the rows, and more of them. */
export function PagedRows<Row>({ pages, empty, children }: PagedRowsProps<Row>): ReactNode {
  const { t } = useSpeech();
  const isEmpty = !pages.isLoading && pages.rows.length === 0 && pages.error === undefined;
  return (
    <>
      {pages.error !== undefined && <ErrorNote error={pages.error} onRetry={pages.refresh} />}
      {pages.isLoading && <Skeleton rows={8} />}
      {isEmpty && empty}
      {pages.rows.length > 0 && children(pages.rows)}
      {pages.hasMore && (
        <Button className="button-wide" isBusy={pages.isLoadingMore} onClick={pages.loadMore}>
          {t.common.loadMore}
        </Button>
      )}
    </>
  );
}
