// Serves each method of the wire with its verb, once both sides speak the same version.
import baileys from "baileys/package.json" with { type: "json" };
import { findNumber } from "./messages/find_number.ts";
import { refreshSession } from "./messages/refresh_session.ts";
import type { Answers, Method, Nothing, Params, Pong, Service } from "./protocol/requests.ts";
import { WIRE_VERSION } from "./protocol/vocabulary.ts";
import { Failure } from "./rpc/failure.ts";
import type { Signs } from "./session/life_signs.ts";
import { pairingCode } from "./session/pairing_code.ts";
import { steadyClock } from "./steady_clock.ts";
import type { WhatsApp } from "./whatsapp.ts";

export function makeService(whatsapp: WhatsApp): Service {
  let agreed = false;
  const once =
    <M extends Method>(serve: (params: Params<M>) => Promise<Answers[M]>) =>
    (params: Params<M>): Promise<Answers[M]> =>
      agreed ? serve(params) : Promise.reject(new Failure("wrong_version"));
  return {
    ping: async (params) => {
      agreed = params.wire_version === WIRE_VERSION;
      if (!agreed) throw new Failure("wrong_version");
      const signs = await whatsapp.ask(params.patience_ms);
      return { ...pong(), ...signs, client_version: whatsapp.clientVersion };
    },
    connect: once<"connect">((params) => nothing(whatsapp.connect(params))),
    disconnect: once<"disconnect">(() => nothing(whatsapp.disconnect())),
    logout: once<"logout">(() => nothing(whatsapp.logout())),
    pairing_code: once<"pairing_code">(({ number }) => pairingCode(whatsapp.connection, number)),
    find_number: once<"find_number">(({ numbers }) => findNumber(whatsapp.connection, numbers)),
    send_text: once<"send_text">((params) => whatsapp.sendText(params)),
    refresh_session: once<"refresh_session">(({ jids }) =>
      nothing(refreshSession(whatsapp.connection, jids)),
    ),
  };
}

/** Read last: the clock shows the moment of the answer. */
function pong(): Omit<Pong, keyof Signs | "client_version"> {
  return {
    wire_version: WIRE_VERSION,
    baileys: baileys.version,
    node: process.versions.node,
    pid: process.pid,
    steady_ms: steadyClock.now(),
    memory_bytes: process.memoryUsage.rss(),
  };
}

async function nothing(step: Promise<void>): Promise<Nothing> {
  await step;
  return {};
}
