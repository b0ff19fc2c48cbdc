import type { Command, CommandContext } from "./command.ts";
import { describePlatform } from "./describe-platform.ts";

/** Tells how the platforms are, pauses one, and connects it again. */
export const platformCommand: Command = {
  name: "platform",
  aliases: ["platforms"],
  usage: "[list|pause|resume] [name]",
  who: "admins",
  description: (catalogue) => catalogue.supervision.helpPlatform,
  run: async (context) => {
    const [what = "list", name = "", ...more] = context.arguments.split(/\s+/u).filter((word) => word !== "");
    const { supervision: words } = context.catalogue;
    const ids = context.services.platforms.list().map(({ id }) => id);
    if (what === "list" && name === "") return list(context);
    if ((what !== "pause" && what !== "resume") || name === "" || more.length > 0) return words.usage(ids);
    if (!ids.includes(name)) return words.unknownPlatform(name, ids);
    return what === "pause" ? await pause(name, context) : words.resumed(name, await context.services.platforms.resume(name));
  },
};

function list({ catalogue, services, nowMs }: CommandContext): string {
  return services.platforms
    .list()
    .map((platform) => describePlatform(platform, catalogue.supervision, nowMs))
    .join("\n\n");
}

async function pause(name: string, { catalogue, services, session }: CommandContext): Promise<string> {
  const { supervision: words } = catalogue;
  if (services.platforms.list().some(({ id, isDoor }) => id === name && isDoor === true)) return words.isDoor(name);
  // Nobody there could be heard any more, not even to resume it.
  if (name === session.event.chat.ref.platform) return words.ownPlatform(name);
  return words.paused(name, await services.platforms.pause(name));
}
