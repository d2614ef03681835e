// Serves each method of the wire once both sides agree on the version.
import baileys from "baileys/package.json" with { type: "json" };
import { findNumbers } from "./messages/find_numbers.ts";
import { markTrusted } from "./messages/trusted_accounts.ts";
import { refreshSession } from "./messages/refresh_session.ts";
import type { Results, Method, EmptyResult, Params, PingResult, Methods } from "./protocol/requests.ts";
import { WIRE_VERSION } from "./protocol/vocabulary.ts";
import { Failure } from "./rpc/failure.ts";
import type { LivenessResult } from "./session/liveness_probe.ts";
import { pairingCode } from "./session/pairing_code.ts";
import { ServerReach } from "./session/reach_server.ts";
import { serverAddress } from "./session/server_address.ts";
import { steadyClock } from "./steady_clock.ts";
import type { WhatsAppSession } from "./whatsapp_session.ts";

export function makeMethods(whatsapp: WhatsAppSession): Methods {
  let versionAgreed = false;
  const serverReach = new ServerReach();
  const onceVersionAgreed =
    <M extends Method>(serve: (params: Params<M>) => Promise<Results[M]>) =>
    (params: Params<M>): Promise<Results[M]> =>
      versionAgreed ? serve(params) : Promise.reject(new Failure("wrong_version"));
  return {
    ping: async (params) => {
      versionAgreed = params.wire_version === WIRE_VERSION;
      if (!versionAgreed) throw new Failure("wrong_version");
      const liveness = await whatsapp.probe(params.patience_ms);
      return { ...processStatus(), ...liveness, client_version: whatsapp.clientVersion };
    },
    connect: onceVersionAgreed<"connect">((params) => emptyResult(whatsapp.connect(params))),
    disconnect: onceVersionAgreed<"disconnect">(() => emptyResult(whatsapp.disconnect())),
    logout: onceVersionAgreed<"logout">(() => emptyResult(whatsapp.logout())),
    pairing_code: onceVersionAgreed<"pairing_code">(({ number }) => pairingCode(whatsapp.connection, number)),
    find_numbers: onceVersionAgreed<"find_numbers">(async ({ customers }) => {
      const { connection } = whatsapp;
      return markTrusted(connection, await findNumbers(connection, customers));
    }),
    mark_read: onceVersionAgreed<"mark_read">((params) => emptyResult(whatsapp.markRead(params))),
    send_text: onceVersionAgreed<"send_text">((params) => whatsapp.sendText(params)),
    refresh_session: onceVersionAgreed<"refresh_session">(({ jids }) =>
      emptyResult(refreshSession(whatsapp.connection, jids)),
    ),
    reach_server: onceVersionAgreed<"reach_server">(
      async ({ simulated_url: url, timeout_ms: timeoutMs }) => ({
        reachable: await serverReach.reach(serverAddress(url), timeoutMs),
      }),
    ),
    read_history: onceVersionAgreed<"read_history">((params) => whatsapp.readHistory(params)),
  };
}

/** Built last: the clock shows the moment of the answer. */
function processStatus(): Omit<PingResult, keyof LivenessResult | "client_version"> {
  return {
    wire_version: WIRE_VERSION,
    baileys: baileys.version,
    node: process.versions.node,
    pid: process.pid,
    steady_ms: steadyClock.now(),
    memory_bytes: process.memoryUsage.rss(),
  };
}

async function emptyResult(step: Promise<void>): Promise<EmptyResult> {
  await step;
  return {};
}
