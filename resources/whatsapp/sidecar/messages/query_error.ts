// Reads the number WhatsApp refused a query with out of Baileys' errors.

/** An answer of the server with an error carries its code as `data`; the status code is always 500 then. */
export function serverErrorCode(error: unknown): number | null {
  const code = (error as { data?: unknown } | null)?.data;
  return typeof code === "number" ? code : null;
}

/** The socket was gone before the query could be sent. */
export function isConnectionClosed(error: unknown): boolean {
  const { output } = error as { output?: { statusCode?: unknown } };
  return output?.statusCode === 428;
}
