// History sync: the account's phone pushes its chats to a program, in a peer message or as a file that it names.
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import { proto } from "baileys";
import { uploadFile } from "../media/media_file.ts";
import { lidJid, pnJid } from "../stream/jids.ts";
import type { Account } from "../world/account.ts";
import type { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { newMessageId, sendToDevice } from "./device_messages.ts";
import { emptyHistory, wholeHistory } from "./history_content.ts";

const compress = promisify(deflate);
const { Message } = proto;
const { INITIAL_BOOTSTRAP, RECENT } = Message.HistorySyncType;

/** Inflates to more than any program should take in. */
const BOMB_BYTES = 192 * 1024 * 1024;

/** `both`: a first notice without chats is inline, and the chats follow as a file. */
export const HISTORY_FORMS = ["inline", "media", "both"] as const;
export type HistoryForm = (typeof HISTORY_FORMS)[number];

/** Pushes the chats after a device's first login, when the option `history` asks for it. */
export async function bootstrapHistory(network: Network, device: LinkedDevice): Promise<void> {
  const account = network.world.account(device.account.user);
  const form = HISTORY_FORMS.find((known) => known === network.options.history);
  if (account && form && !device.hasHistory) {
    await pushHistory(network, account, device, form);
  }
}

export async function pushHistory(
  network: Network,
  account: Account,
  device: LinkedDevice,
  form: HistoryForm,
): Promise<void> {
  device.hasHistory = true;
  if (form !== "media") {
    const history = form === "both" ? emptyHistory(account) : wholeHistory(network, account);
    await notify(network, account, device, {
      syncType: INITIAL_BOOTSTRAP,
      initialHistBootstrapInlinePayload: await compress(history),
    });
  }
  if (form !== "inline") {
    const bomb = network.faults.trigger("history_bomb");
    const history = bomb ? Buffer.alloc(BOMB_BYTES) : wholeHistory(network, account);
    const file = await uploadFile(network, "md-msg-hist", await compress(history));
    await notify(network, account, device, { syncType: RECENT, ...file });
  }
}

async function notify(
  network: Network,
  account: Account,
  device: LinkedDevice,
  notification: proto.Message.IHistorySyncNotification,
): Promise<void> {
  const type = Message.ProtocolMessage.Type.HISTORY_SYNC_NOTIFICATION;
  const historySyncNotification = { ...notification, chunkOrder: 1, progress: 100 };
  await sendToDevice(network, account.phone, account.user, device, {
    id: newMessageId(),
    message: { protocolMessage: { type, historySyncNotification } },
    envelope: {
      from: pnJid(account.user),
      sender_lid: lidJid(account.lidUser),
      category: "peer",
      type: "text",
    },
  });
}
