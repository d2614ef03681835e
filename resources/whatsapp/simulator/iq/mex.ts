// Answers iqs that are asked as JSON (mex): how the account is restricted.
import { QueryIds } from "baileys";
import { contentBytes, child, node, type Node } from "../stream/nodes.ts";
import { content, refusal, type Reply } from "../stream/reply.ts";
import type { Account } from "../world/account.ts";
import type { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { timeLockFields } from "../world/restriction.ts";

const ANSWERS = new Map<string, (account: Account) => object>([
  [
    QueryIds.REACHOUT_TIMELOCK,
    ({ restriction }) => ({
      xwa2_fetch_account_reachout_timelock: timeLockFields(restriction.timeLock),
    }),
  ],
  [
    QueryIds.MESSAGE_CAPPING_INFO,
    ({ restriction }) => ({ xwa2_message_capping_info: restriction.newChatCap }),
  ],
]);

export function mex(network: Network, device: LinkedDevice, iq: Node): Reply {
  const query = child(iq, "query");
  JSON.parse(contentBytes(query).toString());
  const answer = ANSWERS.get(query.attrs["query_id"] ?? "");
  const account = network.world.account(device.account.user);
  if (!answer || !account) {
    return refusal(501, "feature-not-implemented");
  }
  return content(node("result", {}, Buffer.from(JSON.stringify({ data: answer(account) }))));
}
