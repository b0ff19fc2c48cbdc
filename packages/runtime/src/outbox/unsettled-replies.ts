import type { Store, UnsettledReply } from "../store.ts";

const pageSize = 200;

/** What is complete and not yet shown whole, oldest first, a page at a time. */
export async function* unsettledReplies(store: Store): AsyncGenerator<UnsettledReply> {
  for (let afterId: string | undefined; ;) {
    const page = await store.listUnsettledReplies({ limit: pageSize, ...(afterId === undefined ? {} : { afterId }) });
    yield* page;
    afterId = page.at(-1)?.replyId;
    if (afterId === undefined) return;
  }
}
