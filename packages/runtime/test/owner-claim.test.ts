import { describe, expect, it } from "vitest";
import { createFakeClock } from "@hermes/runtime/testing";
import { OwnerClaims } from "../src/owner-claim.ts";

function setUp() {
  const clock = createFakeClock();
  const claims = new OwnerClaims(clock);
  return { clock, claims, ...claims.open() };
}

describe("An owner claim", () => {
  it("is taken by its code, alone or behind the link's command", () => {
    expect(setUp().code).toMatch(/^[A-Z2-9]{10}$/u);
    const plain = setUp();
    expect(plain.claims.take(plain.code)).toBeTypeOf("function");
    const linked = setUp();
    expect(linked.claims.take(`/start ${linked.code}`)).toBeTypeOf("function");
  });

  it("is taken once", () => {
    const { claims, code } = setUp();
    claims.take(code);
    expect(claims.take(code)).toBeUndefined();
  });

  it("can be taken again when the taker's message was not stored", () => {
    const { claims, code } = setUp();
    claims.take(code)?.();
    expect(claims.take(code)).toBeTypeOf("function");
  });

  it("ends after ten minutes", async () => {
    const { clock, claims, code } = setUp();
    await clock.advance(10 * 60_000 - 1);
    expect(claims.take(code)).toBeTypeOf("function");
    const late = setUp();
    await late.clock.advance(10 * 60_000);
    expect(late.claims.take(late.code)).toBeUndefined();
  });

  it("ends when another is opened", () => {
    const { claims, code } = setUp();
    const next = claims.open();
    expect(claims.take(code)).toBeUndefined();
    expect(claims.take(next.code)).toBeTypeOf("function");
  });

  it("ends after ten wrong codes", () => {
    const { claims, code } = setUp();
    const wrong = code.startsWith("A") ? `B${code.slice(1)}` : `A${code.slice(1)}`;
    for (let count = 0; count < 10; count += 1) expect(claims.take(wrong)).toBeUndefined();
    expect(claims.take(code)).toBeUndefined();
  });

  it("is not touched by what cannot be a code", () => {
    const { claims, code } = setUp();
    for (let count = 0; count < 100; count += 1) claims.take("hello there");
    for (const text of [code.toLowerCase(), ` ${code} please`, `x${code}`, ""]) expect(claims.take(text)).toBeUndefined();
    expect(claims.take(code)).toBeTypeOf("function");
  });
});
