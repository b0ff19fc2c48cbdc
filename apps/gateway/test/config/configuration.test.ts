import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { load, loadFailure, outcomeOf, sectionOf, warningsOf } from "./load.ts";

const token = "123456:FAKE-TOKEN-FOR-TESTS";

describe("an empty home", () => {
  it("has the documented defaults", async () => {
    const { settings, platforms, allow, warnings, home } = await load({});
    expect(settings).toMatchObject({
      server: { host: "127.0.0.1", port: 8642 },
      language: "en",
      logLevel: "info",
    });
    expect(settings.store).toEqual({
      path: `${home}/gateway/hermes.db`,
      synchronous: "full",
      keepBodiesMs: 30 * 24 * 60 * 60_000,
    });
    expect([platforms, allow, warnings]).toEqual([[], [], []]);
  });
});

describe("precedence", () => {
  it("is environment, .env, config.yaml, gateway.json, default, whichever of them speak", async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray(["environment", ".env", "config.yaml", "gateway.json"]), async (speaking) => {
        const files: Record<string, string> = {};
        if (speaking.includes("gateway.json")) files["gateway.json"] = JSON.stringify({ server: { token: "from-gateway.json" } });
        if (speaking.includes("config.yaml")) files["config.yaml"] = "server:\n  token: from-config.yaml\n";
        if (speaking.includes(".env")) files[".env"] = "HERMES_TOKEN=from-.env-file-here\n";
        const environment = speaking.includes("environment") ? { HERMES_TOKEN: "from-environment" } : {};
        const { settings, merged } = await load(files, environment);
        const strongest = speaking[0];
        const expected = strongest === undefined ? undefined : strongest === ".env" ? "from-.env-file-here" : `from-${strongest}`;
        expect(settings.server.token).toBe(expected);
        expect(merged.get(["server", "token"])?.overridden ?? []).toHaveLength(Math.max(0, speaking.length - 1));
      }),
      { numRuns: 16 },
    );
  });

  it("is decided per key, not per file", async () => {
    const { settings } = await load({
      "gateway.json": '{"server":{"host":"0.0.0.0","port":1}}',
      "config.yaml": "server: { port: 2 }",
    });
    expect(settings.server).toMatchObject({ host: "0.0.0.0", port: 2 });
  });

  it("lets the price of a power cut be chosen", async () => {
    const { settings } = await load({ "config.yaml": "store: { synchronous: normal }" });
    expect(settings.store.synchronous).toBe("normal");
  });

  it("lets it be chosen how long what is over is kept", async () => {
    const { settings } = await load({ "config.yaml": "store: { keepBodiesDays: 7, keepHistoryDays: '365' }" });
    expect([settings.store.keepBodiesMs, settings.store.keepHistoryMs]).toEqual([7 * 86_400_000, 365 * 86_400_000]);
  });

  it("lets it be chosen when a platform that fails is left alone, and how long one may take to connect", async () => {
    expect((await load({})).settings.supervision).toEqual({ failures: 10, resume: "automatic", connectTimeoutMs: 30_000 });
    const { settings, platforms, warnings } = await load({
      "config.yaml": `supervision: { breaker: { failures: 3, resume: manual }, connectTimeoutSeconds: '60' }
platforms: { acme: { token: ${token}, supervision: { connectTimeoutSeconds: 180 } } }
`,
    });
    expect(settings.supervision).toEqual({ failures: 3, resume: "manual", connectTimeoutMs: 60_000 });
    expect([platforms[0], warnings]).toMatchObject([{ state: "usable", connectTimeoutMs: 180_000 }, []]);
  });

  it("takes an empty variable as not set", async () => {
    const { settings } = await load({ "config.yaml": "server: { token: a-long-enough-token }" }, { HERMES_TOKEN: "" });
    expect(settings.server.token).toBe("a-long-enough-token");
  });
});

describe("a platform", () => {
  it("is switched on by its token in the environment alone", async () => {
    const configuration = await load({}, { ACME_BOT_TOKEN: token });
    expect(sectionOf(configuration, "acme")).toEqual({ token });
  });

  it("is not switched on by a variable that is no credential", async () => {
    const configuration = await load({}, { ACME_ALLOWED_USERS: "1", ACME_MODE: "polling" });
    expect(configuration.platforms).toEqual([]);
  });

  it("stays off with `enabled: false`, whatever the environment says", async () => {
    const configuration = await load(
      { "config.yaml": "platforms: { acme: { enabled: false, token: '${NOT_SET}' } }" },
      { ACME_BOT_TOKEN: token },
    );
    expect(outcomeOf(configuration, "acme")).toBe("disabled");
  });

  it("is not switched on twice by a variable that another section takes in", async () => {
    const configuration = await load(
      { "config.yaml": "platforms: { acme-work: { use: acme, token: '${ACME_BOT_TOKEN}' } }" },
      { ACME_BOT_TOKEN: token },
    );
    expect(configuration.platforms.map(({ id }) => id)).toEqual(["acme-work"]);
    expect(sectionOf(configuration, "acme-work")).toEqual({ token });
  });

  it("of a kind's second instance does not get the kind's variables", async () => {
    const configuration = await load(
      { "config.yaml": "platforms: { acme-work: { use: acme, token: work } }" },
      { ACME_MODE: "webhook", ACME_ALLOWED_USERS: "5" },
    );
    expect(sectionOf(configuration, "acme-work")).toEqual({ token: "work" });
    expect(configuration.allow).toEqual([]);
  });

  it("with a bad value is broken alone", async () => {
    const configuration = await load({
      "config.yaml": `platforms:\n  acme:\n    token: "${token}"\n    mode: poling\n  other: { token: abc }\n`,
    });
    expect(outcomeOf(configuration, "acme")).toBe(
      'platforms.acme.mode: expected polling or webhook beside (hidden), got "poling" (config.yaml:4:5). See https://example.com/acme.',
    );
    expect(outcomeOf(configuration, "other")).toBe("usable");
  });

  it("without what it needs says where to find it and which variable sets it", async () => {
    const configuration = await load({ "config.yaml": "platforms:\n  acme:\n" });
    expect(outcomeOf(configuration, "acme")).toBe(
      "platforms.acme.token: expected a token. Ask the Acme office for one. Set it here or as ACME_BOT_TOKEN. See https://example.com/acme.",
    );
  });

  it("whose package fails in its own check is broken alone, and the message is not shown", async () => {
    const configuration = await load({ "config.yaml": "platforms: { faulty: { token: secret-token }, other: { token: abc } }" });
    expect(outcomeOf(configuration, "faulty")).toBe(
      "platforms.faulty: its package's own check failed with TypeError. Ask the package's author.",
    );
    expect(outcomeOf(configuration, "other")).toBe("usable");
  });

  it("that is no section is broken alone", async () => {
    const configuration = await load({ "config.yaml": "platforms: { acme: true, other: { token: abc, access: 5 } }" });
    expect(outcomeOf(configuration, "acme")).toContain("platforms.acme: expected a section of keys, got true (config.yaml:1:");
    expect(outcomeOf(configuration, "other")).toContain("platforms.other.access: expected a section of keys, got 5");
  });

  it("of an unknown kind says which kinds there are", async () => {
    const configuration = await load({ "config.yaml": "platforms: { acmee: { token: x } }" });
    expect(outcomeOf(configuration, "acmee")).toBe(
      "platforms.acmee: there is no platform `acmee`. Known: acme, absent, faulty, other. Did you mean `acme`? A third party's is used by its package's name.",
    );
  });

  it.each(["cron", "background", "Acme", "a b"])("cannot be named `%s`", async (name) => {
    const configuration = await load({ "config.yaml": `platforms: { "${name}": { use: acme, token: x } }` });
    expect(outcomeOf(configuration, name)).toContain("say its kind with `use`");
  });
});

describe("spellings", () => {
  it("of earlier gateways are understood", async () => {
    const configuration = await load(
      {
        "gateway.json": JSON.stringify({
          messaging: { acme: { extra: { base_url: "http://x" }, allow_from: [7], webhook_secret: "s" } },
        }),
        "config.yaml": "agent: { use: echo }\nplatforms: { acme: { bot_token: t, api_root: http://y } }\n",
      },
      { ACME_ALLOW_ALL_USERS: "true" },
    );
    expect(warningsOf(configuration)).toEqual([]);
    expect(sectionOf(configuration, "acme")).toEqual({ apiRoot: "http://y", webhook: { secret: "s" }, token: "t" });
    expect(configuration.allow).toEqual(["acme:7"]);
    expect(configuration.platforms[0]).toMatchObject({ allowAll: true });
  });

  it("of a Python Hermes in the same file mean nothing and warn nobody", async () => {
    const configuration = await load({
      "config.yaml": "model: { default: x }\nagent: { max_turns: 5 }\nterminal: { backend: local }\ngateway: { strict: true }\n",
    });
    expect(configuration.warnings).toEqual([]);
  });
});

describe("an unknown key", () => {
  it.each([
    [
      "server: { prot: 1 }",
      "server.prot: this key means nothing here and is left out (config.yaml:1:11). Did you mean `server.port`?",
    ],
    [
      "platforms: { acme: { token: x, tokn: y } }",
      "platforms.acme.tokn: this key means nothing here and is left out (config.yaml:1:32). Did you mean `platforms.acme.token`?",
    ],
    [
      "platforms: { acme: { token: x, webhook: { sekret: y } } }",
      "platforms.acme.webhook.sekret: this key means nothing here and is left out (config.yaml:1:43). Did you mean `platforms.acme.webhook.secret`?",
    ],
    [
      "platforms: { acme: { token: x, access: { alow: [] } } }",
      "platforms.acme.access.alow: this key means nothing here and is left out (config.yaml:1:42). Did you mean `platforms.acme.access.allow`?",
    ],
    [
      "acme: { token: x }",
      "acme.token: this key means nothing here and is left out (config.yaml:1:9). Put it under `platforms`: `platforms.acme.token`.",
    ],
    ["zebra: 1", "zebra: this key means nothing here and is left out (config.yaml:1:1). Remove it."],
  ])("in `%s` is warned of", async (yaml, warning) => {
    expect(warningsOf(await load({ "config.yaml": yaml }))).toEqual([warning]);
  });

  it("where the platform leaves its keys open is the platform's own", async () => {
    const configuration = await load({ "config.yaml": "platforms: { acme: { token: x, labels: { any_thing: y } } }" });
    expect(warningsOf(configuration)).toEqual([]);
    expect(sectionOf(configuration, "acme")).toEqual({ token: "x", labels: { any_thing: "y" } });
  });
});

describe("a value of the gateway's own that is wrong", () => {
  it.each([
    ["server: { port: 70000 }", "server.port: expected a port from 0 to 65535, got 70000 (config.yaml:1:11)"],
    ["server: { port: [1] }", "server.port: expected a port from 0 to 65535, got [1]"],
    ["server: { port: { a: 1 } }", "server.port: expected a port from 0 to 65535, got a section with `a`"],
    [
      "server: 8642",
      "server: expected a section of keys, got 8642 (config.yaml:1:1). Write the keys of `server` below it, indented.",
    ],
    ["platforms: [acme]", 'platforms: expected a section of keys, got ["acme"]'],
    ["access: { allowAll: maybe }", 'access.allowAll: expected true or false, got "maybe"'],
    ["agent: { use: ecko }", "agents.main.use: there is no agent `ecko` (config.yaml:1:10). Known: echo. Did you mean `echo`?"],
    ["language: zh", "language: expected `en` or `zh-CN`"],
    ["log: { level: loud }", "log.level: expected `debug` or `info`"],
    ["store: { url: 'postgres://user:password@host/db' }", 'store.url: expected `sqlite:` and a path, got "postgres:…"'],
    ["store: { synchronous: off }", "store.synchronous: expected `full` or `normal`"],
    ["store: { keepBodiesDays: 0 }", "store.keepBodiesDays: expected a whole number of days from 1 to 36500, got 0"],
    ["supervision: { breaker: { failures: 0 } }", "supervision.breaker.failures: expected a whole number from 1 to 1000, got 0"],
    ["supervision: { breaker: { resume: never } }", "supervision.breaker.resume: expected `automatic` or `manual`"],
    ["supervision: { breaker: off }", "supervision.breaker: expected a section of keys"],
    ["supervision: { connectTimeoutSeconds: 1.5 }", "supervision.connectTimeoutSeconds: expected a whole number from 1 to 3600"],
    ["store: { keepHistoryDays: for ever }", "store.keepHistoryDays: expected a whole number of days"],
    ["store: { url: 'sqlite::memory:' }", "store.url: expected `sqlite:` and a path"],
    [
      "server: { token: 'with space in it' }",
      "server.token: expected letters, digits and signs of ASCII without spaces, got (hidden)",
    ],
    ["server: { token: ['a secret value'] }", "server.token: expected a text, got (hidden)"],
  ])("keeps the gateway from starting: %s", async (yaml, message) => {
    expect(await loadFailure({ "config.yaml": yaml })).toContain(message);
  });

  it("is named with all others at once, and with the variable that set it", async () => {
    const message = await loadFailure({ "config.yaml": "language: xx" }, { HERMES_LOG_LEVEL: "loud" });
    expect(message.split("\n")).toHaveLength(2);
    expect(message).toContain("(environment variable HERMES_LOG_LEVEL)");
  });

  it("in .env is found by its line", async () => {
    expect(await loadFailure({ ".env": "\n# level\nHERMES_LOG_LEVEL=loud" })).toContain("(HERMES_LOG_LEVEL in .env:3)");
  });

  it("warns of a token that can be guessed", async () => {
    expect(warningsOf(await load({ "config.yaml": "server: { token: short }" }))).toEqual([
      expect.stringContaining("server.token: a token shorter than 16 characters can be guessed, got (hidden)"),
    ]);
  });
});

describe("variables in a file", () => {
  it("come from the environment before .env", async () => {
    const configuration = await load(
      { ".env": "A=1\nB=2", "config.yaml": "platforms: { acme: { token: '${A}-${B}-$${A}' } }" },
      { A: "environment" },
    );
    expect(sectionOf(configuration, "acme")).toEqual({ token: "environment-2-${A}" });
  });

  it("that nobody set break the platform that needs them, and only it", async () => {
    const configuration = await load({
      "config.yaml": "platforms:\n  acme: { token: '${NOT_SET}' }\n  other: { token: x }\n",
    });
    expect(outcomeOf(configuration, "acme")).toContain(
      "platforms.acme.token: takes in the variable NOT_SET, which is not set (config.yaml:2:11)",
    );
    expect(outcomeOf(configuration, "other")).toBe("usable");
  });

  it("that nobody set keep the gateway from starting elsewhere", async () => {
    expect(await loadFailure({ "config.yaml": "server: { host: '${NOT_SET}' }" })).toContain(
      "server.host: takes in the variable NOT_SET",
    );
  });

  it("that nobody set do no harm where a stronger value stands", async () => {
    const configuration = await load(
      { "config.yaml": "platforms: { acme: { token: '${NOT_SET}' } }" },
      { ACME_BOT_TOKEN: token },
    );
    expect(sectionOf(configuration, "acme")).toEqual({ token });
  });
});

describe("secrets", () => {
  it("are gathered from every source, also those that lost", async () => {
    const { secrets } = await load(
      { "config.yaml": "server: { token: yaml-token }\nplatforms: { acme: { token: lost-token, webhook: { secret: s3cret } } }" },
      { ACME_BOT_TOKEN: token },
    );
    expect(secrets).toEqual(expect.arrayContaining(["yaml-token", "lost-token", "s3cret", token]));
  });
});
