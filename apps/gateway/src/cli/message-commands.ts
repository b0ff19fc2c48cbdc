import { Option, type Command } from "commander";
import { examples } from "./examples.ts";
import type { ChannelsOptions } from "./operator/run-channels.ts";
import type { SendOptions } from "./operator/run-send.ts";

/** What is said without being asked, and where it can be said. */
export function addMessageCommands(program: Command): void {
  addSend(program);
  addChannels(program);
}

function addSend(program: Command): void {
  program
    .command("send")
    .argument(
      "<target>",
      "where: `platform` (its home channel), `platform:chat`, `platform:chat:thread`, `platform:#name`, `all`, or several with commas",
    )
    .argument("[text]", "what is said, in Markdown; `-` or nothing reads standard input")
    .description("say something in chats of any platform, and tell what the platforms say of it")
    .option("--key <key>", "the same key within a day is the same message, however often it is sent")
    .addOption(new Option("--json", "print the evidence as JSON for scripts"))
    .addHelpText(
      "after",
      `
Needs a gateway that runs. It counts as sent only with the platform's word for it. Where one of several places leads nowhere, nothing is
said at all. \`hermes channels\` lists what can be written; a chat becomes its platform's home channel by /sethome in it.

Exit codes, of the place that stands worst: 0 sent; 75 queued (it is kept, and sent once that works), nobody can tell whether it stands there, or no gateway runs;
1 the platform refused it for good; 78 wrong usage or target.
${examples(
  "hermes send telegram:42 'The backup is done.'",
  "hermes send telegram 'To the home channel.'",
  "hermes send 'telegram:#Team,telegram:-1001234567890:7' 'To a group by its name, and to a topic.'",
  "df -h | hermes send telegram:42 -",
  "hermes send telegram:42 --key backup-2026-11-21 'The backup is done.' --json",
)}`,
    )
    .action(async (target: string, text: string | undefined, options: SendOptions) => {
      const { sendOne } = await import("./operator/run-send.ts");
      await sendOne(target, text, options);
    });
}

function addChannels(program: Command): void {
  program
    .command("channels")
    .description("list the chats that something can be said in, with the target of each")
    .option("--platform <id>", "only of this platform")
    .addOption(new Option("--json", "print JSON for scripts"))
    .addHelpText(
      "after",
      `
Asks the gateway that serves this home; it has to run. It knows the chats that a platform lists, and those that somebody has talked in lately.
${examples("hermes channels", "hermes channels --platform telegram --json")}`,
    )
    .action(async (options: ChannelsOptions) => {
      const { listChannels } = await import("./operator/run-channels.ts");
      await listChannels(options);
    });
}
