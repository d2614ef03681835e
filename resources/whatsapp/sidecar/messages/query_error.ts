// Extracts from Baileys' errors the code with which WhatsApp refused a query.
import { Failure } from "../rpc/failure.ts";

/** An error answer of the server carries its code as `data`; the status code is always 500 then. */
export function serverErrorCode(error: unknown): number | null {
  const code = (error as { data?: unknown } | null)?.data;
  return typeof code === "number" ? code : null;
}

/** The connection ended before WhatsApp answered the query: by Baileys' word or by ours. */
export function isConnectionClosed(error: unknown): boolean {
  if (error instanceof Failure) return error.word === "not_connected";
  const { output } = error as { output?: { statusCode?: unknown } };
  return output?.statusCode === 428;
}
