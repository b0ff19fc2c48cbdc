import type { Platform } from "@hermes/core";
import { RecordingHost } from "@hermes/testkit";
import { describe, expect, test } from "vitest";
import { matrix } from "../src/matrix.ts";
import { chatIn, connect, failed, listening, never, plainOptions, saying, set } from "./bot.ts";
import { closeAfterEach } from "./closing.ts";

closeAfterEach();

const password = "FAKE-password-for-tests";

describe("With a password, the bot", () => {
  test("logs in once, and keeps its device over restarts", async () => {
    const setting = await set({ accessToken: undefined, password });
    const { host } = await connect(setting);
    await connect(setting, new RecordingHost(host));
    expect(setting.server.requestsOf("login")).toHaveLength(1);
    expect(setting.server.sessions.devicesOf(setting.server.bot.userId)).toHaveLength(2);
  });

  test("logs in again as the same device when its token has run out, and goes on where it was", async () => {
    const setting = await set({ accessToken: undefined, password });
    const { server, ada, direct } = setting;
    const life = await listening(setting);
    const [device] = server.sessions.devicesOf(server.bot.userId).slice(-1);
    await server.until(() => server.isPolled);
    server.sessions.endAll(server.bot.userId, true);
    server.say(direct, ada.userId, "while it was logged out");
    await life.until(() => life.host.texts.includes("while it was logged out"));
    expect(server.sessions.devicesOf(server.bot.userId).map(({ deviceId }) => deviceId)).toEqual([device?.deviceId]);
    expect(JSON.parse(server.requestsOf("login").at(-1)?.body ?? "")).toMatchObject({ device_id: device?.deviceId });
  });

  test("logs in once for several calls that are refused at the same time", async () => {
    const setting = await set({ accessToken: undefined, password });
    const { server, club, direct } = setting;
    const { connection } = await connect(setting);
    server.sessions.endAll(server.bot.userId, true);
    await Promise.all(
      [club, direct, club, direct].map((room, index) =>
        connection.send(chatIn(room), saying(`at once ${index}`), plainOptions()),
      ),
    );
    expect(server.requestsOf("login")).toHaveLength(2);
  });

  test("that is wrong, is told as unauthorized without showing it", async () => {
    const setting = await set({ accessToken: undefined, password: "FAKE-wrong-password" });
    const host = new RecordingHost();
    const error = await failed(matrix(setting.options).connect(host, never));
    expect(error.failure.kind).toBe("unauthorized");
    expect(`${error.message} ${host.logs.join(" ")}`).not.toContain("FAKE-wrong");
  });
});

describe("Where there is no login by password, the bot", () => {
  test.each(["M_UNKNOWN", "M_UNRECOGNIZED"])("says so for %s, and what to do", async (errcode) => {
    const setting = await set({ accessToken: undefined, password });
    setting.server.fail("login", { type: "error", status: 400, body: { errcode, error: "Unknown login type" } });
    const error = await failed(matrix(setting.options).connect(new RecordingHost(), never));
    expect(error.failure.kind).toBe("unauthorized");
    expect(error.message).toContain("log in once with another client and set `accessToken`");
  });
});

describe("With a refresh token, the bot", () => {
  test("renews its access token, and remembers the new ones", async () => {
    const setting = await set();
    const { server, club } = setting;
    const given = server.sessions.open(server.bot.userId, "ROTATING", true);
    const options = { ...setting.options, accessToken: given.token, refreshToken: given.refreshToken };
    const { host, connection } = await connect({ ...setting, options });
    server.sessions.end(given, true);
    await connection.send(chatIn(club), saying("renewed"), plainOptions());
    expect(server.requestsOf("refresh")).toHaveLength(1);
    await connect({ ...setting, options }, new RecordingHost(host));
    expect(server.requestsOf("refresh")).toHaveLength(1);
    expect(JSON.stringify(host.logs)).not.toMatch(/FAKE-(?:TOKEN|REFRESH)/u);
  });
});

describe("A session that runs out", () => {
  const rotating = async (): Promise<{ setting: Awaited<ReturnType<typeof set>>; token: string }> => {
    const setting = await set();
    const given = setting.server.sessions.open(setting.server.bot.userId, "ROTATING", true);
    return {
      setting: { ...setting, options: { ...setting.options, accessToken: given.token, refreshToken: given.refreshToken } },
      token: given.token,
    };
  };

  test("is renewed once more with the same token where the new one could not be kept", async () => {
    const { setting, token } = await rotating();
    const { server, club } = setting;
    const { host, connection } = await connect(setting);
    server.sessions.end({ token }, true);
    const write = host.memory.set;
    host.memory.set = () => Promise.reject(new Error("the disk is full"));
    expect((await failed(connection.send(chatIn(club), saying("too early"), plainOptions()))).failure.kind).toBe("unavailable");
    host.memory.set = write;
    await connection.send(chatIn(club), saying("renewed"), plainOptions());
    expect(JSON.stringify([...host.values])).toContain("FAKE-REFRESH");
    await connect(setting, new RecordingHost(host));
  });

  test("is not given up for a proxy's page", async () => {
    const { setting, token } = await rotating();
    const { server, club } = setting;
    const { connection } = await connect(setting);
    server.sessions.end({ token }, true);
    server.fail("refresh", { type: "error", status: 404, body: "<html>", headers: { "content-type": "text/html" } });
    expect((await failed(connection.send(chatIn(club), saying("x"), plainOptions()))).failure.kind).toBe("unavailable");
    await connection.send(chatIn(club), saying("renewed"), plainOptions());
  });

  test("is renewed for those who wait when whoever asked first goes away", async () => {
    const { setting, token } = await rotating();
    const { server, club, direct } = setting;
    const { connection } = await connect(setting);
    server.sessions.end({ token }, true);
    const first = new AbortController();
    const leaving = failed(connection.send(chatIn(club), saying("gone"), plainOptions({ signal: first.signal })));
    const staying = connection.send(chatIn(direct), saying("still here"), plainOptions());
    await server.until(() => server.requestsOf("refresh").length === 1);
    first.abort();
    await leaving.catch(() => undefined);
    await staying;
    expect(server.requestsOf("refresh")).toHaveLength(1);
  });
});

describe("With an access token, the bot", () => {
  test("refuses to be somebody else than it was said to be", async () => {
    const setting = await set({ userId: "@somebody:example.org" });
    const error = await failed(matrix(setting.options).connect(new RecordingHost(), never));
    expect(error).toMatchObject({ failure: { kind: "unauthorized" } });
    expect(error.message).toContain("the token is that of another account; `userId` says @somebody:example.org");
  });

  test("that is another one than before, forgets the one it kept", async () => {
    const setting = await set();
    const { server } = setting;
    const { host } = await connect(setting);
    const other = server.sessions.open(server.bot.userId, "ANOTHER");
    server.sessions.end(server.device, false);
    await connect({ ...setting, options: { ...setting.options, accessToken: other.token } }, new RecordingHost(host));
  });
});

describe("A homeserver's name", () => {
  const named = async (wellKnown?: (url: string) => unknown): Promise<Platform> => {
    const setting = await set();
    setting.server.wellKnown = wellKnown?.(setting.server.url);
    const options = { ...setting.options, homeserver: "example.org" };
    return matrix(options, { discoveryRoot: setting.server.url, silenceMs: 2000 });
  };

  test("is looked up", async () => {
    const found = await named((url) => ({ "m.homeserver": { base_url: `${url}/` } }));
    const connection = await found.connect(new RecordingHost(), never);
    expect(connection.identity).toEqual({ id: "@hermes:example.org", name: "Hermes" });
    await connection.disconnect();
  });

  test("is the homeserver itself where nothing else is said", async () => {
    const connection = await (await named()).connect(new RecordingHost(), never);
    await connection.disconnect();
  });

  test.each([[{}], [{ "m.homeserver": { base_url: "ftp://example.org" } }], [{ "m.homeserver": { base_url: 7 } }], [null]])(
    "whose file says %j is told as invalid",
    async (file) => {
      const error = await failed((await named(() => file)).connect(new RecordingHost(), never));
      expect(error.failure.kind).toBe("invalid");
    },
  );
});
