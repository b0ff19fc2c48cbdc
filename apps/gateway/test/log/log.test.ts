import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLog, type Log, type LogLevel } from "../../src/log/log.ts";
import { printable, terminalText } from "../../src/log/printable.ts";
import { createRedactor } from "../../src/log/redactor.ts";

function recording(options: { readonly human: boolean; readonly level?: LogLevel; readonly secrets?: readonly string[] }): {
  log: Log;
  lines: string[];
} {
  const lines: string[] = [];
  const redactor = createRedactor();
  for (const secret of options.secrets ?? []) redactor.add(secret);
  const write = (line: string): void => void lines.push(line);
  return { lines, log: createLog({ level: options.level ?? "info", human: options.human, redactor, write, now: () => 0 }) };
}

describe("the log", () => {
  it("writes lines for people on a terminal and JSON elsewhere", () => {
    const human = recording({ human: true });
    human.log.warn("Careful");
    expect(human.lines).toEqual(["1970-01-01T00:00:00.000Z warn  Careful\n"]);
    const json = recording({ human: false });
    json.log.warn('Care"ful');
    expect(json.lines).toEqual(['{"time":"1970-01-01T00:00:00.000Z","level":"warn","message":"Care\\"ful"}\n']);
  });

  it("leaves out what is below its level, which may change", () => {
    const { log, lines } = recording({ human: true, level: "error" });
    log.warn("no");
    log.setLevel("debug");
    log.debug("yes");
    expect(lines).toHaveLength(1);
  });

  it.each([true, false])("never writes a registered secret, not even inside an address or an error (human: %s)", (human) => {
    const { log, lines } = recording({ human, secrets: ["123456:FAKE-TOKEN-FOR-TESTS", 'qu"ote/d pass'] });
    log.error("GET https://api.example.com/bot123456:FAKE-TOKEN-FOR-TESTS/getMe");
    log.error("https://example.com/?t=123456%3AFAKE-TOKEN-FOR-TESTS and qu%22ote%2Fd%20pass");
    log.error(JSON.stringify({ password: 'qu"ote/d pass' }));
    log.failure("Failed", new Error("outer", { cause: new Error("bad token 123456:FAKE-TOKEN-FOR-TESTS") }));
    expect(lines.join("")).not.toMatch(/FAKE|quote|qu\\?"ote|qu%22/u);
    expect(lines.join("")).toContain("(hidden)");
  });

  it("hides the longer of two secrets that begin alike as a whole", () => {
    const { log, lines } = recording({ human: true, secrets: ["secret", "secret-and-more"] });
    log.info("secret-and-more");
    expect(lines[0]).toContain("info  (hidden)\n");
  });

  it("cannot be made to forge lines or steer a terminal", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.boolean(), (message, human) => {
        const { log, lines } = recording({ human });
        log.info(message);
        const [line = ""] = lines;
        expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029\u202E]/u);
        expect(line.endsWith("\n")).toBe(true);
        if (!human) expect(() => JSON.parse(line) as unknown).not.toThrow();
      }),
    );
  });

  it("shows the way of a failure", () => {
    const { log, lines } = recording({ human: true });
    log.failure("Broke", new TypeError("bad\nforged line"));
    expect(lines[0]).toMatch(/error Broke: TypeError: bad\\nforged line\n {4}at /u);
  });
});

describe("printable", () => {
  it("leaves ordinary text of any language as it is", () => {
    const text = "Grüße, 你好, 👋🏽, שלום";
    expect(printable(text)).toBe(text);
  });
});

describe("terminalText", () => {
  it.each([
    ["\u001B[31mred\u001B[0m", "red"],
    ["\u001B]0;title\u0007after", "after"],
    ["\u001B]8;;https://example.com\u001B\\link\u001B]8;;\u001B\\", "link"],
    ["\u001BPpayload\u001B\\after", "after"],
    ["\u001B(0line\u001Bc", "line"],
    ["a\rb\r\nc\td", "a\nb\nc\td"],
    ["\u009B31mx\u0007y\u202Ez", "31mxyz"],
  ])("takes out what steers a terminal: %j", (text, expected) => {
    expect(terminalText(text)).toBe(expected);
  });

  it("never lets a control character through", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(terminalText(text).replaceAll(/[\n\t]/gu, "")).not.toMatch(/[\p{Cc}\u202E]/u);
      }),
    );
  });
});
