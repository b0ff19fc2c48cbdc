import { describe, expect, it } from "vitest";
import { load, loadFailure, outcomeOf, warningsOf } from "./load.ts";

const both = "platforms: { acme: { token: x }, other: { token: y } }\n";

describe("the gateway's allow list", () => {
  it("lets an id in on the platform it names", async () => {
    expect((await load({ "config.yaml": `${both}access: { allow: ["acme:7"] }` })).allow).toEqual(["acme:7"]);
  });

  it("lets an id alone in wherever there are such ids", async () => {
    expect((await load({ "config.yaml": both }, { GATEWAY_ALLOWED_USERS: "7, anna ,*:8" })).allow).toEqual([
      "acme:7",
      "other:anna",
      "acme:8",
    ]);
  });

  it("is joined by the platforms' own lists", async () => {
    const { allow } = await load({ "config.yaml": `${both}access: { allow: [7] }` }, { ACME_ALLOWED_USERS: "7,9" });
    expect(allow).toEqual(["acme:7", "acme:9"]);
  });

  it.each(["*", "acme:*", "*:*"])("takes no `%s`, and points at allowAll", async (entry) => {
    expect(await loadFailure({ "config.yaml": `${both}access: { allow: ["${entry}"] }` })).toContain(
      'access.allow: `*` is not a user id, got "*" (config.yaml:2:11). To let everybody in, say so with `access.allowAll: true`; otherwise list user ids.',
    );
  });

  it("takes no names", async () => {
    expect(await loadFailure({ "config.yaml": `${both}access: { allow: ["acme:@anna"] }` })).toContain(
      'access.allow: expected a user id of Acme, got "@anna" (config.yaml:2:11). Names can be taken over by others, so only stable ids count: https://example.com/acme',
    );
    expect(await loadFailure({ "config.yaml": `${both}access: { allow: ["@anna"] }` })).toContain(
      "expected a user id of Acme or Other",
    );
  });

  it("warns of a platform that is not there", async () => {
    const configuration = await load({ "config.yaml": `${both}access: { allow: ["acmee:7"] }` });
    expect(configuration.allow).toEqual([]);
    expect(warningsOf(configuration)).toEqual(
      [expect.stringContaining("there is no platform `acmee` here, so this lets nobody in. Write")].map(() =>
        expect.stringContaining("Did you mean `acme`?"),
      ),
    );
  });

  it("does not mind ids of a platform that is switched off or broken", async () => {
    const configuration = await load({
      "config.yaml": 'platforms: { acme: { enabled: false }, other: {} }\naccess: { allow: ["acme:7", "other:x", "7"] }',
    });
    expect(configuration.allow).toEqual([]);
    expect(outcomeOf(configuration, "other")).toContain("expected a token");
  });

  it("that is empty lets nobody in", async () => {
    const { allow, settings } = await load({ "config.yaml": `${both}access: { allow: [] }` });
    expect([allow, settings.access.allowAll]).toEqual([[], false]);
  });
});

describe("a platform's roles that let in", () => {
  it("are named by their ids, in its section or in the environment", async () => {
    const section = "platforms: { acme: { token: x, access: { allowRoles: [role-7] } } }";
    expect((await load({ "config.yaml": section })).allowRoles).toEqual(["acme:7"]);
    expect((await load({ "config.yaml": both }, { ACME_ALLOWED_ROLES: "role-7, role-8" })).allowRoles).toEqual([
      "acme:7",
      "acme:8",
    ]);
  });

  it("are no names, and no ids of users", async () => {
    for (const entry of ["moderators", "7", "*"]) {
      const configuration = await load({
        "config.yaml": `platforms: { acme: { token: x, access: { allowRoles: ["${entry}"] } } }`,
      });
      expect(outcomeOf(configuration, "acme")).toContain(`expected a role id of Acme, got "${entry}"`);
    }
  });

  it("do not exist where a platform has none", async () => {
    const section = "platforms: { other: { token: x, access: { allowRoles: [role-7] } } }";
    expect(outcomeOf(await load({ "config.yaml": section }), "other")).toContain("Other has no roles that could let anybody in");
  });
});

describe("a platform's allow list", () => {
  it.each([
    ["*", "`*` is not a user id"],
    ["@anna", 'expected a user id of Acme, got "@anna"'],
  ])("with `%s` breaks that platform only", async (entry, message) => {
    const configuration = await load({
      "config.yaml": `platforms: { acme: { token: x, access: { allow: ["1", "${entry}"] } }, other: { token: y } }`,
    });
    expect(outcomeOf(configuration, "acme")).toContain(`platforms.acme.access.allow: ${message}`);
    expect(outcomeOf(configuration, "other")).toBe("usable");
    expect(configuration.allow).toEqual([]);
  });

  it("keeps long ids exact", async () => {
    const { allow } = await load({
      "config.yaml": "platforms: { acme: { token: x, access: { allow: [1234567890123456789] } } }",
    });
    expect(allow).toEqual(["acme:1234567890123456789"]);
  });
});
