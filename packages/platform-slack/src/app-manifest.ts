import type { Json } from "@hermes/core";

export interface SlackAppManifestOptions {
  /** As people see the app. Default `Hermes`. */
  readonly name?: string | undefined;
  /** The slash command that takes all others, without its slash. Default `hermes`. */
  readonly commandName?: string | undefined;
  /** Slash commands of their own, without the slash: each has to be declared to Slack. */
  readonly commands?: readonly { readonly name: string; readonly description: string }[] | undefined;
  /** The https address at which Slack reaches the gateway; left out, the app uses Socket Mode. */
  readonly url?: string | undefined;
}

/** What the bot needs the right to do, each with what is lost without it. */
export const botScopes = {
  "app_mentions:read": "hear mentions",
  "assistant:write": "show that it is working",
  "channels:history": "hear public channels",
  "channels:read": "list public channels",
  "chat:write": "answer",
  commands: "hear slash commands",
  "files:read": "fetch files",
  "files:write": "send files",
  "groups:history": "hear private channels",
  "groups:read": "list private channels",
  "im:history": "hear direct messages",
  "im:read": "list direct messages",
  "im:write": "open direct messages",
  "mpim:history": "hear group messages",
  "mpim:read": "list group messages",
  "reactions:read": "hear reactions",
  "reactions:write": "react",
  "users:read": "tell people's names",
} as const;

const botEvents = [
  "app_home_opened",
  "app_mention",
  "app_uninstalled",
  "assistant_thread_context_changed",
  "assistant_thread_started",
  "channel_left",
  "group_left",
  "member_joined_channel",
  "member_left_channel",
  "message.channels",
  "message.groups",
  "message.im",
  "message.mpim",
  "reaction_added",
  "reaction_removed",
  "tokens_revoked",
] as const;

/** The app's manifest, to be pasted as JSON at api.slack.com/apps: Slack takes commands, events and scopes from there alone. */
export function slackAppManifest(options: SlackAppManifestOptions = {}): Json {
  const { name = "Hermes", commandName = "hermes", commands = [], url } = options;
  const address = url === undefined ? {} : { url };
  const umbrella = { name: commandName, description: `Everything ${name} can do: /${commandName} help`, usage_hint: "help" };
  return {
    display_information: { name },
    features: {
      app_home: { home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: name, always_online: true },
      assistant_view: { assistant_description: `Talk to ${name}`, suggested_prompts: [] },
      slash_commands: [umbrella, ...commands].map(({ name: command, ...rest }) => ({
        command: `/${command}`,
        ...rest,
        ...address,
        should_escape: true,
      })),
    },
    oauth_config: { scopes: { bot: Object.keys(botScopes) } },
    settings: {
      event_subscriptions: { bot_events: [...botEvents], ...(url === undefined ? {} : { request_url: url }) },
      interactivity: { is_enabled: true, ...(url === undefined ? {} : { request_url: url }) },
      org_deploy_enabled: false,
      socket_mode_enabled: url === undefined,
      token_rotation_enabled: false,
    },
  };
}
