import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { App, HTTPReceiver, LogLevel, SocketModeReceiver, webApi } from "@slack/bolt";
import { describe, expect, test } from "vitest";
import { closeAfterEach, closing } from "./closing.ts";
import { startSlackServer, type SlackServer } from "./server.ts";

closeAfterEach();

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const logger = { ...quiet, setLevel: () => undefined, setName: () => undefined, getLevel: () => LogLevel.ERROR };
const club = "T0ONE/C0CLUB";

async function start(): Promise<SlackServer> {
  const server = await startSlackServer();
  closing.push(() => server.close());
  server.world.addChannel("T0ONE", "C0CLUB", "club", [server.ada, server.bot.userId]);
  return server;
}

function clientOf(server: SlackServer, token = server.botToken): InstanceType<typeof webApi.WebClient> {
  return new webApi.WebClient(token, {
    slackApiUrl: `${server.apiRoot}/`,
    logger,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
}

/** Why a call was refused, in Slack's words. */
async function refusal(call: Promise<unknown>): Promise<string> {
  return await call.then(
    () => "done",
    (error: { readonly data?: { readonly error?: string }; readonly code?: string }) =>
      error.data?.error ?? error.code ?? "unknown",
  );
}

describe("Bolt as its users use it", () => {
  test("hears a mention by Socket Mode, answers it, and acknowledges", async () => {
    const server = await start();
    const app = new App({
      token: server.botToken,
      appToken: server.appToken,
      socketMode: true,
      logger,
      clientOptions: { slackApiUrl: `${server.apiRoot}/` },
    });
    const heard: string[] = [];
    app.event("app_mention", async ({ event, say }) => {
      heard.push(event.text);
      await say({ text: "hello Ada", thread_ts: event.ts });
    });
    app.message("quiet", async ({ message }) => void heard.push("text" in message ? (message.text ?? "") : ""));
    await app.start();
    closing.push(() => app.stop());
    const { ts } = server.say({ chat: club, text: `<@${server.bot.userId}> hello` });
    await server.until(() =>
      [...server.world.find(club).messages.values()].some(({ thread_ts: thread, text }) => thread === ts && text === "hello Ada"),
    );
    server.say({ chat: club, text: "a quiet word" });
    await server.until(() => heard.length === 2 && server.deliveries.waiting === 0);
    expect(heard).toEqual([`<@${server.bot.userId}> hello`, "a quiet word"]);
  });

  test("hears buttons and slash commands by HTTP, and checks the signature itself", async () => {
    const server = await start();
    const receiver = new HTTPReceiver({ signingSecret: server.signingSecret, logger });
    const app = new App({ token: server.botToken, receiver, logger, clientOptions: { slackApiUrl: `${server.apiRoot}/` } });
    const heard: string[] = [];
    app.action("go", async ({ ack, respond }) => {
      await ack();
      await respond("gone");
      heard.push("pressed");
    });
    app.command("/hermes", async ({ ack, command }) => {
      await ack();
      heard.push(command.text);
    });
    const http = createServer((request, response) => receiver.requestListener(request, response));
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    closing.push(async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    });
    server.deliveries.target = {
      url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/slack/events`,
      signingSecret: server.signingSecret,
    };
    const button = { type: "button", action_id: "go", value: "1", text: { type: "plain_text", text: "Go" } } as const;
    const posted = await app.client.chat.postMessage({
      channel: "C0CLUB",
      text: "go?",
      blocks: [{ type: "actions", elements: [button] }],
    });
    server.press(club, String(posted.ts), "Go");
    server.command(club, "/hermes", "status");
    await server.until(() => heard.length === 2 && server.deliveries.waiting === 0);
    expect(heard).toEqual(["pressed", "status"]);
    expect(server.responses).toEqual([{ text: "gone" }]);
    server.deliveries.target = { ...server.deliveries.target, signingSecret: "another0secret0of0somebody00000" };
    server.command(club, "/hermes", "again");
    await server.until(() => server.deliveries.answers.includes(401));
    expect(heard).toHaveLength(2);
  });

  test("uploads files in three steps, and streams", async () => {
    const server = await start();
    const client = clientOf(server);
    const { ts } = server.say({ chat: club, text: "a root" });
    await client.filesUploadV2({
      channel_id: "C0CLUB",
      thread_ts: ts,
      initial_comment: "look",
      file: Buffer.from("some bytes"),
      filename: "a.txt",
    });
    const shared = [...server.world.find(club).messages.values()].at(-1);
    expect([shared?.text, shared?.thread_ts, shared?.files?.length]).toEqual(["look", ts, 1]);
    const id = String(shared?.files?.[0]?.["id"]);
    expect(Buffer.from(server.files.bytesOf(id) ?? []).toString()).toBe("some bytes");
    const info = await client.files.info({ file: id });
    expect(info.file?.shares?.private?.["C0CLUB"]?.[0]?.ts).toBe(shared?.ts);
    const streamer = client.chatStream({
      channel: "C0CLUB",
      thread_ts: ts,
      recipient_user_id: server.ada,
      recipient_team_id: "T0ONE",
      buffer_size: 1,
    });
    await streamer.append({ markdown_text: "one " });
    await streamer.append({ markdown_text: "two" });
    await streamer.stop();
    const streamed = [...server.world.find(club).messages.values()].at(-1);
    expect([streamed?.text, streamed?.isStreaming]).toEqual(["one two", false]);
  });
});

describe("The server refuses what Slack refuses:", () => {
  test("tokens, scopes, places", async () => {
    const server = await start();
    const client = clientOf(server);
    expect(await refusal(clientOf(server, "xoxb-another-token").auth.test())).toBe("invalid_auth");
    expect(await refusal(client.apps.connections.open({}))).toBe("not_allowed_token_type");
    expect(await refusal(client.chat.postMessage({ channel: "C0NOWHERE", text: "x" }))).toBe("channel_not_found");
    server.world.find(club).members.delete(server.bot.userId);
    expect(await refusal(client.chat.postMessage({ channel: "C0CLUB", text: "x" }))).toBe("not_in_channel");
    server.world.find(club).isArchived = true;
    expect(await refusal(client.chat.postMessage({ channel: "C0CLUB", text: "x" }))).toBe("is_archived");
    server.bot.scopes.delete("chat:write");
    const error: unknown = await client.chat.postMessage({ channel: "C0CLUB", text: "x" }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ data: { error: "missing_scope", needed: "chat:write" } });
    server.bot.isRevoked = true;
    expect(await refusal(client.auth.test())).toBe("token_revoked");
    expect(await refusal(client.apiCall("chat.unheardOf"))).toBe("token_revoked");
  });

  test("what is too long, and cuts a text with only a warning", async () => {
    const server = await start();
    const client = clientOf(server);
    const channel = "C0CLUB";
    const cut = await client.chat.postMessage({ channel, text: "x".repeat(40_001) });
    expect([cut.message?.text?.length, cut.response_metadata?.warnings]).toEqual([40_000, ["message_truncated"]]);
    const blocks = (text: string) => [{ type: "markdown", text }];
    expect(await refusal(client.chat.postMessage({ channel, text: "x", blocks: blocks("x".repeat(12_000)) }))).toBe("done");
    expect(await refusal(client.chat.postMessage({ channel, text: "x", blocks: blocks("x".repeat(12_001)) }))).toBe(
      "invalid_blocks",
    );
    const two = "| a |\n|---|\n| b |";
    expect(await refusal(client.chat.postMessage({ channel, text: "x", blocks: blocks(`${two}\n\nand\n\n${two}`) }))).toBe(
      "invalid_blocks",
    );
    expect(await refusal(client.chat.postMessage({ channel, markdown_text: "x".repeat(12_001) }))).toBe("msg_too_long");
    expect(await refusal(client.apiCall("chat.postMessage", { channel, markdown_text: "x", text: "y" }))).toBe(
      "markdown_text_conflict",
    );
    expect(await refusal(client.chat.update({ channel, ts: String(cut.ts), text: "x".repeat(4001) }))).toBe("msg_too_long");
    expect(await refusal(client.apiCall("chat.postMessage", { channel, text: " " }))).toBe("no_text");
  });

  test("messages of others, streams that are none, reactions put twice", async () => {
    const server = await start();
    const client = clientOf(server);
    const channel = "C0CLUB";
    const { ts } = server.say({ chat: club, text: "mine" });
    expect(await refusal(client.chat.update({ channel, ts, text: "yours" }))).toBe("cant_update_message");
    expect(await refusal(client.chat.delete({ channel, ts: "1.000000" }))).toBe("message_not_found");
    expect(await refusal(client.chat.postMessage({ channel, text: "x", thread_ts: "1.000000" }))).toBe("thread_not_found");
    expect(await refusal(client.reactions.add({ channel, timestamp: ts, name: "+1" }))).toBe("done");
    expect(await refusal(client.reactions.add({ channel, timestamp: ts, name: "+1" }))).toBe("already_reacted");
    expect(await refusal(client.reactions.remove({ channel, timestamp: ts, name: "eyes" }))).toBe("no_reaction");
    expect(await refusal(client.chat.startStream({ channel, thread_ts: ts }))).toBe("missing_recipient_user_id");
    const to = { recipient_user_id: server.ada, recipient_team_id: "T0ONE" };
    const stream = await client.chat.startStream({ channel, thread_ts: ts, ...to });
    expect(await refusal(client.chat.update({ channel, ts: String(stream.ts), text: "x" }))).toBe("streaming_state_conflict");
    await client.chat.stopStream({ channel, ts: String(stream.ts) });
    expect(await refusal(client.chat.appendStream({ channel, ts: String(stream.ts), markdown_text: "x" }))).toBe(
      "message_not_in_streaming_state",
    );
  });

  test("more than a message a second, with the time to wait", async () => {
    const server = await start();
    server.rates.isOn = true;
    const client = clientOf(server);
    await client.chat.postMessage({ channel: "C0CLUB", text: "one" });
    const error: unknown = await client.chat.postMessage({ channel: "C0CLUB", text: "two" }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "slack_webapi_rate_limited_error", retryAfter: 1 });
  });

  test("files that are shorter than announced, and shows a page for signing in without the right", async () => {
    const server = await start();
    const client = clientOf(server);
    const { upload_url: url = "", file_id: id = "" } = await client.files.getUploadURLExternal({ filename: "a.txt", length: 5 });
    expect((await fetch(url, { method: "POST", body: "four" })).status).toBe(400);
    expect((await fetch(url, { method: "POST", body: "fives" })).status).toBe(200);
    await client.files.completeUploadExternal({ files: [{ id, title: "a" }], channel_id: "C0CLUB" });
    const address = (await client.files.info({ file: id })).file?.url_private ?? "";
    const open = await fetch(address, { headers: { authorization: `Bearer ${server.botToken}` } });
    expect(await open.text()).toBe("fives");
    expect((await fetch(address)).headers.get("content-type")).toContain("text/html");
  });
});

test("What a socket did not acknowledge comes again over another one", async () => {
  const server = await start();
  const app = new SocketModeReceiver({
    appToken: server.appToken,
    logger,
    installerOptions: { clientOptions: { slackApiUrl: `${server.apiRoot}/` } },
  });
  const tries: unknown[] = [];
  app.client.on("slack_event", ({ ack, retry_num: retry }: { ack: () => Promise<void>; retry_num?: number }) => {
    tries.push(retry);
    server.base.changed();
    // Whether it came through shows in what waits.
    if (tries.length > 1) void ack();
  });
  await app.start();
  closing.push(() => app.stop());
  server.say({ chat: club, text: "keep this" });
  await server.until(() => tries.length === 1);
  server.deliveries.retry();
  await server.until(() => server.deliveries.waiting === 0);
  expect(tries).toEqual([undefined, 1]);
});
