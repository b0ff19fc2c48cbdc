import type { Fields } from "./fields.ts";
import { shown, type WorldChannel, type WorldMessage } from "./world.ts";

/** Who does something, and what Slack adds to it. */
export interface Interaction {
  readonly user: string;
  readonly responseUrl: string;
  readonly nextTs: () => string;
  readonly appId: string;
}

/** A message says something else than `before`, or is shown otherwise. */
export function changed(channel: WorldChannel, message: WorldMessage, before: Fields, at: string): Fields {
  return {
    type: "message",
    subtype: "message_changed",
    hidden: true,
    channel: channel.id,
    channel_type: channel.id.startsWith("D") ? "im" : "channel",
    ts: at,
    event_ts: at,
    message: shown(message),
    previous_message: before,
  };
}

/** A message is gone. */
export function deleted(channel: WorldChannel, message: WorldMessage, at: string): Fields {
  return {
    type: "message",
    subtype: "message_deleted",
    hidden: true,
    channel: channel.id,
    ts: at,
    event_ts: at,
    deleted_ts: message.ts,
    previous_message: shown(message),
  };
}

/** Somebody presses the button with this label. */
export function pressed(channel: WorldChannel, message: WorldMessage, label: string, interaction: Interaction): Fields {
  const buttons = (message.blocks ?? []).flatMap(
    (block) => (block["elements"] ?? []) as readonly Readonly<Record<string, unknown>>[],
  );
  const button = buttons.find(({ text }) => (text as { readonly text: string }).text === label);
  if (button === undefined) throw new Error(`There is no button ${label}`);
  return {
    type: "block_actions",
    user: { id: interaction.user, username: "ada", name: "ada", team_id: channel.team },
    api_app_id: interaction.appId,
    token: "FAKE-VERIFICATION-TOKEN",
    container: { type: "message", message_ts: message.ts, channel_id: channel.id, is_ephemeral: false },
    trigger_id: `${interaction.nextTs()}.trigger`,
    team: { id: channel.team, domain: "society" },
    channel: { id: channel.id, name: channel.name },
    message: shown(message),
    state: { values: {} },
    response_url: interaction.responseUrl,
    actions: [{ ...button, block_id: "b1", action_ts: interaction.nextTs() }],
  };
}

/** Somebody types a slash command. */
export function typed(channel: WorldChannel, command: string, text: string, interaction: Interaction): Fields {
  return {
    token: "FAKE-VERIFICATION-TOKEN",
    team_id: channel.team,
    team_domain: "society",
    channel_id: channel.id,
    channel_name: channel.name,
    user_id: interaction.user,
    user_name: "ada",
    command,
    text,
    api_app_id: interaction.appId,
    is_enterprise_install: "false",
    response_url: interaction.responseUrl,
    trigger_id: `${interaction.nextTs()}.trigger`,
  };
}
