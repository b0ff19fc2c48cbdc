import { RpcError } from "@hermes/protocol";
import { isStoreError } from "@hermes/runtime";

/** What was asked for is not there. */
export function notFound(field: string, message: string): never {
  throw new RpcError("not-found", message, { field });
}

/** What the store refuses is no fault of the gateway, and its refusal says what to do. */
export async function explained<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isStoreError(error)) throw new RpcError("unavailable", error.message, { cause: error });
    throw error;
  }
}
