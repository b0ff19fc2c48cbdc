import { Option, type Command } from "commander";
import { examples } from "./examples.ts";
import type { SendOptions } from "./operator/run-send.ts";

/** `hermes send`: what is said without being asked. */
export function addMessageCommands(program: Command): void {
  program
    .command("send")
    .argument("<target>", "`platform:chat` or `platform:chat:thread`, such as telegram:42")
    .argument("[text]", "what is said, in Markdown; `-` or nothing reads standard input")
    .description("say something in a chat of any platform, and tell what the platform says of it")
    .option("--key <key>", "the same key within a day is the same message, however often it is sent")
    .addOption(new Option("--json", "print the evidence as JSON for scripts"))
    .addHelpText(
      "after",
      `
Needs a gateway that runs. It counts as sent only with the platform's word for it.

Exit codes: 0 sent; 75 queued (it is kept, and sent once that works), nobody can tell whether it stands there, or no gateway runs;
1 the platform refused it for good; 78 wrong usage or target.
${examples(
  "hermes send telegram:42 'The backup is done.'",
  "df -h | hermes send telegram:42 -",
  "hermes send telegram:42 --key backup-2026-11-21 'The backup is done.' --json",
)}`,
    )
    .action(async (target: string, text: string | undefined, options: SendOptions) => {
      const { sendOne } = await import("./operator/run-send.ts");
      await sendOne(target, text, options);
    });
}
