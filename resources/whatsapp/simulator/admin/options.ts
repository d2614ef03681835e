// The admin request that changes how the network behaves.
import type { AddressKind } from "../stream/jids.ts";
import type { Network } from "../world/network.ts";
import { oneOf, whole, type Fields } from "./fields.ts";

const ADDRESS_KINDS: readonly AddressKind[] = ["pn", "lid"];

export function setOptions(network: Network, fields: Fields): object {
  const given = {
    ack_delay_ms: whole(fields, "ack_delay_ms"),
    delivered_delay_ms: whole(fields, "delivered_delay_ms"),
    read_delay_ms: whole(fields, "read_delay_ms"),
    qr_ms: whole(fields, "qr_ms"),
    refs: whole(fields, "refs", 1),
    receipts_as: oneOf(fields, "receipts_as", ADDRESS_KINDS),
    messages_as: oneOf(fields, "messages_as", ADDRESS_KINDS),
  };
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.assign(network.options, Object.fromEntries(present));
}
