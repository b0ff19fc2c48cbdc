import type { ServerCall } from "@hermes/testkit/server";
import { matrixError } from "./matrix-error.ts";

/** One device of an account, logged in. */
export interface Device {
  readonly userId: string;
  readonly deviceId: string;
  token: string;
  refreshToken: string | undefined;
}

/** Who is logged in. Tokens are fake for all to see. */
export class Sessions {
  readonly #byToken = new Map<string, Device>();
  /** Tokens that are no longer good, and whether the device still is. */
  readonly #ended = new Map<string, { readonly device: Device; readonly isSoft: boolean }>();
  /** What came of refresh tokens, and was not used yet. */
  readonly #unused = new Map<string, Device>();
  #count = 0;

  open(userId: string, deviceId?: string, withRefresh = false): Device {
    this.#count += 1;
    const device: Device = {
      userId,
      deviceId: deviceId ?? `DEVICE${this.#count}`,
      token: this.#fresh("TOKEN"),
      refreshToken: withRefresh ? this.#fresh("REFRESH") : undefined,
    };
    // A device that logs in again has one token.
    for (const other of this.devicesOf(userId)) {
      if (other.deviceId === device.deviceId) this.end(other, true);
    }
    this.#byToken.set(device.token, device);
    return device;
  }

  /** "The old refresh token remains valid until the new access token or refresh token is used" (Refreshing access tokens). */
  refresh(refreshToken: string): Device {
    const all = [
      ...this.#byToken.values(),
      ...[...this.#ended.values()].filter(({ isSoft }) => isSoft).map(({ device }) => device),
    ];
    const device = this.#unused.get(refreshToken) ?? all.find((one) => one.refreshToken === refreshToken);
    if (device === undefined) throw matrixError(403, "M_FORBIDDEN", "Invalid refresh token");
    this.#byToken.delete(device.token);
    const renewed = { ...device, token: this.#fresh("TOKEN"), refreshToken: this.#fresh("REFRESH") };
    this.#ended.delete(device.token);
    this.#byToken.set(renewed.token, renewed);
    this.#unused.set(refreshToken, renewed);
    return renewed;
  }

  /** `isSoft`: the token has run out, and the device is still there. */
  end(device: Pick<Device, "token">, isSoft: boolean): void {
    const found = this.#byToken.get(device.token);
    if (found === undefined) return;
    this.#byToken.delete(device.token);
    this.#ended.set(device.token, { device: found, isSoft });
  }

  endAll(userId: string, isSoft: boolean): void {
    for (const device of this.devicesOf(userId)) this.end(device, isSoft);
  }

  devicesOf(userId: string): readonly Device[] {
    return [...this.#byToken.values()].filter((device) => device.userId === userId);
  }

  /** The device behind a call, by the header alone: tokens in addresses are refused. */
  deviceOf(call: Pick<ServerCall, "headers" | "url">): Device {
    if (call.url.searchParams.has("access_token")) throw matrixError(401, "M_MISSING_TOKEN", "Tokens in addresses are not taken");
    const token = /^Bearer (.+)$/u.exec(call.headers.get("authorization") ?? "")?.[1];
    if (token === undefined) throw matrixError(401, "M_MISSING_TOKEN", "Missing access token");
    const device = this.#byToken.get(token);
    if (device !== undefined) {
      for (const [old, renewed] of this.#unused) if (renewed.token === token) this.#unused.delete(old);
      return device;
    }
    const ended = this.#ended.get(token);
    throw matrixError(401, "M_UNKNOWN_TOKEN", "Invalid access token passed.", { soft_logout: ended?.isSoft === true });
  }

  #fresh(kind: string): string {
    this.#count += 1;
    return `FAKE-${kind}-${this.#count}-for-tests`;
  }
}
