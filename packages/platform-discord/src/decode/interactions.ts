import type { Json, PlatformEvent } from "@hermes/core";
import { kept } from "./payload.ts";
import { interactionSchema, type RawInteraction } from "./payloads.ts";
import { authorOf, chatOf, commonOf, type DecodeContext } from "./place.ts";
import { timeOf } from "./snowflakes.ts";

/** Interaction types (Receiving and Responding). */
export const interactionTypes = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;
/** The type of a command that is typed; others stand in the menus of people and messages. */
const typedCommand = 1;

/** A slash command, a pressed button, a choice from a list. undefined: not as Discord describes it. */
export function decodeInteraction(data: unknown, context: DecodeContext): readonly PlatformEvent[] | undefined {
  const interaction = interactionSchema.safeParse(data).data;
  const user = interaction?.member?.user ?? interaction?.user;
  const channelId = interaction?.channel?.id ?? interaction?.channel_id;
  if (interaction === undefined || user === undefined || channelId === undefined) return undefined;
  const { id, guild_id: guildId, member, message, type } = interaction;
  const author = authorOf(user, member);
  const place = chatOf(channelId, guildId, context);
  const chat = guildId === undefined && author.name !== undefined ? { ...place, name: author.name } : place;
  const common = commonOf(`interaction:${id}`, chat, author, timeOf(id), message?.id);
  if (type === interactionTypes.command && interaction.data?.type === typedCommand && interaction.data.name !== undefined) {
    const { name } = interaction.data;
    return [{ ...common, type: "command", name, arguments: argumentsOf(interaction), interaction: handleOf(interaction) }];
  }
  const token = interaction.data?.custom_id;
  if (type === interactionTypes.component && token !== undefined) {
    const values = interaction.data?.values;
    return [
      {
        ...common,
        type: "action",
        token,
        ...(message === undefined ? {} : { messageId: message.id }),
        ...(values === undefined ? {} : { values }),
        interaction: handleOf(interaction),
      },
    ];
  }
  return [{ ...common, type: "other", name: `interaction-type-${type}`, payload: kept(data) }];
}

/** What settles it: the token answers in the bot's name for 15 minutes, so it goes nowhere else. */
function handleOf({ id, token, type }: RawInteraction): Json {
  return { id, token, type };
}

function argumentsOf({ data }: RawInteraction): string {
  return (data?.options ?? [])
    .flatMap(({ value }) => (value === undefined ? [] : [String(value)]))
    .join(" ")
    .trim();
}
