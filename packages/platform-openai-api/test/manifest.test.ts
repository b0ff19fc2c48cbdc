import { describe, expect, test } from "vitest";
import { openaiApi } from "../src/index.ts";
import { manifest } from "../src/manifest.ts";

const key = "FAKE-KEY-FOR-TESTS-0001";
const keys = [{ name: "ada", key: "FAKE-KEY-FOR-TESTS-0002" }];

async function issues(value: unknown): Promise<readonly string[]> {
  const result = await manifest.configuration["~standard"].validate(value);
  return result.issues?.map(({ path, message }) => `${path?.map(String).join(".") ?? ""}: ${message}`) ?? [];
}

describe("The configuration", () => {
  test.each([
    [{ key }],
    [{ keys }],
    [
      {
        key,
        keys,
        modelName: "house/agent",
        maxBodyBytes: 5_000_000,
        maxConcurrentRequests: 4,
        corsOrigins: ["https://a.example.com"],
      },
    ],
  ])("%j is taken", async (value) => {
    expect(await issues(value)).toEqual([]);
  });

  test.each([
    [{}, "key: Expected a key"],
    [{ keys: [] }, "keys: "],
    [{ key: "short" }, "key: Expected 16 to 512"],
    [{ key: "with a blank inside" }, "key: Expected 16 to 512"],
    [{ key, keys: [{ name: "default", key: "FAKE-KEY-FOR-TESTS-0002" }] }, "keys: Expected every key to have a name"],
    [{ key, keys: [{ name: "ada", key }] }, "keys: Expected every name to have a key"],
    [{ keys: [{ name: "a b", key }] }, "keys.0.name: Expected 1 to 64"],
    [{ key, modelName: "a b" }, "modelName: "],
    [{ key, maxBodyBytes: 0 }, "maxBodyBytes: "],
    [{ key, corsOrigins: ["*"] }, "corsOrigins.0: Expected an origin"],
    [{ key, corsOrigins: ["https://a.example.com/"] }, "corsOrigins.0: Expected an origin"],
    [{ key, prot: 1 }, ': Unrecognized key: "prot"'],
  ])("%j is refused with an issue that names the key", async (value, expected) => {
    expect((await issues(value))[0]).toContain(expected);
  });

  test("is checked the same in code, without showing a key", () => {
    expect(() => openaiApi({})).toThrow(TypeError);
    expect(() => openaiApi({ key: "FAKE short" })).toThrow(/`key`: Expected 16 to 512(?!.*FAKE short)/u);
  });
});

describe("The manifest", () => {
  test("makes a platform from what its schema let through", async () => {
    const result = await manifest.configuration["~standard"].validate({ key });
    if (result.issues !== undefined) expect.unreachable("the configuration is good");
    const platform = await manifest.load("api-home", result.value);
    expect(platform).toMatchObject({ apiVersion: 1, id: "api-home", kind: "openai-api", claims: [] });
    expect(platform.capabilities).toEqual(manifest.capabilities);
  });

  test("names its environment and its secrets", () => {
    expect(manifest.environment.map(({ name, key }) => [name, key])).toEqual([
      ["API_SERVER_KEY", "key"],
      ["API_SERVER_MODEL_NAME", "modelName"],
      ["API_SERVER_CORS_ORIGINS", "corsOrigins"],
    ]);
    expect(manifest.secrets).toEqual(["key", "keys"]);
    expect(JSON.parse(JSON.stringify(manifest.configurationJsonSchema))).toEqual(manifest.configurationJsonSchema);
  });

  test("knows callers by the names of their keys, and nobody to write to unasked", () => {
    expect(manifest.parseUserId(" ada ")).toBe("ada");
    expect(manifest.parseUserId("a b")).toBeUndefined();
    expect(manifest.parseTarget("ada")).toBeUndefined();
  });
});
