// Admin request that changes how the network behaves.
import { HISTORY_FORMS } from "../messages/history.ts";
import type { AddressKind } from "../stream/jids.ts";
import { boolean, oneOf, text, wholeNumber } from "./fields.ts";
import { route } from "./route.ts";

const ADDRESS_KINDS: readonly AddressKind[] = ["pn", "lid"];

const OPTIONS = {
  ack_delay_ms: wholeNumber(),
  delivered_delay_ms: wholeNumber(),
  read_delay_ms: wholeNumber(),
  offline_gap_ms: wholeNumber(),
  qr_ms: wholeNumber(),
  refs: wholeNumber(1),
  receipts_as: oneOf(ADDRESS_KINDS),
  messages_as: oneOf(ADDRESS_KINDS),
  passkey: boolean,
  refresh_on_scan: boolean,
  links_only: text,
  history: oneOf(["off", ...HISTORY_FORMS]),
  cstoken: boolean,
};

export const OPTION_ROUTES = [
  route(
    "POST /options",
    {
      takes: OPTIONS,
      answers: "the options now in force",
      description:
        "`…_as` is `pn` (default) or `lid`; `offline_gap_ms` is how long after each other the stanzas come that waited for a program, 0 (default) all at once; `qr_ms` is how long each QR reference lives after the one before it, 0 (default) as long as its connection; `passkey`: scans and codes end with the demand for a passkey, and the link goes on as in `POST /passkey/sign`; `refresh_on_scan`: the first scan retires the QR code's secret; `links_only`: the phone refuses programs that name another system than this (`Windows`, `Mac OS`), empty (default) none; `history`: how the phone pushes its chats after a first login, `off` (default), `inline` in its message, as a file (`media`), or `both`, the salt inline and then all of it as a file; `cstoken`: in a time lock the server takes messages that the account's salt signs",
    },
    (network, given) => {
      const present = Object.entries(given).filter(([, value]) => value !== undefined);
      return Object.assign(network.options, Object.fromEntries(present));
    },
  ),
];
