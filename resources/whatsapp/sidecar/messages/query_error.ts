// Extracts from Baileys' errors the code with which WhatsApp refused a query.

/** An error answer of the server carries its code as `data`; the status code is always 500 then. */
export function serverErrorCode(error: unknown): number | null {
  const code = (error as { data?: unknown } | null)?.data;
  return typeof code === "number" ? code : null;
}

/** The socket was closed before the query could be sent. */
export function isConnectionClosed(error: unknown): boolean {
  const { output } = error as { output?: { statusCode?: unknown } };
  return output?.statusCode === 428;
}
