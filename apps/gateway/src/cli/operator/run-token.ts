import { tokenPathOf } from "../../credentials/home-token.ts";
import { askGateway } from "./ask-gateway.ts";
import { untilWords } from "./run-console.ts";

/** `hermes token rotate`: says where the new token lies, never what it is. */
export async function rotateToken({ keep }: { readonly keep?: number }): Promise<void> {
  const { home, oldGoodUntilMs } = await askGateway(async ({ client, configuration }) => ({
    home: configuration.home,
    ...(await client.call("tokens.rotate", keep === undefined ? {} : { keepMs: keep })),
  }));
  const old =
    keep === undefined || keep === 0
      ? "The old one is no longer good."
      : `The old one is good until ${untilWords(oldGoodUntilMs)}.`;
  process.stdout.write(`The new token lies in ${tokenPathOf(home)}. ${old}\n`);
}
