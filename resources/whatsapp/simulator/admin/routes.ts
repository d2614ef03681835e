// The table of admin requests.
import type { Network } from "../world/network.ts";
import { armFault } from "./faults.ts";
import type { Fields } from "./fields.ts";
import { showAll, showInbox, showStats, showStanzas } from "./look.ts";
import { setOptions } from "./options.ts";
import { addAccount, addContacts, scanQr, writeInbound } from "./people.ts";

/** Undefined answers 409. */
type Route = (network: Network, fields: Fields) => object | undefined | Promise<object | undefined>;

function restart(network: Network): object {
  network.dropAll();
  return {};
}

export const ROUTES = new Map<string, Route>([
  ["POST /account", addAccount],
  ["POST /scan", scanQr],
  ["POST /contacts", addContacts],
  ["POST /inbound", writeInbound],
  ["GET /inbox", showInbox],
  ["GET /messages", showAll],
  ["GET /stats", showStats],
  ["GET /stanzas", showStanzas],
  ["POST /options", setOptions],
  ["POST /fault", armFault],
  ["POST /restart", restart],
]);
