import type { Setting } from "./setting.ts";

/** How earlier gateways and their documents spell our keys. `*` is a platform's name; what follows a key follows its new name. */
export const spellings: readonly (readonly [earlier: string, ours: string])[] = [
  ["messaging", "platforms"],
  ["display.tool_progress", "display.toolProgress"],
  ["display.cleanup_progress", "display.cleanUpProgress"],
  ["approvals.timeout", "approvals.timeoutSeconds"],
  ["agent.use", "agents.main.use"],
  ["agent.inactivitySeconds", "agents.main.inactivitySeconds"],
  ["access.allow_all", "access.allowAll"],
  ["access.allow_all_users", "access.allowAll"],
  ["access.allowed_users", "access.allow"],
  ["platforms.*.extra", "platforms.*"],
  ["platforms.*.allow_from", "platforms.*.access.allow"],
  ["platforms.*.allowed_users", "platforms.*.access.allow"],
  ["platforms.*.allow_all", "platforms.*.access.allowAll"],
  ["platforms.*.allow_all_users", "platforms.*.access.allowAll"],
  ["platforms.*.access.allow_all", "platforms.*.access.allowAll"],
  ["platforms.*.allow_admin_from", "platforms.*.access.admins"],
  ["platforms.*.home_channel.chat_id", "platforms.*.homeChannel"],
  ["platforms.*.bot_token", "platforms.*.token"],
  ["platforms.*.base_url", "platforms.*.apiRoot"],
  ["platforms.*.webhook_secret", "platforms.*.webhook.secret"],
  ["platforms.*.webhook_url", "platforms.*.webhook.url"],
];

const rows = spellings.map(([earlier, ours]) => ({ earlier: earlier.split("."), ours: ours.split(".") }));

/** The setting under our spelling of its key. */
export function respell(setting: Setting): Setting {
  let { path } = setting;
  for (const { earlier, ours } of rows) {
    if (!startsWith(path, earlier)) continue;
    const name = path[1] ?? "";
    path = [...ours.map((part) => (part === "*" ? name : part)), ...path.slice(earlier.length)];
  }
  return path === setting.path ? setting : { ...setting, path };
}

function startsWith(path: readonly string[], pattern: readonly string[]): boolean {
  return pattern.length <= path.length && pattern.every((part, index) => part === "*" || part === path[index]);
}

/**
 * Sections of a Python Hermes that may share the file. They mean nothing here and are no mistake, so nobody is warned of them.
 * `agent` is theirs and ours: of theirs these keys are known.
 */
export const foreignSections: ReadonlySet<string> = new Set(
  (
    "_config_version approvals attachments auxiliary browser cache checkpoints code_execution command_allowlist compression " +
    "context cron curator custom_providers dashboard database delegation display docker environments fallback_providers " +
    "file_read_max_chars gateway group_sessions_per_user hooks human_delay image_gen kanban known_plugin_toolsets logging " +
    "mcp_servers memory model model_aliases model_catalog moa network onboarding openrouter personalities platform_toolsets " +
    "plugins prefill_messages_file privacy prompt_caching provider_routing providers quick_commands runtime secrets security " +
    "session_reset sessions skills smart_model_routing streaming stt terminal thread_sessions_per_user timezone tool_output " +
    "toolsets tts updates video_gen voice web whatsapp worktree"
  ).split(" "),
);

/** Keys of the section `agent` that are ours. */
const ofAgent: ReadonlySet<string> = new Set(["use", "inactivitySeconds"]);

/** Keys of the section `agent` that belong to a Python Hermes. */
export function isForeign(path: readonly string[]): boolean {
  const [section, key] = path;
  return (
    section !== undefined && (foreignSections.has(section) || (section === "agent" && key !== undefined && !ofAgent.has(key)))
  );
}
