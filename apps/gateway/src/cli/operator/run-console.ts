import { fullMoment } from "../ledger/moments.ts";
import { askGateway } from "./ask-gateway.ts";

/** `hermes console`: a link that signs a browser in. It is all of the output, so that it can be handed on. */
export async function printSignInLink(): Promise<void> {
  const { link, expiresAtMs } = await askGateway(async ({ client, configuration, url }) => {
    const { code, expiresAtMs } = await client.call("console.code");
    const pageUrl = configuration.settings.server.publicUrl?.origin ?? url;
    return { link: `${pageUrl}/#code=${code}`, expiresAtMs };
  });
  process.stdout.write(`${link}\n`);
  process.stderr.write(`It works once, until ${untilWords(expiresAtMs)}. Whoever opens it is signed in as the owner.\n`);
}

/** A moment to come, as people read it. */
export function untilWords(atMs: number): string {
  return fullMoment(atMs, atMs).replace(/ \(.*\)$/u, "");
}
