import type { Route, ServerCall } from "@hermes/testkit/server";
import type { DiscordServer } from "./discord-server.ts";
import { invalidForm, refused } from "./errors.ts";

/** The bot itself, its commands, the servers it is in, and answers to interactions. */
export function selfRoutes(server: DiscordServer): readonly Route[] {
  const { world, shapes, gateway } = server;
  const user = (): object => ({
    ...shapes.user(world.bot),
    mfa_enabled: false,
    locale: "en-US",
    verified: true,
    email: null,
    premium_type: 0,
  });
  const api = "/api/v10";
  const guildOf = ({ parameters }: ServerCall) => {
    const guild = world.guilds.get(parameters["guild"] ?? "");
    if (guild === undefined) throw refused(10_004);
    return guild;
  };
  return [
    { method: "GET", path: `${api}/users/@me`, operation: "getMe", handle: () => ({ body: user() }) },
    {
      method: "GET",
      path: `${api}/applications/@me`,
      operation: "getApplication",
      handle: () => ({ body: { id: server.applicationId, name: "Hermes", flags: gateway.mayReadMessages ? 1 << 19 : 0 } }),
    },
    {
      method: "GET",
      path: `${api}/gateway/bot`,
      operation: "getGateway",
      handle: () => ({
        body: {
          url: server.gatewayUrl,
          shards: 1,
          session_start_limit: { total: 1000, remaining: gateway.sessionsLeft, reset_after: 3_600_000, max_concurrency: 1 },
        },
      }),
    },
    {
      method: "GET",
      path: `${api}/applications/:application/commands`,
      operation: "getCommands",
      handle: () => ({ body: server.commands }),
    },
    {
      method: "PUT",
      path: `${api}/applications/:application/commands`,
      operation: "putCommands",
      handle(call) {
        const commands = server.checked(call, call.json()) as readonly { readonly name: string; readonly description: string }[];
        if (commands.length > 100) throw invalidForm("commands", "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.");
        for (const { name, description } of commands) {
          if (!/^[-_'\p{L}\p{N}]{1,32}$/u.test(name) || name !== name.toLowerCase()) {
            throw invalidForm("0.name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
          }
          if (description.length < 1 || description.length > 100) {
            throw invalidForm("0.description", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.");
          }
        }
        server.commands = commands.map((command) => ({
          ...command,
          id: world.id(),
          application_id: server.applicationId,
          version: world.id(),
          nsfw: false,
        }));
        return { body: server.commands };
      },
    },
    {
      method: "POST",
      path: `${api}/users/@me/channels`,
      operation: "openDirect",
      handle(call) {
        const { recipient_id: id = "" } = server.checked(call, call.json()) as { readonly recipient_id?: string };
        const person = world.users.get(id);
        if (person === undefined) throw refused(10_013);
        if (person.bot === true) throw refused(50_007);
        return { body: shapes.channel(world.direct(person)) };
      },
    },
    {
      method: "GET",
      path: `${api}/users/@me/guilds`,
      operation: "listGuilds",
      handle({ url }) {
        const after = BigInt(url.searchParams.get("after") ?? "0");
        const limit = Number(url.searchParams.get("limit") ?? 200);
        const found = [...world.guilds.values()].filter(({ id }) => BigInt(id) > after).slice(0, limit);
        return {
          body: found.map(({ id, name }) => ({
            id,
            name,
            icon: null,
            banner: null,
            owner: false,
            permissions: "0",
            features: [],
          })),
        };
      },
    },
    {
      method: "GET",
      path: `${api}/guilds/:guild`,
      operation: "getGuild",
      handle: (call) => ({ body: shapes.guild(guildOf(call)) }),
    },
    {
      method: "GET",
      path: `${api}/guilds/:guild/channels`,
      operation: "listChannels",
      handle(call) {
        const { id } = guildOf(call);
        const found = [...world.channels.values()].filter(({ guild_id: guild, type }) => guild === id && type !== 11);
        return { body: found.map((channel) => shapes.channel(channel)) };
      },
    },
    {
      method: "GET",
      path: `${api}/guilds/:guild/members/:user`,
      operation: "getMember",
      handle(call) {
        const member = guildOf(call).members.get(call.parameters["user"] ?? "");
        if (member === undefined) throw refused(10_007);
        return { body: shapes.member(member) };
      },
    },
    {
      method: "POST",
      path: `${api}/interactions/:interaction/:token/callback`,
      operation: "answerInteraction",
      handle(call) {
        server.answer(call.parameters["interaction"] ?? "", call.parameters["token"] ?? "", server.checked(call, call.json()));
        return { status: 204 };
      },
    },
    {
      method: "DELETE",
      path: `${api}/webhooks/:application/:token/messages/:original`,
      operation: "deleteAnswer",
      handle(call) {
        if (call.parameters["original"] !== "@original") throw refused(10_008);
        server.takeBack(call.parameters["token"] ?? "");
        return { status: 204 };
      },
    },
  ];
}
